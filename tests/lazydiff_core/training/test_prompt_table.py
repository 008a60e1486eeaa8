from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.lexicon import UNNAMED
from lazydiff_core.model.pictured_text import PicturedText
from lazydiff_core.model.text_encoder import TextEncoder
from lazydiff_core.training.prompt_table import (
    HIDDEN_STYLE,
    HIDDEN_WORD,
    NAMELESS,
    PromptTable,
)
from lazydiff_core.training.shards import ShardSet, load_shards
from tests.lazydiff_core.tiny import tiny_lexicon

CONCEPTS = {"disc": ("red disc", "disc"), "triangle": ("triangle",), "square": ("square",)}


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def scenes(shards: Path) -> ShardSet:
    return load_shards(shards)


def test_every_wording_is_drawn_the_first_twice_as_often(word_states: TextEncoder) -> None:
    table = PromptTable(word_states, CONCEPTS)
    drawn = table.draw(("disc",) * 6000, ("",) * 6000, seeded(0)).pooled
    texts = ["red disc", "a red disc", "disc", "a disc"]
    wordings = word_states.encode(texts).pooled
    shares = [float((drawn - w).abs().amax(1).lt(1e-5).float().mean()) for w in wordings]
    assert shares == pytest.approx([2 / 6, 2 / 6, 1 / 6, 1 / 6], abs=0.03)


def test_the_bare_background_has_the_empty_prompt(word_states: TextEncoder) -> None:
    table = PromptTable(word_states, CONCEPTS)
    drawn = table.draw(("", "square"), ("", ""), seeded(0))
    assert torch.equal(drawn.pooled[0], word_states.encode([""]).pooled[0])
    assert not torch.equal(drawn.pooled[1], drawn.pooled[0])


def test_a_scene_may_ask_for_more_than_its_concept(
    word_states: TextEncoder, scenes: ShardSet
) -> None:
    table = PromptTable(word_states, CONCEPTS)
    prompts = ("blue disc",) + ("",) * (len(scenes) - 1)
    table.learn(replace(scenes, prompts=prompts))
    drawn = table.draw(("disc",) * 300, ("blue disc",) * 300, seeded(0)).pooled
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


def test_looks_are_hidden_now_and_then(word_states: TextEncoder) -> None:
    lexicon = tiny_lexicon({"red disc": "disc", "disc": "disc", "grass": "grass"})
    count = 3000
    table = PromptTable(PicturedText(word_states, lexicon), CONCEPTS)
    looks = table.draw(("disc",) * count, ("",) * count, seeded(0)).looks
    assert looks is not None
    told = looks.extents[..., 0] > 0
    assert torch.equal(told, looks.fields.ne(0).flatten(2).any(2))
    each = (1 - HIDDEN_STYLE) * (1 - HIDDEN_WORD)
    assert told.float().mean(0).tolist() == pytest.approx([each, 0, each, 0], abs=0.03)
    neither = (~told).all(1).float().mean().item()
    assert neither == pytest.approx(HIDDEN_WORD + HIDDEN_STYLE**2, abs=0.03)


def test_a_tenth_is_told_of_looks_alone(word_states: TextEncoder) -> None:
    lexicon = tiny_lexicon({"red disc": "disc", "disc": "disc", "grass": "grass"})
    table = PromptTable(PicturedText(word_states, lexicon), CONCEPTS | {"grass": ("grass",)})
    name, count = word_states.encode([UNNAMED]).pooled[0], 2000

    def unnamed(concept: str, prompt: str = "") -> float:
        table.read[prompt] = table.read["a " + prompt] = table.read["disc"]
        drawn = table.draw((concept,) * count, (prompt,) * count, seeded(0))
        return (drawn.pooled - name).abs().amax(1).lt(1e-6).float().mean().item()

    assert unnamed("disc") == pytest.approx(NAMELESS, abs=0.02)
    assert unnamed("grass") == 0  # it would say nothing at all
    assert unnamed("disc", "blue disc") == 0  # a colour is in the words only
