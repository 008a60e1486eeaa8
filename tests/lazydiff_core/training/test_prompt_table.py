from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.references.lexicon import UNNAMED
from lazydiff_core.model.references.reference_latents import posed_looks
from lazydiff_core.model.references.reference_text_encoder import PicturedText
from lazydiff_core.model.references.variations import POSES, Pose
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.prompt_table import (
    HIDDEN_STYLE,
    HIDDEN_WORD,
    NAMELESS,
    TOLD_STYLE,
    PromptTable,
)
from lazydiff_core.training.shards import Asked, ShardSet, load_shards
from tests.lazydiff_core.tiny import tiny_lexicon

CONCEPTS = {"disc": ("red disc", "disc"), "triangle": ("triangle",), "square": ("square",)}


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def scenes(shards: Path) -> ShardSet:
    return load_shards(shards)


def test_every_wording_is_drawn_the_first_twice_as_often(word_states: TextEncoder) -> None:
    table = PromptTable(word_states, CONCEPTS)
    drawn = table.draw([Asked("disc")] * 6000, seeded(0)).pooled
    texts = ["red disc", "a red disc", "disc", "a disc"]
    wordings = word_states.encode(texts).pooled
    shares = [float((drawn - w).abs().amax(1).lt(1e-5).float().mean()) for w in wordings]
    assert shares == pytest.approx([2 / 6, 2 / 6, 1 / 6, 1 / 6], abs=0.03)


def test_the_bare_background_has_the_empty_prompt(word_states: TextEncoder) -> None:
    table = PromptTable(word_states, CONCEPTS)
    drawn = table.draw([Asked(""), Asked("square")], seeded(0))
    assert torch.equal(drawn.pooled[0], word_states.encode([""]).pooled[0])
    assert not torch.equal(drawn.pooled[1], drawn.pooled[0])


def test_a_scene_may_ask_for_more_than_its_concept(
    word_states: TextEncoder, scenes: ShardSet
) -> None:
    table = PromptTable(word_states, CONCEPTS)
    blue = Asked("disc", "blue disc")
    table.learn(replace(scenes, asked=(blue, *scenes.asked[1:])))
    drawn = table.draw([blue] * 300, seeded(0)).pooled
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
    looks = table.draw([Asked("disc")] * count, seeded(0)).looks
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
        drawn = table.draw([Asked(concept, prompt)] * count, seeded(0))
        return (drawn.pooled - name).abs().amax(1).lt(1e-6).float().mean().item()

    assert unnamed("disc") == pytest.approx(NAMELESS, abs=0.02)
    assert unnamed("grass") == 0  # it would say nothing at all
    assert unnamed("disc", "blue disc") == 0  # a colour is in the words only


def test_a_scene_is_told_of_its_pose(
    word_states: TextEncoder, tiny_autoencoder: Autoencoder
) -> None:
    lexicon = tiny_lexicon({"red disc": "disc", "disc": "disc", "grass": "grass"}, channels=4)
    pictured = PicturedText(word_states, lexicon)
    table = PromptTable(pictured, CONCEPTS, tiny_autoencoder)
    whole = pictured.encode(["red disc"]).looks
    assert whole is not None
    mirrored = POSES.index(Pose(mirrored=True))
    drawn = table.draw([Asked("disc", pose=mirrored)] * 40, seeded(0)).looks
    assert drawn is not None
    wanted = posed_looks(tiny_autoencoder, whole, Pose(mirrored=True))
    told = drawn.extents[:, 0, 0] > 0
    assert told.sum() > 20
    assert torch.allclose(
        drawn.fields[told, 0], wanted.fields[0, 0].expand_as(drawn.fields[told, 0])
    )


def test_a_quarter_is_told_of_its_own_style_only(word_states: TextEncoder) -> None:
    lexicon = tiny_lexicon({"red disc": "disc", "disc": "disc", "grass": "grass"})
    table, count = PromptTable(PicturedText(word_states, lexicon), CONCEPTS), 4000

    def told(style: str) -> torch.Tensor:
        looks = table.draw([Asked("disc", style=style)] * count, seeded(0)).looks
        assert looks is not None
        return looks.extents[..., 0] > 0

    own = told("fluent-flat")  # the third; the lexicon has the first, too
    only = (own[:, 2] & ~own[:, 0]).float().mean().item()
    each = HIDDEN_STYLE * (1 - HIDDEN_STYLE)
    expected = (TOLD_STYLE + (1 - TOLD_STYLE) * each) * (1 - HIDDEN_WORD)
    assert only == pytest.approx(expected, abs=0.02)
