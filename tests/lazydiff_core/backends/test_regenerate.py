from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from lazydiff_core.backends import lazydiffusion
from lazydiff_core.backends.lazy_context import LazyLatents
from lazydiff_core.backends.lazydiffusion import LazyBackend
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.backends.regenerate import RegenerateBackend, load_crop, load_image
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.engine.model_crop import crop_for_model
from lazydiff_core.errors import ModelError
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, save_checkpoint
from lazydiff_core.model.files.config import Architecture, baseline
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.text_encoder import TextEncoder
from tests.lazydiff_core.backends.driving import denoise_params

CPU = torch.device("cpu")
HOLE = np.s_[10:35, 20:50]


@pytest.fixture(scope="module")
def make_baseline(
    tiny_checkpoint: Checkpoint, randomise: Callable[..., LazyDiffusion]
) -> Callable[[Architecture], Checkpoint]:
    """A tiny random baseline; the crop's side is 32 pixels."""

    def make(architecture: Architecture) -> Checkpoint:
        config = baseline(tiny_checkpoint.lazy.config, architecture)
        lazy = randomise(LazyDiffusion(config))
        return dataclasses.replace(tiny_checkpoint, name=architecture, lazy=lazy)

    return make


@pytest.fixture(scope="module")
def image(
    make_baseline: Callable[[Architecture], Checkpoint], word_states: TextEncoder
) -> RegenerateBackend:
    return RegenerateBackend(make_baseline("regenerate_image"), word_states, CPU)


@pytest.fixture(scope="module")
def crop(
    make_baseline: Callable[[Architecture], Checkpoint], word_states: TextEncoder
) -> RegenerateBackend:
    return RegenerateBackend(make_baseline("regenerate_crop"), word_states, CPU)


def view(hole: tuple[slice, slice] = HOLE, side: int = 64, seed: int = 0) -> ModelInput:
    image = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    mask = np.zeros((side, side), bool)
    mask[hole] = True
    return ModelInput(np.where(mask[..., None], np.uint8(127), image), mask)


def run(backend: LazyBackend, seen: ModelInput, **changes: object) -> Tensor:
    return made(backend, seen, **changes).tokens


def made(backend: LazyBackend, seen: ModelInput, **changes: object) -> LazyLatents:
    params = denoise_params(**({"steps": 3, "guidance": 2.0, "sampler": "euler"} | changes))
    text = backend.encode_prompt("red apple", "")
    return backend.denoise(backend.encode_context(seen), text, params, lambda *news: None)


# --- what is computed --------------------------------------------------------------------------


def test_every_token_is_computed_whatever_the_hole(image: RegenerateBackend) -> None:
    for hole in (np.s_[0:1, 0:1], HOLE, np.s_[:, :]):
        context = image.encode_context(view(hole))
        assert (image.tokens(context).canvas, image.tokens(context).hole) == (64, 64)
        assert context.hole.index.tolist() == [list(range(64))]
        assert run(image, view(hole)).shape == (1, 64, 16)


def test_a_crop_has_a_quarter_of_the_tokens(crop: RegenerateBackend) -> None:
    assert crop.info.native_side == 32
    context = crop.encode_context(view(np.s_[4:28, 4:28], 32))
    assert (crop.tokens(context).canvas, crop.tokens(context).hole) == (16, 16)


def test_visible_pixels_far_from_the_hole_count(image: RegenerateBackend) -> None:
    seen = view()
    other = ModelInput(seen.image.copy(), seen.mask)
    other.image[60:, :8] = 0
    inside = np.flatnonzero(seen.mask.reshape(8, 8, 8, 8).any((1, 3)))
    assert not torch.allclose(run(image, seen)[0, inside], run(image, other)[0, inside])


def test_the_mask_counts_where_the_pixels_are_the_same(image: RegenerateBackend) -> None:
    grey = np.full((64, 64, 3), 127, np.uint8)
    small, large = (ModelInput(grey, view(hole).mask) for hole in (np.s_[24:32, 24:32], HOLE))
    assert not torch.allclose(run(image, small), run(image, large))


def test_samples_are_the_same_alone_and_beside_others(image: RegenerateBackend) -> None:
    together = run(image, view(), seeds=(3, 4))
    alone = run(image, view(), seeds=(4,))
    assert torch.allclose(together[1], alone[0], atol=1e-4 * float(alone.abs().max()))
    assert not torch.allclose(together[0], together[1])


def test_the_whole_picture_is_generated(image: RegenerateBackend) -> None:
    """What of it is thrown away is the engine's business."""
    context = image.encode_context(view())
    one, other = (image.decode(context, made(image, view(), seeds=(k,)), 0) for k in (3, 4))
    assert one.shape == (64, 64, 3)
    assert (one[50:, 50:] != other[50:, 50:]).any()


# --- through the engine ------------------------------------------------------------------------


@pytest.mark.parametrize("hole", [(16, 12, 40, 36), (0, 0, 64, 48)])
def test_only_the_hole_changes(
    image: RegenerateBackend,
    crop: RegenerateBackend,
    hole: tuple[int, int, int, int],
    make_request: Callable[..., EditRequest],
) -> None:
    for backend in (image, crop):
        request = make_request(hole=hole, steps=2)
        engine = Engine(backend)
        result = engine.run(request)
        assert result.pixels_changed_outside_mask == 0
        assert (result.image[request.mask] != request.image[request.mask]).mean() > 0.9
        assert (engine.run(request).image == result.image).all()
        assert result.backend == backend.checkpoint.lazy.config.architecture


def test_a_crop_is_blind_to_what_lies_outside(
    image: RegenerateBackend, crop: RegenerateBackend, make_request: Callable[..., EditRequest]
) -> None:
    """The hole's 24 pixels take three quarters of the crop: 32 pixels, 4 around the hole."""
    request = make_request((64, 64), (20, 20, 44, 44), steps=2)
    other = request.image.copy()
    other[:16], other[48:], other[:, :16], other[:, 48:] = 0, 0, 0, 0
    changed = dataclasses.replace(request, image=other)
    for backend, blind in ((crop, True), (image, False)):
        one, two = (Engine(backend).run(r).patches[0] for r in (request, changed))
        assert (one == two).all() == blind


def test_a_large_hole_is_made_at_the_crops_low_resolution(
    crop: RegenerateBackend, make_request: Callable[..., EditRequest]
) -> None:
    request = make_request((128, 128), (16, 16, 112, 112))
    window = crop_for_model(request.image, request.mask, "auto", crop.info).window
    assert (window.box.width, window.side) == (128, 32)


# --- folders -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("architecture", "load"), [("regenerate_image", load_image), ("regenerate_crop", load_crop)]
)
def test_a_folder_declares_its_architecture(
    architecture: Architecture,
    load: Callable[[str, str], LazyBackend],
    make_baseline: Callable[[Architecture], Checkpoint],
    word_states: TextEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lazydiffusion, "load_text_encoder", lambda *given: word_states)
    folder = tmp_path / "model"
    save_checkpoint(folder, make_baseline(architecture))
    assert json.loads((folder / "config.json").read_text())["lazy"]["architecture"] == architecture
    assert Engine.load(str(folder), device="cpu").info.backend == architecture
    assert load(str(folder), "cpu").info.backend == architecture
    other = "lazydiffusion"
    with pytest.raises(ModelError, match=f"is a model for the backend {architecture}, not"):
        Engine.load(str(folder), backend=other, device="cpu")


def test_a_lazy_model_is_no_baseline(tiny_folder: Path) -> None:
    with pytest.raises(ModelError, match="for the backend lazydiffusion, not for regenerate_crop"):
        load_crop(str(tiny_folder), "cpu")
