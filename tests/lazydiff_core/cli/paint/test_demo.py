from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazydiff_core.cli.paint.demo_script import EDITS, HEIGHT, WIDTH, backdrop, mask_of
from lazydiff_core.images.reading import read_image


def test_every_edit_is_written_and_changes_its_mask_only(lazydiff: Any, tmp_path: Path) -> None:
    outcome = lazydiff("demo", "--out", tmp_path / "new", "--model", "fake", "--json")

    document = outcome.document
    states = [read_image(Path(path)) for path in document["out"]]
    assert outcome.code == 0
    assert [Path(p).name for p in document["out"]] == [f"{k:02}.png" for k in range(len(states))]
    assert len(states) == len(EDITS) + 2
    assert (states[0] == 255).all()
    assert np.array_equal(states[1], backdrop())
    for edit, before, after in zip(EDITS, states[1:], states[2:], strict=False):
        changed = (before != after).any(axis=2)
        assert changed.any()
        assert not (changed & ~mask_of(edit)).any()
    assert document["pixels_changed_outside_mask"] == 0
    assert [edit["prompt"] for edit in document["edits"]] == [edit.prompt for edit in EDITS]


def test_the_contact_sheet_shows_every_state(lazydiff: Any, tmp_path: Path) -> None:
    document = lazydiff("demo", "--out", tmp_path, "--model", "fake", "--json").document

    sheet = read_image(Path(document["contact_sheet"]))
    assert sheet.shape[1] > 5 * 280
    assert len(np.unique(sheet.reshape(-1, 3), axis=0)) > 1000


def test_a_file_in_the_place_of_the_folder_is_refused(lazydiff: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"mine")

    outcome = lazydiff("demo", "--out", tmp_path / "taken", "--model", "fake")

    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert (tmp_path / "taken").read_bytes() == b"mine"


def test_there_are_six_edits_or_more_on_different_places() -> None:
    assert len(EDITS) >= 6
    brushed = np.sum([mask_of(edit) for edit in EDITS], axis=0)
    assert np.mean(brushed > 1) < 0.01


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.prompt)
def test_masks_fill_their_boxes_inside_the_canvas(edit: Any) -> None:
    mask = mask_of(edit)

    assert mask.shape == (HEIGHT, WIDTH)
    inside = mask[edit.box.slices]
    assert inside.shape == (edit.box.height, edit.box.width)
    assert 0.75 < inside.mean() <= 1
