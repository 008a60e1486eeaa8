from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.references.lexicon import UNNAMED
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.prompt_table import HIDDEN, NAMELESS, PromptTable
from lazydiff_core.training.shards import Asked, ShardSet, load_shards

CONCEPTS = {"disc": ("red disc", "disc"), "triangle": ("triangle",), "square": ("square",)}


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def scenes(shards: Path) -> ShardSet:
    return load_shards(shards)


def test_every_wording_is_drawn_the_first_twice_as_often(word_states: TextEncoder) -> None:
    table = PromptTable(word_states, CONCEPTS)
    drawn = table.draw([Asked("disc")] * 6000, torch.zeros(6000, 5, 2, 2), seeded(0)).pooled
    texts = ["red disc", "a red disc", "disc", "a disc"]
    wordings = word_states.encode(texts).pooled
    shares = [float((drawn - w).abs().amax(1).lt(1e-5).float().mean()) for w in wordings]
    assert shares == pytest.approx([2 / 6, 2 / 6, 1 / 6, 1 / 6], abs=0.03)


def test_the_bare_background_has_the_empty_prompt(word_states: TextEncoder) -> None:
    table = PromptTable(word_states, CONCEPTS)
    drawn = table.draw([Asked(""), Asked("square")], torch.zeros(2, 5, 2, 2), seeded(0))
    assert torch.equal(drawn.pooled[0], word_states.encode([""]).pooled[0])
    assert not torch.equal(drawn.pooled[1], drawn.pooled[0])


def test_a_scene_may_ask_for_more_than_its_concept(
    word_states: TextEncoder, scenes: ShardSet
) -> None:
    table = PromptTable(word_states, CONCEPTS)
    blue = Asked("disc", "blue disc")
    table.learn(replace(scenes, asked=(blue, *scenes.asked[1:])))
    drawn = table.draw([blue] * 300, torch.zeros(300, 5, 2, 2), seeded(0)).pooled
    wordings = word_states.encode(["blue disc", "a blue disc"]).pooled
    shares = [float((drawn - w).abs().amax(1).lt(1e-5).float().mean()) for w in wordings]
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0.2


def test_scenes_of_concepts_without_prompts_are_told(
    word_states: TextEncoder, scenes: ShardSet
) -> None:
    table = PromptTable(word_states, {"disc": ("disc",), "square": ("square",)})
    with pytest.raises(TrainingError, match="lack, such as triangle"):
        table.learn(scenes)


def test_what_is_told_is_hidden_now_and_then(word_states: TextEncoder) -> None:
    table, count = PromptTable(word_states, CONCEPTS), 3000
    asked = [Asked("disc", style="noto"), Asked("square"), Asked("")] * (count // 3)
    told = table.draw(asked, torch.ones(count, 5, 2, 2), seeded(0)).told
    assert told is not None
    shown = told.styles.any(1)
    assert torch.equal(told.cells.flatten(1).any(1)[::3], shown[::3])
    assert not shown[1::3].any()  # what has no style is not told
    assert not shown[2::3].any()
    assert shown[::3].float().mean().item() == pytest.approx(1 - HIDDEN, abs=0.03)
    assert told.styles[::3][shown[::3]].unique(dim=0).tolist() == [[0, 1, 0, 0]]


def test_a_tenth_is_told_without_words(word_states: TextEncoder) -> None:
    table = PromptTable(word_states, CONCEPTS | {"grass": ("grass",)})
    name, count = word_states.encode([UNNAMED]).pooled[0], 2000
    cells = torch.zeros(count, 5, 2, 2)

    def unnamed(concept: str, prompt: str = "", style: str = "noto") -> float:
        table.read[prompt] = table.read["a " + prompt] = table.read["disc"]
        drawn = table.draw([Asked(concept, prompt, style)] * count, cells, seeded(0))
        return (drawn.pooled - name).abs().amax(1).lt(1e-6).float().mean().item()

    assert unnamed("disc") == pytest.approx(NAMELESS, abs=0.02)
    assert unnamed("grass", style="") == 0  # it would say nothing at all
    assert unnamed("disc", "blue disc") == 0  # a colour that is asked for is said
