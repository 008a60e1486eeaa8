"""What must be equal: blended inpainting, plain text-to-image, and lazy runs that need not be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from diffusers import DPMSolverMultistepScheduler, LCMScheduler, PixArtAlphaPipeline
from torch import Tensor

from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget, Mode
from lazydiff_core.backends.cached_dit.denoise_loop import HoleNoise
from lazydiff_core.backends.cached_dit.pixart import PixArt
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.sampling.schedule import Rates
from tests.lazydiff_core.backends.driving import denoise_params

# diffusers' DPM-Solver hands a tensor to numpy's constructor
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

MakeInput = Callable[..., ModelInput]
PROMPT, STEPS, SCALE = "red apple", 4, 3.0


def nothing(step: int, steps: int, estimate: object) -> None: ...


def backend(family: PixArt, mode: Mode = "bank", **changes: Any) -> CachedDit:
    settings = CacheSettings(mode=mode, budget=MemoryBudget(10**9), **changes)
    return CachedDit(family, "tiny", settings)


def run(dit: CachedDit, context: Any, **changes: Any) -> Tensor:
    defaults = {"seeds": (3,), "steps": STEPS, "guidance": SCALE}
    params = denoise_params(**({"sampler": dit.info.default_sampler} | defaults | changes))
    return dit.denoise(context, dit.encode_prompt(PROMPT, ""), params, nothing)


def padded(family: PixArt, prompt: str) -> tuple[Tensor, Tensor]:
    states = family.text.encode([prompt]).states
    room = 120 - states.shape[1]
    mask = torch.nn.functional.pad(torch.ones(1, states.shape[1]), (0, room))
    return torch.nn.functional.pad(states, (0, 0, 0, room)), mask


@torch.inference_mode()
def blended(family: PixArt, dit: CachedDit, context: Any, seed: int) -> Tensor:
    """Blended inpainting spelled out with diffusers alone, over whole latents."""
    scheduler = DPMSolverMultistepScheduler.from_config(family.scheduler)
    scheduler.set_timesteps(STEPS)
    canvas = context.canvas
    clean = family.latents_of(canvas.tokens)
    hole = torch.from_numpy(canvas.grid).repeat_interleave(2, 0).repeat_interleave(2, 1)
    noise = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(seed))
    known = visible_noise(canvas)
    told = [padded(family, prompt) for prompt in ("", PROMPT)]
    states, mask = (torch.cat(pair) for pair in zip(*told, strict=True))
    x = noise
    for t in scheduler.timesteps:
        kept = scheduler.add_noise(clean, known, t[None])
        x = torch.where(hole, x, kept)
        predicted = family.transformer(
            torch.cat([x, x]),
            encoder_hidden_states=states,
            encoder_attention_mask=mask,
            timestep=t.expand(2),
            added_cond_kwargs={"resolution": None, "aspect_ratio": None},
        ).sample[:, :4]
        away, towards = predicted.chunk(2)
        x = scheduler.step(away + SCALE * (towards - away), t, x, return_dict=False)[0]
    return family.tokens_of(x)[:, canvas.hole_N]


def visible_noise(canvas: Any) -> Tensor:
    """(1,4,16,16): the canvas's own, zero in the hole."""
    tokens = torch.zeros_like(canvas.tokens)
    tokens[:, canvas.visible_N] = canvas.visible_at(0, Rates(0.0, 1.0))
    cells = tokens.reshape(1, 8, 8, 2, 2, 4).permute(0, 5, 1, 3, 2, 4)
    return cells.reshape(1, 4, 16, 16)


@pytest.mark.parametrize("mode", ["full", "refresh"])
def test_refreshing_at_every_step_is_blended_inpainting(
    pixart: PixArt, make_input: MakeInput, mode: Mode
) -> None:
    dit = backend(pixart, mode, every=1)
    context = dit.encode_context(make_input())
    ours = run(dit, context)
    assert torch.allclose(ours, blended(pixart, dit, context, 3), atol=1e-5)
    lazy = backend(pixart, "refresh", every=STEPS)
    assert not torch.allclose(run(lazy, lazy.encode_context(make_input())), ours, atol=1e-3)


def plain(family: PixArt, scheduler: Any, seed: int, scale: float) -> Tensor:
    """diffusers' own text-to-image pipeline."""
    pipeline = PixArtAlphaPipeline(None, None, None, family.transformer, scheduler)
    pipeline.set_progress_bar_config(disable=True)
    (states, mask), (away, away_mask) = padded(family, PROMPT), padded(family, "")
    latents = pipeline(
        prompt_embeds=states,
        prompt_attention_mask=mask,
        negative_prompt=None,
        negative_prompt_embeds=away,
        negative_prompt_attention_mask=away_mask,
        num_inference_steps=STEPS,
        guidance_scale=scale,
        generator=torch.Generator().manual_seed(seed),
        height=128,
        width=128,
        use_resolution_binning=False,
        output_type="latent",
    ).images
    return family.tokens_of(latents)


@pytest.mark.parametrize("mode", ["bank", "refresh", "full"])
def test_a_hole_that_is_everything_is_the_plain_pipeline(
    pixart: PixArt, make_input: MakeInput, mode: Mode
) -> None:
    dit = backend(pixart, mode)
    ours = run(dit, dit.encode_context(make_input(None)), seeds=(7,))
    scheduler = DPMSolverMultistepScheduler.from_config(pixart.scheduler)
    assert torch.allclose(ours, plain(pixart, scheduler, 7, SCALE), atol=1e-5)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_few_step_models_too(pixart_lcm: PixArt, make_input: MakeInput, scale: float) -> None:
    dit = backend(pixart_lcm)
    assert (dit.info.samplers, dit.info.default_steps) == (("lcm",), 4)
    assert dit.info.default_guidance == 1.0
    ours = run(dit, dit.encode_context(make_input(None)), seeds=(7,), guidance=scale)
    scheduler = LCMScheduler.from_config(pixart_lcm.scheduler)
    theirs = plain(pixart_lcm, scheduler, 7, scale)
    assert torch.allclose(ours, theirs, atol=1e-5 * float(theirs.abs().max()))


@pytest.mark.parametrize("scheduler", ["ddpm", "euler_discrete", "euler_leading"])
def test_other_schedulers_too(
    save_pipeline: Any, open_pixart: Any, make_input: MakeInput, scheduler: str
) -> None:
    family = open_pixart(save_pipeline(scheduler=scheduler))
    dit = backend(family)
    ours = run(dit, dit.encode_context(make_input(None)), seeds=(7,))
    kind = getattr(diffusers, family.scheduler["_class_name"])
    theirs = plain(family, kind.from_config(family.scheduler), 7, SCALE)
    assert torch.allclose(ours, theirs, atol=1e-5 * float(theirs.abs().max()))


def test_a_student_of_one_step_is_known_by_its_name(
    save_pipeline: Any, open_pixart: Any, make_input: MakeInput
) -> None:
    dit = backend(open_pixart(save_pipeline(scheduler="ddpm", name="PixArt-Alpha-DMD")))
    info = dit.info
    assert (info.samplers, info.default_steps, info.default_guidance) == (("dmd",), 1, 1.0)
    assert run(dit, dit.encode_context(make_input()), steps=1, guidance=1.0).isfinite().all()


@pytest.mark.parametrize("mode", ["bank", "refresh", "full"])
def test_samples_are_the_same_alone_and_together(
    pixart_lcm: PixArt, make_input: MakeInput, mode: Mode
) -> None:
    dit = backend(pixart_lcm, mode)
    context = dit.encode_context(make_input())
    together = run(dit, context, seeds=(3, 4))
    apart = torch.cat([run(dit, context, seeds=(seed,)) for seed in (3, 4)])
    assert torch.allclose(together, apart, atol=1e-4)
    assert not torch.allclose(together[0], together[1], atol=1e-2)


def test_a_place_keeps_its_noise_for_any_mask(pixart_lcm: PixArt, make_input: MakeInput) -> None:
    dit = backend(pixart_lcm, dilate=0)
    small, large = (
        dit.encode_context(make_input(np.s_[32:64, 32:size])).canvas for size in (64, 96)
    )
    drawn = [HoleNoise(pixart_lcm, canvas, (3,)).draw()[0] for canvas in (small, large)]
    of_large = dict(zip(large.hole_N.tolist(), drawn[1], strict=True))
    assert len(drawn[0]) == 4
    for place, noise in zip(small.hole_N.tolist(), drawn[0], strict=True):
        assert torch.equal(noise, of_large[place])
