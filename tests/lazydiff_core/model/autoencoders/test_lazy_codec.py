"""Latents at a cost set by the mask: equal to full passes, and what they do not compute."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from lazydiff_core.contract import Box
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.model.autoencoders import lazy_codec, recorded_passes
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.layer_crops import cut_cells, run_whole, spread
from lazydiff_core.model.autoencoders.lazy_codec import LazyCodec
from lazydiff_core.model.autoencoders.sd_autoencoder import SDAutoencoder, load_sd_autoencoder
from lazydiff_core.model.autoencoders.tiny_autoencoder import TinyAutoencoder


@pytest.fixture(scope="module")
def tiny(randomise: Callable[[Any], Any]) -> TinyAutoencoder:
    from diffusers import AutoencoderTiny

    sizes = {"num_encoder_blocks": (1, 1, 1), "num_decoder_blocks": (1, 1, 1)}
    widths = {"encoder_block_out_channels": (8,) * 3, "decoder_block_out_channels": (8,) * 3}
    codec: TinyAutoencoder = randomise(TinyAutoencoder(AutoencoderTiny(**sizes, **widths)))
    return codec


@pytest.fixture(params=["ours", "tiny"])
def exact(
    request: pytest.FixtureRequest, tiny_autoencoder: Autoencoder, tiny: TinyAutoencoder
) -> LatentCodec:
    return tiny_autoencoder if request.param == "ours" else tiny


@pytest.fixture
def stable(pixart_pipeline: Path) -> SDAutoencoder:
    return load_sd_autoencoder(pixart_pipeline / "vae")


def smooth_image(side: int, seed: int = 0) -> Tensor:
    coarse = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return torch.nn.functional.interpolate(coarse, size=side, mode="bilinear")


def edited(image: Tensor, box: Box, value: float = 0.9) -> Tensor:
    changed = image.clone()
    changed[(..., *box.slices)] = value
    return changed


# --- exact codecs --------------------------------------------------------------------------------


@torch.no_grad()
@pytest.mark.parametrize("kept", [10**9, 0], ids=["layers kept", "latents alone"])
@pytest.mark.parametrize("box", [Box(0, 0, 5, 9), Box(100, 60, 108, 66), Box(90, 100, 128, 128)])
def test_an_edit_is_encoded_as_if_all_were(
    exact: LatentCodec, monkeypatch: pytest.MonkeyPatch, box: Box, kept: int
) -> None:
    monkeypatch.setattr(lazy_codec, "MAX_KEPT_BYTES", kept)
    lazy, image = LazyCodec(exact), smooth_image(128)
    assert torch.equal(lazy.encode(image), exact.encode(image))
    for after in (edited(image, box), edited(edited(image, box), Box(30, 30, 33, 34))):
        assert torch.allclose(lazy.encode(after), exact.encode(after), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("kept", [10**9, 0], ids=["layers kept", "latents alone"])
def test_only_what_changed_is_encoded(
    exact: LatentCodec, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(lazy_codec, "MAX_KEPT_BYTES", kept)
    lazy, image = LazyCodec(exact), smooth_image(256)
    first = lazy.encode(image)
    after = edited(edited(image, Box(8, 8, 12, 12)), Box(240, 240, 244, 244))
    expected = exact.encode(after)
    monkeypatch.setattr(lazy, "_whole", None)  # a full pass would fail
    assert lazy.encode(image.clone()) is first
    assert torch.allclose(lazy.encode(after), expected, atol=1e-5)
    assert lazy.encode(image) is first  # it has not been forgotten


@torch.no_grad()
def test_a_canvas_that_has_little_in_common_is_encoded_whole(exact: LatentCodec) -> None:
    lazy = LazyCodec(exact)
    lazy.encode(smooth_image(128))
    for image in (smooth_image(128, seed=1), smooth_image(64)):
        assert torch.equal(lazy.encode(image), exact.encode(image))


@torch.no_grad()
def test_latents_do_not_drift_over_many_edits(exact: LatentCodec) -> None:
    lazy, image = LazyCodec(exact), smooth_image(128)
    for k in range(8):
        image = edited(image, Box(8 * k, 40, 8 * k + 6, 50), value=k / 8)
        latents = lazy.encode(image)
    assert torch.allclose(latents, exact.encode(image), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("box", [Box(0, 0, 3, 4), Box(10, 12, 15, 14), Box(0, 0, 32, 32)])
def test_a_box_is_decoded_as_if_all_were(exact: LatentCodec, box: Box) -> None:
    latents = torch.randn(1, exact.channels, 32, 32)
    pixels = box.scale(exact.scale)
    part = LazyCodec(exact).decode_box(latents, pixels)
    assert torch.allclose(part, cut_cells(exact.decode(latents), pixels), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("direction", ["encoding", "decoding"])
def test_the_halo_is_what_a_cell_reaches(exact: LatentCodec, direction: str) -> None:
    """Derived from the layers, no less and no more."""
    codec = copy.deepcopy(exact).double()
    steps = getattr(codec, direction)().steps
    cell = codec.scale if direction == "encoding" else 1
    x = torch.randn(1, 3 if direction == "encoding" else codec.channels, 48 * cell, 48 * cell)
    x, here = x.double(), Box(24 * cell, 24 * cell, 25 * cell, 25 * cell)
    differs = (run_whole(steps, x) != run_whole(steps, edited(x, here))).any(1)[0]
    reached = spread(steps, x, here)
    found = bounding_box(differs.numpy())
    assert found.union(reached) == reached
    # Strides and shuffles round to whole cells: what is too much stays below one of either grid.
    assert found.grow(max(cell, codec.scale)).clip(reached) == reached


# --- codecs that record statistics ------------------------------------------------------------


@torch.no_grad()
def test_a_codec_with_a_tape_is_the_autoencoder_at_first(stable: SDAutoencoder) -> None:
    lazy, image = LazyCodec(stable), smooth_image(256)
    latents = stable.encode(image)
    assert torch.allclose(lazy.encode(image), latents, atol=1e-5)
    part = lazy.decode_box(latents, Box(40, 48, 96, 80))
    whole = stable.decode(latents)
    assert torch.allclose(part, cut_cells(whole, Box(40, 48, 96, 80)), atol=1e-5)


@torch.no_grad()
def test_small_edits_take_no_further_full_pass(stable: SDAutoencoder) -> None:
    lazy, image = LazyCodec(stable), smooth_image(768)
    first = lazy.encode(image)
    for value in (0.2, 0.3):
        image = edited(image, Box(360, 380, 376, 396), value)
        latents, true = lazy.encode(image), stable.encode(image)
        assert float((latents - true).abs().max()) < 0.02 * float(true.std())
        assert not torch.equal(latents, first)
    assert lazy.encoder is not None
    assert lazy.encoder.full_passes == 1


@torch.no_grad()
def test_other_variants_take_no_further_full_pass(
    stable: SDAutoencoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded_passes, "MAX_SHIFT", 0.1)  # whatever is tolerated of real weights
    lazy, latents = LazyCodec(stable), stable.encode(smooth_image(512))
    pixels = Box(22, 22, 35, 35).scale(8)
    lazy.decode_box(latents, pixels)
    for seed in range(3):
        torch.manual_seed(seed)
        variant = latents.clone()
        variant[..., 26:31, 26:31] += 0.1 * torch.randn(1, 4, 5, 5)
        part, true = lazy.decode_box(variant, pixels), cut_cells(stable.decode(variant), pixels)
        assert float((part - true).abs().mean()) < 0.01 * float(true.std())
        assert torch.equal(part, lazy.decode_box(variant, pixels))
    assert lazy.decoder is not None
    assert lazy.decoder.full_passes == 1
    assert lazy.decoder.statistics.shift > 0


@torch.no_grad()
def test_a_rim_of_a_change_need_not_be_decoded(
    stable: SDAutoencoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statistics are kept by tiles: a rim that fills none hardly moves them."""
    monkeypatch.setattr(recorded_passes, "MAX_SHIFT", 1.0)
    torch.manual_seed(0)
    latents = stable.encode(smooth_image(512))
    variant = latents.clone()
    variant[..., 23:37, 23:37] += 0.1 * torch.randn(1, 4, 14, 14)  # pixels 184 to 296
    inner, true = Box(190, 190, 290, 290), stable.decode(variant)
    shifts, errors = [], []
    for wanted in (Box(184, 184, 296, 296), inner):
        lazy = LazyCodec(stable)
        lazy.decode_box(latents, wanted)
        part = cut_cells(lazy.decode_box(variant, wanted), inner, wanted)
        assert lazy.decoder is not None
        shifts.append(lazy.decoder.statistics.shift)
        errors.append(float((part - cut_cells(true, inner)).abs().mean()))
    assert shifts[0] == pytest.approx(shifts[1], rel=0.01)
    assert errors[1] < 1.2 * errors[0]


@torch.no_grad()
def test_changes_elsewhere_are_not_forgotten(stable: SDAutoencoder) -> None:
    """A crop far from a change still gets the statistics that the change has moved."""
    lazy, latents = LazyCodec(stable), stable.encode(smooth_image(512))
    lazy.decode_box(latents, Box(80, 80, 112, 112))
    moved = latents.clone()
    moved[..., 20:24, 20:24] += 0.3
    part = lazy.decode_box(moved, Box(80, 80, 112, 112))
    true = cut_cells(stable.decode(moved), Box(80, 80, 112, 112))
    stale = cut_cells(stable.decode(latents), Box(80, 80, 112, 112))
    assert float((part - true).abs().mean()) < 0.3 * float((stale - true).abs().mean())


@torch.no_grad()
@pytest.mark.parametrize("why", ["statistics moved", "much changed", "another size", "forgotten"])
def test_where_a_full_pass_is_made(
    stable: SDAutoencoder, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    lazy, latents = LazyCodec(stable), stable.encode(smooth_image(512))
    box, other = Box(240, 240, 272, 272), latents.clone()
    lazy.decode_box(latents, box)
    other[..., 31:33, 31:33] += 1
    if why == "statistics moved":
        monkeypatch.setattr(recorded_passes, "MAX_SHIFT", 1e-6)
    if why == "much changed":
        other += 0.1
    if why == "another size":
        other = other[..., :40, :40]
    if why == "forgotten":
        lazy.forget()
    part = lazy.decode_box(other, box)
    true = cut_cells(stable.decode(other), box)
    assert torch.allclose(part, true, atol=1e-4)
    assert lazy.decoder is not None
    assert lazy.decoder.full_passes == 2


@torch.no_grad()
def test_layers_are_those_of_the_autoencoder(stable: SDAutoencoder, tiny: TinyAutoencoder) -> None:
    image = smooth_image(64)
    for codec in (stable, tiny):
        latents = codec.encode(image)
        for layers, x, expected in (
            (codec.encoding(), image, latents),
            (codec.decoding(), latents, codec.decode(latents)),
        ):
            assert torch.allclose(run_whole(layers.steps, x), expected, atol=1e-5)
