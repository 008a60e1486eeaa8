from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.errors import TrainingError
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.recipe import Recipe, read_recipe


def test_the_papers_run() -> None:
    recipe = read_recipe(resource("train/paper.toml"))
    assert (recipe.steps, recipe.batch, recipe.rate) == (100_000, 224, 2e-5)
    assert (recipe.weight_decay, recipe.warm_steps, recipe.draws) == (0.03, 0, 1)
    assert recipe.batch == 56 * recipe.micro_batch  # on the paper's GPUs nothing is accumulated


def test_a_recipe_survives_its_dictionary() -> None:
    recipe = Recipe(steps=7, ragged="padded", checkpoint_blocks=True)
    assert Recipe.from_dict(recipe.to_dict()) == recipe


def test_whole_numbers_serve_as_reals() -> None:
    assert Recipe.from_dict({"clip": 1, "weight_decay": 0}).clip == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("stepz = 3", "no entry 'stepz'"),
        ("steps = 0", "steps is 0, but must be 1 or more"),
        ("steps = 1.5", "steps must be of type int, not 1.5"),
        ("steps = true", "steps must be of type int"),
        ("rate = -1.0", "rate is -1.0, but must be above 0"),
        ("rate = nan", "rate is nan"),
        ("rate = inf", "rate is inf"),
        ("null_share = 2.0", "from 0 to 1"),
        ('ragged = "sorted"', "auto, packed or padded"),
        ('precision = "float16"', "auto, float32 or bfloat16"),
        ("steps = ", "cannot be read"),
        ('steps = "many"', "type int"),
    ],
)
def test_bad_recipes_are_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(TrainingError, match=complaint) as caught:
        read_recipe(path)
    assert "mine.toml" in str(caught.value)


def test_a_missing_recipe(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"none\.toml cannot be read"):
        read_recipe(tmp_path / "none.toml")
