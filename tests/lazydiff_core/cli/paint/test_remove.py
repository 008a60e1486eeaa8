"""`lazydiff remove`: what it writes, what it reports, what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lazydiff_core.images.masks import read_mask
from lazydiff_core.images.reading import read_image
from tests.lazydiff_core.backends.onnx_files import write_lama


def arguments(pictures: Any) -> list[object]:
    return ["remove", pictures.image, "--mask", pictures.mask, "--out", pictures.out]


def test_only_the_masked_pixels_change_and_the_document_says_so(
    lazydiff: Any, pictures: Any
) -> None:
    picture = np.array(Image.open(pictures.image))
    mask = read_mask(pictures.mask).hole
    picture[mask] = (255, 0, 0)
    Image.fromarray(picture).save(pictures.image)
    outcome = lazydiff(*arguments(pictures), "--seed", 3, "--json")

    before, after = read_image(pictures.image), read_image(pictures.out)
    changed = (before != after).any(axis=2)
    assert outcome.code == 0
    assert changed[mask].all()
    assert not changed[~mask].any()
    document = outcome.document
    assert set(document) == {
        "out", "seed", "device", "backend", "model", "seconds", "pixels_changed_outside_mask",
        "mask",
    }  # fmt: skip
    assert (document["seed"], document["backend"], document["device"]) == (
        *(3, "content_aware", "cpu"),
    )
    assert document["pixels_changed_outside_mask"] == 0
    assert outcome.err == document["mask"] + "\n"


def test_several_variants_are_numbered(lazydiff: Any, pictures: Any) -> None:
    outcome = lazydiff(*arguments(pictures), "--variants", 2, "--json")
    names = [str(pictures.folder / f"out-{k}.png") for k in (1, 2)]
    assert outcome.document["out"] == names
    assert all(Path(name).is_file() for name in names)


def test_a_network_of_ones_own(lazydiff: Any, pictures: Any) -> None:
    network = write_lama(pictures.folder / "my-lama.onnx")
    outcome = lazydiff(*arguments(pictures), "--model", network)
    assert outcome.code == 0
    assert "my-lama" in outcome.out


def test_bad_input_is_one_sentence(lazydiff: Any, pictures: Any) -> None:
    Image.new("L", (96, 64), 255).save(pictures.mask)
    outcome = lazydiff(*arguments(pictures))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert "mask less" in outcome.err
    outcome = lazydiff(*arguments(pictures), "--model", "picture.png")
    assert outcome.code == 2
    assert "must contain lama or migan" in outcome.err
