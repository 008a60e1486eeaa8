"""The annotated folders of `driving`, each written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.training.entities.samples import Choice
from tests.lazydiff_core.training.entities.driving import write_coco, write_pictures, write_voc


@pytest.fixture
def choice() -> Choice:
    return Choice(side=64, least_side=32, least_area=0.01, most_area=0.4, per_picture=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "pictures"
    write_pictures(root)
    return root


@pytest.fixture
def coco(folder: Path) -> Path:
    return write_coco(folder)


@pytest.fixture
def voc(tmp_path: Path) -> Path:
    root = tmp_path / "voc"
    write_voc(root)
    return root
