"""The corpus through the window's formats: opened, filled, kept as a project, saved, read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe, Variant
from app.storage import formats
from app.storage.formats.contents import Project
from lazydiff_core.contract import Box
from lazydiff_core.images.reading import read_picture
from lazydiff_core.images.writing import is_exact
from tests.lazydiff_core.images.corpus import CASES, Case, file_of

FILLED = Box(6, 4, 15, 12)
KEPT = ("icc", "exif", "photoshop", "dpi", "text")  # XMP now says that parts were generated


def filled(project: Project) -> Project:
    canvas = project.pixels()[FILLED.slices]
    colour = np.array((10, 200, 30, 255), np.uint8)[: project.channels]
    fill = Variant(np.tile(colour, (*FILLED.shape, 1)), 1)
    edit = Edit(FILLED, np.ones(FILLED.shape, np.bool_), canvas.copy(), Recipe(), (fill,))
    return replace(project, stack=EditStack(project.stack.base, (edit,)))


@pytest.mark.parametrize("case", CASES[::3], ids=str)
def test_what_was_brought_comes_back(tmp_path: Path, case: Case) -> None:
    path = tmp_path / f"brought{case.suffix}"
    path.write_bytes(file_of(case))
    before = read_picture(path)
    formats.write(filled(formats.read(path).picture), tmp_path / "way.lazydiff")
    opened = formats.read(tmp_path / "way.lazydiff")
    assert not opened.problems
    assert "transparency" not in " ".join(formats.losses(opened.picture, path))
    formats.write(opened.picture, path)
    after = read_picture(path)
    becomes_colour = before.original is not None and before.original.model == "L"
    for name in KEPT:
        if name != "icc" or not becomes_colour:
            assert getattr(after.metadata, name) == getattr(before.metadata, name), name
    if not is_exact(path):
        return
    kept = np.ones(before.pixels.shape[:2], np.bool_)
    kept[FILLED.slices] = False
    assert np.array_equal(after.colours[kept], before.colours[kept])
    if before.has_alpha and after.has_alpha:
        assert np.array_equal(after.pixels[kept], before.pixels[kept])
    elif before.has_alpha:
        assert (before.pixels[..., 3] == 255).all(), "a channel that says nothing is left out"
    theirs, ours = before.original, after.original
    if theirs is not None and ours is not None and theirs.model == ours.model:
        count = min(theirs.samples.shape[2], ours.samples.shape[2])
        assert theirs.bits == ours.bits
        assert np.array_equal(theirs.samples[kept][:, :count], ours.samples[kept][:, :count])
