from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import TrainingError
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.vocabulary import (
    SURFACES_SECTION,
    phrases,
    read_concepts,
    styled_subjects,
    subjects_of,
)


@pytest.fixture
def concepts(tmp_path: Path) -> Path:
    path = tmp_path / "concepts.toml"
    path.write_text('[core]\ndisc = ["red disc", "disc"]\n[more]\nsquare = ["square"]\n')
    return path


def test_sections_are_chosen(concepts: Path) -> None:
    assert read_concepts(concepts) == {"disc": ("red disc", "disc")}
    assert list(read_concepts(concepts, ("core", "more"))) == ["disc", "square"]


@pytest.mark.parametrize("text", ["[other]", "core = ", "[core\n"])
def test_an_unreadable_vocabulary(concepts: Path, text: str) -> None:
    concepts.write_text(text)
    with pytest.raises(TrainingError, match=r"concepts\.toml cannot be read"):
        read_concepts(concepts)
    concepts.unlink()
    with pytest.raises(TrainingError, match=r"concepts\.toml cannot be read"):
        read_concepts(concepts)


def test_subjects_take_the_first_style_there_is(bank: StickerBank) -> None:
    wanted = {"disc": ("red disc",), "triangle": ("triangle",), "ghost": ("ghost",)}
    subjects = subjects_of(bank, wanted)
    assert [subject.sticker for subject in subjects] == [0, 2]
    assert subjects[0].prompts == ("red disc",)


def test_subjects_in_named_styles(bank: StickerBank) -> None:
    subjects = subjects_of(bank, {"disc": ("disc",)}, ("noto", "twemoji", "fluent-3d"))
    assert [subject.sticker for subject in subjects] == [1, 0]


def test_other_styles_beside_the_usual_one(bank: StickerBank) -> None:
    wanted = {"disc": ("red disc",), "triangle": ("triangle",)}
    subjects = styled_subjects(bank, wanted)
    assert [(s.sticker, s.style) for s in subjects] == [(0, ""), (2, ""), (1, "noto")]


def test_every_wording() -> None:
    assert phrases(("apple", "fruit")) == ("apple", "a apple", "fruit", "a fruit")


def test_shipped_prompts_name_one_concept_each() -> None:
    """But for surfaces: what also names a thing is told from it by the size of its hole."""
    path = resource("train/concepts.toml")
    things = read_concepts(path, ("core", "more"))
    prompts = [prompt for wording in things.values() for prompt in wording]
    assert len(things) > 850
    assert len(set(prompts)) == len(prompts)
    surfaces = read_concepts(path, (SURFACES_SECTION,))
    assert not set(things) & set(surfaces)
    prompts += [prompt for wording in surfaces.values() for prompt in wording]
    assert all(prompt == prompt.strip().lower() != "" for prompt in prompts)
