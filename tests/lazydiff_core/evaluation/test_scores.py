from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from lazydiff_core.backends.fake import FakeBackend, FakeContext
from lazydiff_core.contract import RGB, EngineInfo
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.evaluation.fills import allowed_concepts, fill, judge_images
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.scores.evaluate import GROUPS, Evaluation, codec_of, evaluate
from lazydiff_core.evaluation.scores.task import Plan
from lazydiff_core.evaluation.seams import seam_jump
from lazydiff_core.evaluation.trials import bare_trials, heldout_trials
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder

PLAN = Plan(
    concepts=2, heldout_scenes=1, grids=3, bare=2, pictures=1, again=2,
    surfaces=2, surface_holes=1, colours=3, things=2, groups=2,
)  # fmt: skip
ALWAYS = {
    "judge_top1", "judge_top1_real", "heldout_top1", "frechet", "context_agreement",
    "context_identity", "context_style", "context_tint", "seam_before", "seam_after",
    "colour_shift", "colour_shift_blended", "decoder_tokens", "fill_seconds",
    "variety", "variety_of_words", "surface_coverage", "surface_worst", "colour_obeyed",
    "sharpness", "sharpness_worst", "rim", "rms_to_rendering", "ground_step", "ground_step_groups",
}  # fmt: skip


@pytest.fixture(scope="module")
def evaluation(kit: Kit, tiny_autoencoder: Autoencoder) -> Evaluation:
    return evaluate(Engine.load("fake"), kit, tiny_autoencoder, PLAN)


def test_every_score_is_measured_and_lies_in_its_interval(evaluation: Evaluation) -> None:
    assert {s.name for s in evaluation.scores} == ALWAYS | {"psnr_autoencoder"}
    for score in evaluation.scores:
        assert score.estimate.low <= score.estimate.value <= score.estimate.high, score.name
        assert np.isfinite(score.estimate.value)


def test_a_model_without_our_autoencoder_has_no_such_score(kit: Kit) -> None:
    done: list[tuple[int, int]] = []
    evaluation = evaluate(
        Engine.load("fake"), kit, None, PLAN, on_progress=lambda k, n, what: done.append((k, n))
    )
    assert {s.name for s in evaluation.scores} == ALWAYS
    assert evaluation.value("psnr_autoencoder") is None
    # 2 prompts, 3 held-out, 3 grids, 2 x 2 bare, 2 with the next seed and 2 with another prompt;
    # 2 surfaces, 3 colours, 2 things (which two groups of scores share), 2 groups of things
    assert done == [(k + 1, 25) for k in range(25)]


def test_some_scores_are_measured_alone(evaluation: Evaluation, kit: Kit) -> None:
    done: list[str] = []
    alone = evaluate(
        Engine.load("fake"), kit, None, PLAN,
        on_progress=lambda k, n, what: done.append(what), only=("surfaces", "cost"),
    )  # fmt: skip
    assert {s.name for s in alone.scores} == {
        "surface_coverage", "surface_worst", "decoder_tokens", "fill_seconds",
    }  # fmt: skip
    assert alone.value("surface_coverage") == evaluation.value("surface_coverage")
    assert done == ["surface"] * 2 + ["prompt"] * 2


def test_a_group_that_there_is_not_is_told(kit: Kit) -> None:
    with pytest.raises(InputError, match=r"'beauty'.*surfaces"):
        evaluate(Engine.load("fake"), kit, None, PLAN, only=("beauty",))
    assert "beauty" not in GROUPS


def test_the_same_engine_scores_the_same(evaluation: Evaluation, kit: Kit) -> None:
    again = evaluate(Engine.load("fake"), kit, None, PLAN)
    for name in ALWAYS - {"fill_seconds"}:
        assert again.value(name) == evaluation.value(name)


def test_blending_takes_a_seam_away(kit: Kit) -> None:
    class Shifted(FakeBackend):
        """Continues a plain canvas a little too bright."""

        def decode(
            self, context: FakeContext, latents: npt.NDArray[np.float32], variant: int
        ) -> RGB:
            seen = context.image[~context.mask].mean(0)
            return np.broadcast_to(np.uint8(seen + 14), context.image.shape).copy()

    engine = Engine(Shifted())
    trials = [
        replace(trial, image=np.full_like(trial.image, 90 + 10 * k))
        for k, trial in enumerate(bare_trials(kit, 6))
    ]
    jumps = []
    for blender in ("none", "poisson"):
        fills = fill(engine, trials, GenerationSettings(), lambda: None, blender)
        jumps.append(np.mean([seam_jump(f.image, f.trial.mask) for f in fills]))
    assert jumps[0] > 5
    assert abs(jumps[1]) < jumps[0] / 3


def test_a_fill_reports_what_was_computed(kit: Kit) -> None:
    trials = bare_trials(kit, 1)
    (made,) = fill(Engine.load("fake"), trials, GenerationSettings(steps=3), lambda: None)
    assert made.computed % 3 == 0
    assert made.computed > 0
    assert made.area == trials[0].mask.mean()
    assert (made.image != trials[0].image).any(axis=2)[~trials[0].mask].sum() == 0


def test_the_judge_chooses_among_what_the_model_learned(kit: Kit) -> None:
    info = Engine.load("fake").info
    assert allowed_concepts(kit, info).all()
    learned = EngineInfo(**(vars(info) | {"concepts": ("a disc", "a whale")}))
    allowed = allowed_concepts(kit, learned)
    assert allowed.tolist() == [True, False, False]
    trials = heldout_trials(kit, 1)
    truths = [t.truth for t in trials if t.truth is not None]
    verdict = judge_images(kit, trials, truths, allowed)
    assert set(verdict.named) == {"disc"}
    assert verdict.right.all()


def test_the_autoencoder_of_a_model_folder_is_found(tiny_folder: Path) -> None:
    engine = Engine.load("fake")
    assert codec_of("fake", engine.info) is None
    ours = EngineInfo(**(vars(engine.info) | {"backend": "lazydiffusion"}))
    assert isinstance(codec_of(str(tiny_folder), ours), Autoencoder)
