"""Which word a prompt is about, and what a lexicon's file may hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from lazydiff_core.errors import ModelError
from lazydiff_core.model.references.lexicon import (
    STYLES,
    TENSORS,
    Lexicon,
    load_lexicon,
    parts_of,
    save_lexicon,
    whole_of,
)
from tests.lazydiff_core.tiny import tiny_lexicon

PHRASES = {
    "apple": "apple", "green apple": "green_apple", "cat": "cat", "pie": "pie", "box": "box",
    "egg": "egg", "egg in frying pan": "fried_egg", "cherry": "cherry", "hat": "hat",
}  # fmt: skip


@pytest.fixture
def lexicon() -> Lexicon:
    return tiny_lexicon(PHRASES)


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("apple", "apple"),
        ("  A Green  APPLE!", "green_apple"),
        ("a green apple on a plate", "green_apple"),
        ("apple pie", "pie"),
        ("a cat with a hat", "cat"),
        ("the thing with a hat", "hat"),  # nothing is known before "with"
        ("egg in frying pan", "fried_egg"),
        ("egg in a box", "egg"),
        ("two cats", "cat"),
        ("boxes", "box"),
        ("a caterpillar", None),
        ("glass", None),  # not a plural
        ("", None),
    ],
)
def test_the_word_that_a_prompt_is_about(lexicon: Lexicon, prompt: str, word: str | None) -> None:
    assert lexicon.find(prompt) == word


@given(st.text(max_size=40))
def test_any_prompt_has_a_known_word_or_none(prompt: str) -> None:
    lexicon = tiny_lexicon(PHRASES)
    assert lexicon.find(prompt) in {None, *lexicon.spans}


def test_the_word_nearest_in_meaning(lexicon: Lexicon) -> None:
    words = list(lexicon.spans)
    for k, word in enumerate(words):
        meaning = lexicon.meanings[k].float()
        assert lexicon.nearest(3 * meaning) == word
    assert lexicon.nearest(-lexicon.meanings.float().sum(0)) is None
    assert lexicon.nearest(torch.zeros(lexicon.meanings.shape[1])) is None


def test_the_look_of_a_word(lexicon: Lexicon) -> None:
    start, stop = lexicon.spans["cat"]
    looks = lexicon.looks("cat")
    assert looks is not None
    assert lexicon.looks("hat") is None  # it has no renderings
    assert looks.fields.shape == (1, len(STYLES), 5, 12, 12)
    assert looks.extents[0].tolist() == [[1.0, 0.5], [0, 0], [0.75, 1.0], [0, 0]]
    assert not looks.fields[0, [1, 3]].any()
    parts = parts_of(looks.fields[0, [0, 2]])
    codes = (parts - lexicon.mean) @ lexicon.axes
    back = codes @ torch.linalg.pinv(lexicon.axes) + lexicon.mean
    assert torch.allclose(back, parts, atol=1e-4)  # nothing that the axes do not span
    wanted = lexicon.codes[start:stop].float() @ torch.linalg.pinv(lexicon.axes) + lexicon.mean
    assert torch.allclose(parts, wanted, atol=1e-4)


def test_parts_row_by_row_and_back() -> None:
    fields = torch.randn(2, 3, 12, 12)
    parts = parts_of(fields)
    assert parts.shape == (2, 9, 48)
    assert torch.equal(parts[1, 5].view(3, 4, 4), fields[1, :, 4:8, 8:12])
    assert torch.equal(whole_of(parts), fields)


def test_what_is_saved_is_loaded(lexicon: Lexicon, tmp_path: Path) -> None:
    save_lexicon(tmp_path / "lexicon.safetensors", lexicon)
    loaded = load_lexicon(tmp_path / "lexicon.safetensors")
    for name in TENSORS:
        assert torch.equal(getattr(loaded, name), getattr(lexicon, name))
    assert (loaded.spans, loaded.phrases) == (lexicon.spans, lexicon.phrases)
    assert list(loaded.spans) == list(lexicon.spans)  # the order of meanings


@pytest.mark.parametrize(
    "wrong",
    [
        {"codes": torch.zeros(2, 9, 5).half()},
        {"codes": torch.full((16, 9, 5), float("nan"))},
        {"extents": torch.ones(16, 3)},
        {"extents": torch.zeros(16, 2)},
        {"extents": torch.full((16, 2), float("nan"))},
        {"mean": torch.zeros(81), "axes": torch.zeros(81, 5)},
        {"styles": torch.full((16,), len(STYLES))},
        {"styles": torch.zeros(16)},
        {"axes": torch.zeros(3, 4)},
        {"meanings": torch.zeros(1, 384)},
        {"spans": {"apple": (0, 99)}},
        {"phrases": {"dog": "dog"}},
    ],
)
def test_parts_that_do_not_fit(lexicon: Lexicon, tmp_path: Path, wrong: dict[str, object]) -> None:
    path = tmp_path / "lexicon.safetensors"
    save_lexicon(path, replace(lexicon, **wrong))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="do not fit together"):
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
