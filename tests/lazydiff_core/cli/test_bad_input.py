"""Bad input to `lazydiff fill`: exit code 2, one sentence, nothing overwritten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

PRECIOUS = b"what was there before"


def _refuses(outcome: Any, *words: str) -> None:
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert outcome.err.startswith("lazydiff")
    assert outcome.err.count("\n") == 1, outcome.err
    for word in words:
        assert word in outcome.err


@pytest.fixture
def bad_file(request: pytest.FixtureRequest, pictures: Any) -> Path:
    """A file that is no picture, in one of several ways."""
    path: Path = pictures.folder / "bad.png"
    whole = pictures.image.read_bytes()
    kinds = {"text": b"not an image", "empty": b"", "truncated": whole[: len(whole) // 2]}
    if request.param in kinds:
        path.write_bytes(kinds[request.param])
    elif request.param == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize(
    "bad_file", ["text", "empty", "truncated", "folder", "missing"], indirect=True
)
@pytest.mark.parametrize("place", ["image", "mask", "sketch"])
def test_a_file_that_is_no_picture(
    lazydiff: Any, pictures: Any, bad_file: Path, place: str
) -> None:
    pictures.out.write_bytes(PRECIOUS)
    arguments = list(pictures.fill)
    if place == "image":
        arguments[1] = bad_file
    else:
        arguments += [f"--{place}", bad_file]

    _refuses(lazydiff(*arguments), "bad.png")
    assert pictures.out.read_bytes() == PRECIOUS


@pytest.mark.parametrize("place", ["mask", "sketch"])
def test_another_size_is_named_beside_the_images(lazydiff: Any, pictures: Any, place: str) -> None:
    other = pictures.folder / "other.png"
    Image.new("L", (95, 64), 255).save(other)

    outcome = lazydiff(*pictures.fill, f"--{place}", other)

    _refuses(outcome, place, "95x64", "96x64")
    assert not pictures.out.exists()


def test_an_empty_mask(lazydiff: Any, pictures: Any) -> None:
    Image.new("L", (96, 64), 0).save(pictures.mask)

    _refuses(lazydiff(*pictures.fill), "mask is empty")
    assert not pictures.out.exists()


@pytest.mark.parametrize(
    "flags",
    [
        ["--steps", "0"],
        ["--steps", "many"],
        ["--variants", "0"],
        ["--guidance", "nan"],
        ["--seed", "-1"],
        ["--sampler", "no-such-sampler"],
        ["--backend", "no-such-backend"],
        ["--model", "no-such-model"],
        ["--strength", "0.5"],
        ["--no-such-flag"],
    ],
    ids=" ".join,
)
def test_arguments_that_make_no_sense(lazydiff: Any, pictures: Any, flags: list[str]) -> None:
    pictures.out.write_bytes(PRECIOUS)

    _refuses(lazydiff(*pictures.fill, *flags))
    assert pictures.out.read_bytes() == PRECIOUS


@pytest.mark.parametrize("strength", ["-0.1", "1.1", "strong"])
def test_a_strength_out_of_range(lazydiff: Any, pictures: Any, strength: str) -> None:
    flags = ["--sketch", pictures.image, "--strength", strength]

    _refuses(lazydiff(*pictures.fill, *flags), strength, "from 0 to 1")


@pytest.mark.parametrize("name", ["", "no-folder/out.png", "in.png/out.png", "out.xyz", "out"])
def test_a_target_that_cannot_be_written(lazydiff: Any, pictures: Any, name: str) -> None:
    before = {path: path.read_bytes() for path in pictures.folder.iterdir()}

    _refuses(lazydiff(*pictures.fill, "--out", pictures.folder / name))
    assert {path: path.read_bytes() for path in pictures.folder.iterdir()} == before


def test_the_target_is_checked_before_the_model_is_loaded(lazydiff: Any, pictures: Any) -> None:
    outcome = lazydiff(*pictures.fill, "--model", "no-such-model", "--out", "/no-folder/a.png")

    _refuses(outcome, "no-folder")


@pytest.mark.parametrize("weights", [None, b"", b'\x10\0\0\0\0\0\0\0{"a":'])
def test_a_missing_or_truncated_model(lazydiff: Any, pictures: Any, weights: bytes | None) -> None:
    model = pictures.folder / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    if weights is not None:
        (model / "model.safetensors").write_bytes(weights)
    pictures.out.write_bytes(PRECIOUS)

    _refuses(lazydiff(*pictures.fill, "--model", model))
    assert pictures.out.read_bytes() == PRECIOUS


def test_a_full_disk_leaves_every_variant_as_it_was(
    lazydiff: Any, pictures: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = [pictures.folder / f"out-{k}.png" for k in (1, 2)]
    for target in targets:
        target.write_bytes(PRECIOUS)
    calls: list[int] = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 4:  # two checks of the targets, then the two results
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    _refuses(lazydiff(*pictures.fill, "--variants", 2), "no space left on device")
    assert [target.read_bytes() for target in targets] == [PRECIOUS] * 2
    assert not list(pictures.folder.glob(".lazydiff*"))


def test_a_picture_beyond_the_limit_is_refused_unread(
    lazydiff: Any, pictures: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lazydiff_core.images.reading.MAX_PIXELS", 6000)
    Image.fromarray(np.zeros((64, 96), np.uint8)).save(pictures.image)

    _refuses(lazydiff(*pictures.fill), "96x64", "scale it down")
