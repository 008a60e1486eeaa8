from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.evaluation.clip import (
    Clip,
    clip_scores,
    image_features,
    load_clip,
    read_pictures,
)
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.scores.evaluate import evaluate
from lazydiff_core.evaluation.scores.task import ClipReference, Plan


@pytest.fixture(scope="module")
def clip(clip_folder: Path) -> Clip:
    return load_clip(str(clip_folder))


@pytest.fixture
def pictures() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (40, 50, 3), np.uint8) for _ in range(3)]


def test_features_have_length_one_and_scores_are_cosines(
    clip: Clip, pictures: list[np.ndarray]
) -> None:
    features = image_features(clip, pictures)
    assert np.linalg.norm(features, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    scores = clip_scores(clip, features, ["red apple", "cat", "red apple"])
    opposite = clip_scores(clip, -features, ["red apple", "cat", "red apple"])
    assert (scores * opposite == 0).all()
    assert (np.maximum(scores, opposite) > 0).all()
    assert (np.maximum(scores, opposite) <= 1.0001).all()


def test_its_scores_join_the_others(clip: Clip, kit: Kit, pictures: list[np.ndarray]) -> None:
    plan = Plan(concepts=2, heldout_scenes=1, grids=1, bare=1)
    clip_reference = ClipReference(clip, image_features(clip, pictures))
    only = ("accuracy", "clip")
    evaluation = evaluate(
        Engine.load("fake"), kit, None, plan, clip_reference=clip_reference, only=only
    )
    score, distance = evaluation.value("clip_score"), evaluation.value("clip_frechet")
    assert score is not None
    assert 0 <= score <= 1
    assert distance is not None
    assert distance > 0


def test_a_clip_that_is_not_here_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no CLIP"):
        load_clip(str(tmp_path))


def test_real_pictures_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        read_pictures(tmp_path / "none")
    with pytest.raises(InputError, match="too few"):
        read_pictures(tmp_path)
