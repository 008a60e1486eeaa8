"""Plans for cards that are not here, with the sizes of FLUX.2 [klein] 4B."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from lazydiff_core.backends.cached_dit.flux2_needs import needs_of
from lazydiff_core.backends.fitting import (
    Fit,
    Size,
    choose_fit,
    place_denoiser,
    size_on_disk,
    stages_of,
    text_bytes,
)
from lazydiff_core.doctor.tiny_pipelines import TINY
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.model.files.packed_weights import PackedLinear

CUDA, CPU, MPS = (torch.device(name) for name in ("cuda", "cpu", "mps"))
BF16 = torch.bfloat16
KLEIN = needs_of(
    Size(3_876_000_000, 245_000_000, 3_707_000_000, 85_000_000),
    Size(3_200_000_000, 389_000_000, 2_811_000_000, 25_000_000), Size(84_000_000),
    width=3072, layers=25, side=1024,
)  # fmt: skip


def fit(
    gigabytes: float,
    device: torch.device = CUDA,
    dtype: torch.dtype = BF16,
    host: int = 32 * 10**9,
) -> Fit:
    return choose_fit(KLEIN, dtype, device, int(gigabytes * 1e9), "klein", host)


@pytest.mark.parametrize(
    ("gigabytes", "denoiser", "visits"),
    [
        (40, "resident", False),
        (20, "resident", True),  # rather room for keys than for a text encoder
        (12, "resident", True),
        (8, "eight_bit", True),
        (5, "four_bit", True),
        (4, "visits", True),
    ],
)
def test_the_best_plan_that_fits(gigabytes: float, denoiser: str, visits: bool) -> None:
    found = fit(gigabytes)
    assert (found.denoiser, found.text_visits) == (denoiser, visits)
    assert found.peak <= gigabytes * 1e9
    assert found.peak == max(peak for _, peak in stages_of(KLEIN, found).values())
    assert bool(found.notice) == visits
    assert ("8 bits" in found.notice) == (denoiser == "eight_bit")
    assert ("4 bits" in found.notice) == (denoiser == "four_bit")


def test_a_card_without_room_is_told_with_numbers() -> None:
    with pytest.raises(OutOfMemoryError, match=r"klein needs at least \d\.\d GB on cuda, where 1"):
        fit(1)


def test_apples_memory_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not fit(18, MPS).text_visits
    shared = fit(12, MPS)
    assert (shared.denoiser, shared.text_visits, shared.text_packed) == ("eight_bit", False, True)
    assert "The text encoder's weights are kept in 8 bits." in shared.notice
    with pytest.raises(OutOfMemoryError):
        fit(5, MPS)


def test_a_text_encoder_is_packed_where_main_memory_has_no_room_for_it() -> None:
    assert not fit(8, host=7 * 10**9).text_packed
    found = fit(8, host=6 * 10**9)
    assert found.text_packed
    assert text_bytes(KLEIN, found) < 0.7 * text_bytes(KLEIN, fit(8))


def test_quantised_weights_count_by_their_bytes(tmp_path: Path) -> None:
    save_file({"layers.0.a.weight": torch.zeros(64, 64).byte()}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text('{"quantization_config": {"quant_method": "torchao"}}')
    size = size_on_disk(tmp_path, "model")
    assert 4096 / 2 <= size.all < 4096 / 2 + 200
    assert (size.layer, size.packed) == (0, 0)


def test_a_text_encoder_that_cannot_visit_stays() -> None:
    quantised = replace(KLEIN, text=Size(1_600_000_000))
    found = choose_fit(quantised, BF16, CUDA, 14 * 10**9, "klein", 32 * 10**9)
    assert (found.denoiser, found.text_visits) == ("resident", False)


def test_what_cannot_be_packed_is_not_planned_to_be() -> None:
    quantised = replace(KLEIN, denoiser=Size(3_876_000_000))
    with pytest.raises(OutOfMemoryError):
        choose_fit(quantised, BF16, CUDA, 8 * 10**9, "klein", 32 * 10**9)


def test_the_cpu_takes_half_precision_where_the_whole_one_finds_no_room() -> None:
    assert fit(40, CPU, torch.float32).dtype == torch.float32
    assert fit(20, CPU, torch.float32).dtype == BF16
    assert fit(20, CPU, torch.float32).notice == "The model computes in half precision, to fit."
    packed = fit(13, CPU, torch.float32)
    assert (packed.dtype, packed.denoiser, packed.text_packed) == (BF16, "eight_bit", True)
    assert packed.peak >= (3.8 + 2 * 3.2) * 1e9, "it is read in full before it is packed"
    assert fit(10, CPU, torch.float32).denoiser == "four_bit"
    with pytest.raises(OutOfMemoryError):
        fit(8, CPU, torch.float32)


def test_sizes_are_read_from_headers(tmp_path: Path) -> None:
    state = {
        "embed.weight": torch.zeros(7, 2),
        "layers.0.a.weight": torch.zeros(4, 4),
        "layers.0.b.weight": torch.zeros(4),
        "layers.1.a.weight": torch.zeros(3),
        "lm_head.weight": torch.zeros(100),
    }
    save_file(state, tmp_path / "model.safetensors")
    size = size_on_disk(tmp_path, "model", lambda name: name != "lm_head.weight")
    assert size == Size(14 + 20 + 3, 20, 16, 16)
    with pytest.raises(ModelError, match="missing"):
        size_on_disk(tmp_path, "diffusion_pytorch_model")


@torch.inference_mode()
@pytest.mark.parametrize(("denoiser", "most"), [("eight_bit", 0.01), ("four_bit", 0.15)])
def test_packed_weights_compute_nearly_the_same(denoiser: Any, most: float) -> None:
    from diffusers import PixArtTransformer2DModel

    torch.manual_seed(0)
    sizes = {"num_attention_heads": 2, "attention_head_dim": 8, "cross_attention_dim": 16}
    kind: Any = PixArtTransformer2DModel
    network = kind(num_layers=2, sample_size=8, caption_channels=8, **sizes)
    network.eval()
    x, states = torch.randn(1, 4, 8, 8), torch.randn(1, 3, 8)
    given: dict[str, Any] = {"encoder_hidden_states": states, "timestep": torch.tensor([5])}
    given["added_cond_kwargs"] = {"resolution": None, "aspect_ratio": None}
    plain = network(x, **given).sample
    place_denoiser(network, Fit(torch.float32, denoiser), CPU)
    stored = {type(m) for n, m in network.named_modules() if n.endswith((".to_q", ".net.2"))}
    assert stored == {PackedLinear}
    narrow = network(x, **given).sample
    assert 0 < (narrow - plain).norm() < most * plain.norm()


@pytest.mark.parametrize("kind", ["klein", "sdxl", "pixart"])
def test_memory_that_ends_while_a_model_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    import diffusers

    network = {
        "klein": diffusers.Flux2Transformer2DModel,
        "sdxl": diffusers.UNet2DConditionModel,
        "pixart": diffusers.PixArtTransformer2DModel,
    }[kind]
    folder = TINY[kind](tmp_path / "model")

    def full(*arguments: object, **options: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr(network, "from_pretrained", full)
    with pytest.raises(OutOfMemoryError, match=r"^model does not fit into the memory of cpu"):
        Engine.load(str(folder), device="cpu")
