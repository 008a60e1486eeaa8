from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from lazydiff_core.evaluation.study import AnswerLog, load_study
from tests.lazydiff_core.cli.driving import Run


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for k in range(4):
            Image.new("RGB", (8, 8)).save(tmp_path / name / f"{k}.png")
    return tmp_path / "a", tmp_path / "b"


def test_a_study_from_two_folders_to_its_report(
    lazydiff: Run, folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "study"
    built = lazydiff("study", "build", *folders, "--out", out, "--most", 3, "--json")
    assert built.document == {"out": str(out), "pairs": 3}

    def ask(folder: Path, rater: str) -> int:
        log = AnswerLog(load_study(folder), rater)
        for pair in range(3):
            log.add(pair, "tie", 1.0)
        return 0

    monkeypatch.setattr("lazydiff_core.cli.lab.study_commands.open_study", ask)
    assert lazydiff("study", "run", out, "--rater", "me").code == 0
    counted = lazydiff("study", "report", out, "--json").document
    assert counted["preference"] == 0.5
    assert counted["answers"] == counted["ties"] == 3
    low, high = counted["interval"]
    assert low < 0.5 < high
    assert "by 1 person" in lazydiff("study", "report", out).out


def test_what_cannot_be_is_told_in_a_sentence(
    lazydiff: Run, folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lazydiff("study", "run", tmp_path).code == 2
    assert lazydiff("study", "report", tmp_path).code == 2
    missing = lazydiff("study", "build", folders[0], tmp_path / "c", "--out", tmp_path / "s")
    assert missing.code == 2
    assert missing.err.count("\n") == 1
    lazydiff("study", "build", *folders, "--out", tmp_path / "s")
    monkeypatch.setattr("lazydiff_core.cli.lab.study_commands.open_study", lambda folder, rater: 2)
    assert lazydiff("study", "run", tmp_path / "s").code == 2
