from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lazydiff_core.images.reading import read_image

SMALL = ("--side", 64, "--least-side", 32, "--least-area", 0.01, "--workers", 1)


def test_from_coco_to_shards_and_a_sheet(
    lazydiff: Any, folder: Path, coco: Path, tmp_path: Path
) -> None:
    out = tmp_path / "shards"
    command = ["data", "prepare", folder, "--coco", coco, "--out", out, *SMALL]
    outcome = lazydiff(*command, "--json")
    assert outcome.code == 0, outcome.err
    counts = outcome.document["counts"]
    assert (counts["pictures"], counts["unreadable"], counts["samples"]) == (6, 2, 6)
    assert outcome.document["sheet"] == str(out / "sheet.png")
    assert read_image(out / "sheet.png").shape[1] > 1000
    outcome = lazydiff(*command)  # there is nothing left to do
    assert (outcome.code, "6 samples" in outcome.out) == (0, True)


def test_from_voc_on_two_machines(lazydiff: Any, voc: Path, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    command = ["data", "prepare", voc, "--voc", "--out", out, *SMALL]
    assert lazydiff(*command, "--shard", "2/2", "--json").document["counts"] == {}
    assert lazydiff(*command, "--shard", "1/2", "--json").document["counts"]["samples"] == 4
    assert json.loads((out / "000000.json").read_text())["samples"] == 4
    assert (out / "sheet-1.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere", "--voc"], "There is no folder nowhere"),
        ([".", "--coco", "nowhere.json"], "holds no annotations in COCO's format"),
        (["FOLDER", "--voc"], "is not in VOC's layout"),
        ([".", "--voc", "--captioner", "x"], "--captioner belongs to --segmenter"),
        (["FOLDER"], "one of the arguments --segmenter --coco --voc is required"),
        (["FOLDER", "--segmenter", "nowhere", "--device", "cpu"], "There is no model 'nowhere'"),
        (["FOLDER", "--segmenter", "FOLDER", "--device", "cpu"], "it has no config.json"),
        (["FOLDER", "--voc", "--shard", "3/2"], "is not I/N"),
    ],
)
def test_bad_input(
    lazydiff: Any, folder: Path, tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    given = [str(folder) if one == "FOLDER" else one for one in arguments]
    outcome = lazydiff("data", "prepare", *given, "--out", tmp_path / "shards", *SMALL)
    assert outcome.code == 2
    assert complaint in outcome.err
