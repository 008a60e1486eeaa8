"""What a lexicon knows of its words, and what its file may hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from lazydiff_core.errors import ModelError
from lazydiff_core.model.references.lexicon import (
    STYLES,
    TENSORS,
    Lexicon,
    in_bytes,
    joined,
    load_lexicon,
    save_lexicon,
)
from lazydiff_core.prompts.skin import TONED
from tests.lazydiff_core.tiny import tiny_lexicon, tiny_people

PHRASES = {
    "apple": "apple", "green apple": "green_apple", "cat": "cat", "pie": "pie", "box": "box",
    "egg": "egg", "egg in frying pan": "fried_egg", "cherry": "cherry", "hat": "hat",
}  # fmt: skip


@pytest.fixture
def lexicon() -> Lexicon:
    return tiny_lexicon(PHRASES)


def test_what_a_word_looks_like(lexicon: Lexicon) -> None:
    """tiny_lexicon knows every word in the first and the third style."""
    start, _ = lexicon.spans["cat"]
    usual, flat = lexicon.reference("cat"), lexicon.reference("cat", 2)
    assert lexicon.reference("hat") is None  # it is a surface
    assert usual is not None
    assert flat is not None
    assert (usual.style, usual.extents, flat.style, flat.extents) == (0, (1, 0.5), 2, (0.75, 1))
    for row, reference in ((start, usual), (start + 1, flat)):
        wanted = lexicon.cells[row].float() * lexicon.scales[row][:, None, None]
        assert torch.equal(reference.cells, wanted)
        assert reference.turns[1].width == lexicon.turns[row, 1, 0]
    unknown = lexicon.reference("cat", 1)
    assert unknown is not None
    assert unknown.style == 0  # as it is known


def test_seeds_take_turns_with_the_pictures_of_a_surface(lexicon: Lexicon) -> None:
    first, second, third = (lexicon.surface("hat", seed) for seed in (0, 1, 2))
    assert first is not None
    assert second is not None
    assert third is not None
    assert torch.equal(first, third)
    assert not torch.equal(first, second)
    wanted = lexicon.surfaces[1].float() * lexicon.surface_scales[1][:, None, None]
    assert torch.equal(second, wanted)
    assert lexicon.surface("cat", 0) is None


@pytest.mark.parametrize("shape", [(3, 5, 12, 12), (2, 4, 32, 32)])
def test_eight_bits_are_off_by_half_a_step_at_most(shape: tuple[int, ...]) -> None:
    values = torch.randn(shape) * torch.tensor([0.01, 1, 9, 0, 3])[None, : shape[1], None, None]
    codes, scales = in_bytes(values)
    assert codes.dtype == torch.int8
    off = (codes.float() * scales[..., None, None] - values).abs()
    assert (off <= 0.501 * scales[..., None, None]).all()
    assert (codes.abs().flatten(2).amax(2)[scales > 1e-6] == 127).all()


def test_styles_that_a_prompt_names(lexicon: Lexicon) -> None:
    assert lexicon.styled("a flat cat") == ("a cat", 2)
    assert lexicon.styled("Cartoon apple") == ("apple", 1)
    assert lexicon.styled("a cat") == ("a cat", None)
    shoe = tiny_lexicon({"shoe": "shoe", "flat shoe": "ballet_shoe", "hat": "hat"})
    assert shoe.styled("flat shoe") == ("flat shoe", None)  # the name of a thing


def test_what_is_saved_is_loaded(lexicon: Lexicon, tmp_path: Path) -> None:
    save_lexicon(tmp_path / "lexicon.safetensors", lexicon)
    loaded = load_lexicon(tmp_path / "lexicon.safetensors")
    for name in TENSORS:
        assert torch.equal(getattr(loaded, name), getattr(lexicon, name))
    assert (loaded.spans, loaded.phrases) == (lexicon.spans, lexicon.phrases)
    assert (loaded.grounds, loaded.surface_phrases) == (lexicon.grounds, lexicon.surface_phrases)
    assert list(loaded.spans) == list(lexicon.spans)


def test_lexicons_that_kept_parts_of_looks_are_read(lexicon: Lexicon, tmp_path: Path) -> None:
    """Nine parts of 80 numbers each, as five; "hat" has no rendering."""
    generator = torch.Generator().manual_seed(0)
    codes, mean, axes = (
        torch.randn(shape, generator=generator) for shape in ((16, 9, 5), (80,), (80, 5))
    )
    kept = {name: getattr(lexicon, name) for name in ("extents", "turns", "styles")}
    phrases = {**lexicon.phrases, **lexicon.surface_phrases}
    words = {
        "spans": dict(lexicon.spans), "phrases": phrases,
        "leaning": sorted(lexicon.leaning), "one_way": sorted(lexicon.one_way),
    }  # fmt: skip
    path = tmp_path / "lexicon.safetensors"
    tensors = {"codes": codes, "mean": mean, "axes": axes, **kept}
    save_file(tensors, path, {"words": json.dumps(words)})
    read = load_lexicon(path)
    assert (read.phrases, read.surface_phrases) == (lexicon.phrases, lexicon.surface_phrases)
    assert read.surface("hat", 0) is None
    reference = read.reference("cat", 2)
    assert reference is not None
    row = lexicon.spans["cat"][0] + 1
    parts = codes[row] @ torch.linalg.pinv(axes) + mean  # (9, 80)
    for k in range(9):
        top, left = 4 * (k // 3), 4 * (k % 3)
        part = reference.cells[:, top : top + 4, left : left + 4]
        assert torch.allclose(part.flatten(), parts[k], atol=0.02 * float(parts.abs().max()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"cells": torch.zeros(2, 5, 12, 12, dtype=torch.int8)},
        {"cells": torch.zeros(16, 5, 12, 12)},
        {"cells": torch.zeros(16, 5, 9, 9, dtype=torch.int8)},
        {"cells": torch.zeros(16, 12, 12, dtype=torch.int8)},
        {"scales": torch.zeros(16, 4)},
        {"scales": torch.full((16, 5), float("nan"))},
        {"extents": torch.ones(16, 3)},
        {"extents": torch.zeros(16, 2)},
        {"extents": torch.full((16, 2), float("nan"))},
        {"turns": torch.zeros(16, 2, 4)},
        {"styles": torch.full((16,), len(STYLES))},
        {"styles": torch.zeros(16)},
        {"surfaces": torch.zeros(2, 5, 16, 16, dtype=torch.int8)},
        {"surface_scales": torch.zeros(3, 4)},
        {"spans": {"apple": (0, 99)}},
        {"grounds": {"hat": (1, 3)}},
        {"grounds": {"dog": (0, 1)}},
        {"phrases": {"dog": "dog"}},
        {"surface_phrases": {"dog": "dog"}},
    ],
)
def test_parts_that_do_not_fit(lexicon: Lexicon, tmp_path: Path, wrong: dict[str, object]) -> None:
    path = tmp_path / "lexicon.safetensors"
    save_lexicon(path, replace(lexicon, **wrong))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="not a readable lexicon"):
        load_lexicon(path)


SENSELESS = [None, "", "[]", "{}", '{"spans": 3, "phrases": {}}', "null", "[" * 99_999]


@pytest.mark.parametrize("words", SENSELESS)
def test_files_without_words(lexicon: Lexicon, tmp_path: Path, words: str | None) -> None:
    path = tmp_path / "lexicon.safetensors"
    save_lexicon(path, lexicon)
    save_file(load_file(path), path, None if words is None else {"words": words})
    with pytest.raises(ModelError, match="not a readable lexicon"):
        load_lexicon(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.9])
def test_a_truncated_file(lexicon: Lexicon, tmp_path: Path, share: float) -> None:
    path = tmp_path / "lexicon.safetensors"
    save_lexicon(path, lexicon)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ModelError, match="not a readable lexicon"):
        load_lexicon(path)
    path.unlink()
    with pytest.raises(ModelError, match="not a readable lexicon"):
        load_lexicon(path)


def test_lexicons_are_joined(lexicon: Lexicon) -> None:
    people, cook = tiny_people(), TONED + "cook"
    both = joined(lexicon, people)
    for word in ("cat", "hat"):
        ours, kept = both.reference(word), lexicon.reference(word)
        assert (ours is None) == (kept is None)
        assert ours is None or kept is None or torch.equal(ours.cells, kept.cells)
    for tone in range(5):
        mine, theirs = both.reference(cook, None, tone), people.reference(cook, None, tone)
        assert mine is not None
        assert theirs is not None
        assert torch.equal(mine.cells, theirs.cells)
        assert mine.tone == tone
    bone = both.reference("bone", None, 3)
    assert bone is not None
    assert bone.tone == 0
    assert both.vocabulary.named("cook")[0] == cook
    assert both.surface_phrases == lexicon.surface_phrases
    assert "bone" in both.leaning


def test_a_person_is_known_in_every_tone(tmp_path: Path) -> None:
    path = tmp_path / "people.safetensors"
    save_lexicon(path, tiny_people())
    assert load_lexicon(path).spans == tiny_people().spans
    save_lexicon(path, tiny_people(tones=4))
    with pytest.raises(ModelError, match="not a readable lexicon"):
        load_lexicon(path)
