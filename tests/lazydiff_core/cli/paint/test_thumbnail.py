from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.document.edit_stack import EditStack
from app.storage.formats.contents import Project
from app.storage.formats.project_writer import write_project
from tests.lazydiff_core.cli.driving import Run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    base = np.full((300, 600, 3), (10, 200, 30), np.uint8)
    path = tmp_path / "painting.lazydiff"
    write_project(Project(EditStack(base), np.zeros((300, 600), np.uint8)), path)
    return path


def test_a_project_becomes_a_small_png_whatever_it_is_called(lazydiff: Run, project: Path) -> None:
    out = project.with_name("of no suffix")
    done = lazydiff("thumbnail", project, out, "--size", "128", "--json")
    assert done.code == 0
    assert done.document == {"out": str(out), "width": 128, "height": 64}
    with Image.open(out) as image:
        assert (image.format, image.size) == ("PNG", (128, 64))
        assert image.getpixel((5, 5)) == (10, 200, 30)


def test_a_small_picture_is_not_enlarged(lazydiff: Run, tmp_path: Path) -> None:
    Image.new("RGBA", (20, 10), (1, 2, 3, 4)).save(tmp_path / "a.png")
    done = lazydiff("thumbnail", tmp_path / "a.png", tmp_path / "b.png", "--json")
    assert (done.document["width"], done.document["height"]) == (20, 10)


def test_what_cannot_be_read_is_said(lazydiff: Run, tmp_path: Path) -> None:
    (tmp_path / "a.lazydiff").write_bytes(b"nothing")
    assert lazydiff("thumbnail", tmp_path / "a.lazydiff", tmp_path / "b.png").code == 2
    assert lazydiff("thumbnail", tmp_path / "none.png", tmp_path / "b.png").code == 2
