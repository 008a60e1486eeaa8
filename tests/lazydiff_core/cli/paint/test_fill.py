"""`lazydiff fill` on the fake backend: what it writes, what it reports."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.cli.paint import fill
from lazydiff_core.contract import EditRequest, EditResult, OnProgress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.images.masks import read_mask
from lazydiff_core.images.reading import read_image
from lazydiff_core.prompts.markup import chosen
from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.prompts.reading import PromptReader, Reading


def test_only_the_masked_pixels_change(lazydiff: Any, pictures: Any) -> None:
    outcome = lazydiff(*pictures.fill, "--json")

    before, after = read_image(pictures.image), read_image(pictures.out)
    changed = (before != after).any(axis=2)
    assert outcome.code == 0
    assert changed.any()
    assert not (changed & ~read_mask(pictures.mask).hole).any()
    assert outcome.document["pixels_changed_outside_mask"] == 0


def test_the_json_document_has_the_documented_shape(lazydiff: Any, pictures: Any) -> None:
    outcome = lazydiff(*pictures.fill, "--seed", 7, "--steps", 3, "--json")

    document = outcome.document
    assert list(document) == [
        "out", "seed", "device", "backend", "model", "steps", "tokens", "seconds",
        "pixels_changed_outside_mask", "mask", "understood",
    ]  # fmt: skip
    assert (document["out"], document["seed"], document["steps"]) == ([str(pictures.out)], 7, 3)
    assert 0 < document["tokens"]["hole"] <= document["tokens"]["canvas"]
    stages = {"load", "text", "context", "denoise", "decode", "blend", "total"}
    assert set(document["seconds"]) == stages
    total = document["seconds"].pop("total")
    assert 0 < max(document["seconds"].values()) < total
    assert outcome.err == document["mask"] + "\n"


def test_without_json_the_text_names_the_file_and_the_seed(lazydiff: Any, pictures: Any) -> None:
    outcome = lazydiff(*pictures.fill, "--seed", 7)

    assert outcome.out.startswith(f"{pictures.out}\n")
    assert "seed 7" in outcome.out
    assert outcome.out.endswith("pixels changed outside the mask: 0\n")


def test_the_same_request_writes_the_same_bytes_and_another_seed_others(
    lazydiff: Any, pictures: Any
) -> None:
    written = []
    for seed in (1, 1, 2):
        assert lazydiff(*pictures.fill, "--seed", seed).code == 0
        written.append(pictures.out.read_bytes())

    assert written[0] == written[1] != written[2]


def test_variants_are_numbered_and_reproduced_by_their_seeds(lazydiff: Any, pictures: Any) -> None:
    outcome = lazydiff(*pictures.fill, "--variants", 3, "--seed", 5, "--json")

    names = [str(pictures.folder / f"out-{k}.png") for k in (1, 2, 3)]
    assert outcome.document["out"] == names
    assert not pictures.out.exists()
    lazydiff(*pictures.fill, "--seed", 6)
    second = read_image(pictures.folder / "out-2.png")
    assert np.array_equal(read_image(pictures.out), second)


@pytest.mark.parametrize(("name", "kind"), [("o.jpg", "JPEG"), ("o.WEBP", "WEBP")])
def test_the_suffix_chooses_the_format(lazydiff: Any, pictures: Any, name: str, kind: str) -> None:
    outcome = lazydiff(*pictures.fill, "--out", pictures.folder / name)

    assert outcome.code == 0
    with Image.open(pictures.folder / name) as image:
        assert (image.format, image.size) == (kind, (96, 64))


def test_an_existing_result_is_replaced(lazydiff: Any, pictures: Any) -> None:
    pictures.out.write_bytes(b"an older result")

    assert lazydiff(*pictures.fill).code == 0
    assert read_image(pictures.out).shape == (64, 96, 3)


READER = PromptReader(Vocabulary({"cat": "cat2", "hat": "hat"}))


class _Recorder:
    """The fake engine, remembering what it was asked."""

    def __init__(self) -> None:
        self.requests: list[EditRequest] = []

    def run(self, request: EditRequest, on_progress: OnProgress) -> EditResult:
        self.requests.append(request)
        return Engine.load("fake").run(request, on_progress)

    def read(self, prompt: str, language: str, seed: int) -> Reading:
        return READER.read(chosen("a wobbly red kat, a {Hut|x}", seed), language)

    def suggestions(self, word: str, language: str) -> tuple[str, ...]:
        return READER.suggestions(word, language)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> _Recorder:
    engine = _Recorder()
    monkeypatch.setattr(fill, "load_engine", lambda args, words: (engine, 0.0))
    return engine


def test_what_is_understood_is_said(lazydiff: Any, pictures: Any, recorder: _Recorder) -> None:
    asked = (*pictures.fill, "--language", "de")
    outcome = lazydiff(*asked, "--json")
    assert outcome.document["understood"] == [
        {"text": "wobbly red kat", "kind": "unknown", "as": "", "colour": "red"},
        {"text": "hut", "kind": "concept", "as": "hat", "colour": ""},
    ]
    assert outcome.document["language"] == "en"
    said = lazydiff(*asked).err
    assert "Not understood: wobbly red kat.\n" in said
    assert "Known words like kat: cat.\n" in said
    assert "Read as English and German: a wobbly red kat, a hat\n" in said


def test_every_flag_reaches_the_request(lazydiff: Any, pictures: Any, recorder: _Recorder) -> None:
    sketch = pictures.folder / "sketch.png"
    Image.new("RGBA", (96, 64), (255, 0, 0, 128)).save(sketch)
    flags = ["--seed", 9, "--steps", 4, "--guidance", 2.5, "--variants", 2, "--negative", "spots"]

    lazydiff(*pictures.fill, *flags, "--sketch", sketch, "--strength", 0.25)

    (request,) = recorder.requests
    assert request.settings == GenerationSettings(
        "a red mushroom", "spots", 9, variants=2, steps=4, guidance=2.5, strength=0.25
    )
    assert request.sketch is not None
    assert (request.sketch == (255, 0, 0, 128)).all()


def test_a_sketch_without_strength_is_neither_kept_nor_ignored(
    lazydiff: Any, pictures: Any, recorder: _Recorder
) -> None:
    lazydiff(*pictures.fill, "--sketch", pictures.image)

    assert recorder.requests[0].settings.strength == fill.SKETCH_STRENGTH
    assert 0 < fill.SKETCH_STRENGTH < 1


def test_what_is_not_asked_for_is_left_to_the_model(
    lazydiff: Any, pictures: Any, recorder: _Recorder
) -> None:
    lazydiff(*pictures.fill)

    (request,) = recorder.requests
    assert (request.settings, request.sketch) == (GenerationSettings("a red mushroom"), None)
