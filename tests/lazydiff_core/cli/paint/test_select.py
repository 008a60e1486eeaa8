"""`lazydiff select`: the mask it writes, what it reports, what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.images.masks import read_mask
from tests.lazydiff_core.selection.scenes import scene

DISC = scene("disc", "gradient")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.fromarray(DISC.image).save(tmp_path / "in.png")
    return tmp_path / "in.png"


@pytest.mark.parametrize("by", ["box", "point"])
def test_the_mask_is_the_object(lazydiff: Any, picture: Path, by: str) -> None:
    box = DISC.box
    where = {
        "box": ("--box", f"{box.left},{box.top},{box.right},{box.bottom}"),
        "point": ("--point", "{},{}".format(*DISC.point)),
    }[by]
    out = picture.with_name("mask.png")
    outcome = lazydiff("select", picture, *where, "--out", out, "--json")
    assert outcome.code == 0
    mask = read_mask(out).hole
    assert DISC.agreement(mask) >= 0.9
    assert outcome.document == {
        "mask": str(out), "pixels": int(np.count_nonzero(mask)), "by": "grabcut",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ((), "give a box or a point"),
        (("--point", "1000,10"), "lies beyond the picture"),
        (("--point", "10"), "is not X,Y"),
        (("--box", "10,10,5,50"), "X0 < X1"),
        (("--box", "a,b,c,d"), "X0 < X1"),
    ],
)
def test_bad_input_is_one_sentence(
    lazydiff: Any, picture: Path, where: tuple[str, ...], sentence: str
) -> None:
    out = picture.with_name("mask.png")
    outcome = lazydiff("select", picture, *where, "--out", out)
    assert (outcome.code, outcome.out) == (2, "")
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1
    assert not out.exists()
