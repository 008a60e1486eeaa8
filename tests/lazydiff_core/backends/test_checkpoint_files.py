"""Checkpoints of Stable Diffusion in one file, in the names of their makers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import ModelError
from lazydiff_core.model_store import default_registry
from lazydiff_core.model_store.single_files import base_of, recognise
from tests.lazydiff_core import public_layouts as layouts

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)
State: TypeAlias = dict[str, torch.Tensor]
Names: TypeAlias = list[tuple[str, str]]

_RESNET: Names = [
    ("norm1", "in_layers.0"), ("conv1", "in_layers.2"), ("time_emb_proj", "emb_layers.1"),
    ("norm2", "out_layers.0"), ("conv2", "out_layers.3"), ("conv_shortcut", "skip_connection"),
]  # fmt: skip
# Of U-Nets of two levels with one layer each, the second with attention.
_UNET: Names = [
    (r"^conv_in", "input_blocks.0.0"),
    (r"^down_blocks.0.resnets.0", "input_blocks.1.0"),
    (r"^down_blocks.0.downsamplers.0.conv", "input_blocks.2.0.op"),
    (r"^down_blocks.1.resnets.0", "input_blocks.3.0"),
    (r"^down_blocks.1.attentions.0", "input_blocks.3.1"),
    (r"^mid_block.resnets.0", "middle_block.0"),
    (r"^mid_block.attentions.0", "middle_block.1"),
    (r"^mid_block.resnets.1", "middle_block.2"),
    (r"^up_blocks.0.resnets.(\d)", r"output_blocks.\1.0"),
    (r"^up_blocks.0.attentions.(\d)", r"output_blocks.\1.1"),
    (r"^up_blocks.0.upsamplers.0.conv", "output_blocks.1.2.conv"),
    (r"^up_blocks.1.resnets.0", "output_blocks.2.0"),
    (r"^up_blocks.1.resnets.1", "output_blocks.3.0"),
    (r"^conv_norm_out", "out.0"),
    (r"^conv_out", "out.2"),
    (r"^time_embedding.linear_1", "time_embed.0"),
    (r"^time_embedding.linear_2", "time_embed.2"),
    (r"^add_embedding.linear_1", "label_emb.0.0"),
    (r"^add_embedding.linear_2", "label_emb.0.2"),
]
_VAE: Names = [
    (r"encoder.down_blocks.(\d).resnets", r"encoder.down.\1.block"),
    (r"encoder.down_blocks.(\d).downsamplers.0", r"encoder.down.\1.downsample"),
    (r"decoder.up_blocks.0.resnets", "decoder.up.1.block"),
    (r"decoder.up_blocks.1.resnets", "decoder.up.0.block"),
    (r"decoder.up_blocks.0.upsamplers.0", "decoder.up.1.upsample"),
    (r"mid_block.resnets.0", "mid.block_1"),
    (r"mid_block.resnets.1", "mid.block_2"),
    (r"mid_block.attentions.0", "mid.attn_1"),
    (r"attn_1.group_norm", "attn_1.norm"),
    (r"attn_1.(?:to_)?(q|k|v)(?:uery|ey|alue)?\.", r"attn_1.\1."),
    (r"attn_1.(to_out.0|proj_attn)", "attn_1.proj_out"),
    (r"conv_norm_out", "norm_out"),
    (r"conv_shortcut", "nin_shortcut"),
]
_OPEN_CLIP: Names = [
    (r"^embeddings.position_embedding.weight", "positional_embedding"),
    (r"^embeddings.token_embedding", "token_embedding"),
    (r"^final_layer_norm", "ln_final"),
    (r"^encoder.layers", "transformer.resblocks"),
    (r"layer_norm1", "ln_1"),
    (r"layer_norm2", "ln_2"),
    (r"mlp.fc1", "mlp.c_fc"),
    (r"mlp.fc2", "mlp.c_proj"),
    (r"self_attn.out_proj", "attn.out_proj"),
]


def renamed(state: State, start: str, names: Names) -> State:
    """Tensors under the makers' names, which begin with `start`."""
    made = {}
    for name, value in state.items():
        for ours, makers in names:
            name = re.sub(ours, makers, name)
        made[f"{start}{name}"] = value
    return made


def unet_of(folder: Path) -> State:
    block = r"(put_blocks.\d.0|middle_block.[02])"
    inside = [(rf"{block}.{ours}", rf"\1.{makers}") for ours, makers in _RESNET]
    names = [*_UNET, *inside]
    return renamed(weights(folder / "unet"), "model.diffusion_model.", names)


def vae_of(folder: Path) -> State:
    made = renamed(weights(folder / "vae"), "first_stage_model.", _VAE)
    matrix = re.compile(r"attn_1.(q|k|v|proj_out).weight")  # stored as convolutions
    return {n: v[..., None, None] if matrix.search(n) else v for n, v in made.items()}


def clip_of(folder: Path, start: str) -> State:
    return {f"{start}text_model.{name}": value for name, value in text_states(folder).items()}


def open_clip_of(folder: Path, start: str) -> State:
    state = text_states(folder)
    projection = state.pop("text_projection.weight", None)
    for layer in range(2):
        for kind in ("weight", "bias"):
            here = f"encoder.layers.{layer}.self_attn"
            parts = [state.pop(f"{here}.{part}_proj.{kind}") for part in "qkv"]
            state[f"encoder.layers.{layer}.attn.in_proj_{kind}"] = torch.cat(parts)
    made = renamed(state, start, _OPEN_CLIP)
    return made if projection is None else made | {f"{start}text_projection": projection.T}


def text_states(folder: Path) -> State:
    return {name.removeprefix("text_model."): v for name, v in weights(folder).items()}


def weights(folder: Path) -> State:
    (path,) = (p for p in folder.glob("*.safetensors") if ".fp16." not in p.name)
    return load_file(path)


def sdxl(folder: Path) -> State:
    layouts.sdxl_inpainting(folder)
    return (
        unet_of(folder) | vae_of(folder)
        | clip_of(folder / "text_encoder", "conditioner.embedders.0.transformer.")
        | open_clip_of(folder / "text_encoder_2", "conditioner.embedders.1.model.")
    )  # fmt: skip


def sd2(folder: Path) -> State:
    layouts.sd2_inpainting(folder)
    text = open_clip_of(folder / "text_encoder", "cond_stage_model.model.")
    return unet_of(folder) | vae_of(folder) | text


def sd1(folder: Path) -> State:
    layouts.sd2_inpainting(folder)
    text = clip_of(folder / "text_encoder", "cond_stage_model.transformer.")
    return unet_of(folder) | vae_of(folder) | text


def lender(folder: Path, made: Path, *, channels: int = 9, keeps: str = "") -> Path:
    """A copy of a pipeline without any weights but those of one part, added to the registry."""
    shutil.copytree(folder, made)
    for path in made.rglob("*.safetensors"):
        if path.parent.name != keeps:
            path.unlink()
    config = made / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"in_channels": channels}))
    default_registry().add(made, made.name)
    return made


def save(path: Path, state: State) -> str:
    save_file({name: value.contiguous() for name, value in state.items()}, path)
    return str(path)


def fill(model: str, make_request: Any) -> np.ndarray:
    request: EditRequest = make_request(steps=2)
    return Engine.load(model, device="cpu").run(request).patches[0].astype(int)


@pytest.mark.parametrize("make", [sdxl, sd2, sd1])
def test_a_checkpoint_paints_as_its_folder_does(
    make: Callable[[Path], State], tmp_path: Path, make_request: Any
) -> None:
    path = save(tmp_path / "any name.safetensors", make(tmp_path / "whole"))
    lender(tmp_path / "whole", tmp_path / "lender", channels=4)
    found = fill(path, make_request)
    assert np.abs(found - fill(str(tmp_path / "whole"), make_request)).max() <= 1
    assert Engine.load(path, device="cpu").info.model == "any name.safetensors"


def test_a_part_that_a_checkpoint_lacks_is_lent(tmp_path: Path, make_request: Any) -> None:
    state = sdxl(tmp_path / "whole")
    without = {n: v for n, v in state.items() if not n.startswith("first_stage_model.")}
    path = save(tmp_path / "no vae.safetensors", without)
    lender(tmp_path / "whole", tmp_path / "lender", keeps="vae")
    found = fill(path, make_request)
    assert np.abs(found - fill(str(tmp_path / "whole"), make_request)).max() <= 1


def test_an_inpainting_model_lends_to_its_kind_first(tmp_path: Path) -> None:
    path = save(tmp_path / "one.safetensors", sd2(tmp_path / "whole"))
    lender(tmp_path / "whole", tmp_path / "a", channels=4)
    inpainting = lender(tmp_path / "whole", tmp_path / "b")
    assert base_of(recognise(Path(path))) == inpainting


@pytest.mark.parametrize(
    ("make", "source"),
    [(sdxl, "xl-1.0-inpainting"), (sd1, "v1-5/stable")],
)
def test_without_a_pipeline_that_lends_the_rest(
    make: Callable[[Path], State], source: str, tmp_path: Path
) -> None:
    path = save(tmp_path / "one.safetensors", make(tmp_path / "whole"))
    with pytest.raises(ModelError, match=rf"borrows .* --without-weights`, of .*{source}"):
        Engine.load(path, device="cpu")


def test_checkpoints_that_cannot_be_used(tmp_path: Path) -> None:
    state = sdxl(tmp_path / "whole")
    lender(tmp_path / "whole", tmp_path / "lender")
    first = "model.diffusion_model.input_blocks.0.0.weight"
    refiners = {"conditioner.embedders.0.model.ln_final.bias": torch.zeros(1)}

    def lacking(part: str) -> State:
        return {name: value for name, value in state.items() if part not in name}

    for wrong, why in (
        (state | {"edm_mean": torch.zeros(4)}, r"has latents of its own \(edm_mean\)"),
        (state | {first: state[first][:, :8]}, "is no model that LazyDiff reads"),
        (state | refiners, "is no model that LazyDiff reads"),
        (lacking("time_embed.0"), "incomplete: weights of its UNet2DConditionModel"),
        (lacking("positional_embedding"), "does not hold a CLIPTextModelWithProjection"),
        (lacking(".ln_final."), "incomplete: it has no .*final_layer_norm"),
    ):
        path = save(tmp_path / "some.safetensors", wrong)
        with pytest.raises(ModelError, match=why):
            Engine.load(path, device="cpu")


V_PREDICTION = {"prediction_type": "v_prediction"}
ZERO_SNR = V_PREDICTION | {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
EDM: dict[str, Any] = {
    "sigma_min": 0.01, "sigma_max": 90.0, "sigma_data": 1.0, "sigma_schedule": "exponential",
}  # fmt: skip


def sampled_by(folder: Path, made: Path, kind: str, config: dict[str, Any]) -> Path:
    """A copy of a pipeline with another scheduler."""
    shutil.copytree(folder, made)
    (made / "scheduler" / "scheduler_config.json").write_text(json.dumps(config))
    index = json.loads((made / "model_index.json").read_text())
    (made / "model_index.json").write_text(json.dumps(index | {"scheduler": ["diffusers", kind]}))
    return made


@pytest.mark.parametrize(
    ("make", "marks", "kind", "config"),
    [
        (sdxl, {"v_pred": torch.zeros(0)}, "EulerDiscreteScheduler", V_PREDICTION),
        (sdxl, {"v_pred": torch.zeros(0), "ztsnr": torch.zeros(0)},
         "EulerDiscreteScheduler", ZERO_SNR),
        (sd1, {"v_pred": torch.zeros(0), "ztsnr": torch.zeros(0)},
         "EulerDiscreteScheduler", ZERO_SNR),
        (sdxl, {"edm_vpred.sigma_max": torch.tensor(90.0),
                "edm_vpred.sigma_min": torch.tensor([0.01])},
         "EDMEulerScheduler", EDM | V_PREDICTION),
    ],
)  # fmt: skip
def test_a_checkpoint_is_sampled_as_it_was_trained(
    make: Callable[[Path], State],
    marks: State,
    kind: str,
    config: dict[str, Any],
    tmp_path: Path,
    make_request: Any,
) -> None:
    """Whatever its lender is sampled by."""
    path = save(tmp_path / "marked.safetensors", make(tmp_path / "whole") | marks)
    own = json.loads((tmp_path / "whole" / "scheduler" / "scheduler_config.json").read_text())
    lender(tmp_path / "whole", tmp_path / "lender")
    expected = sampled_by(tmp_path / "whole", tmp_path / "other", kind, own | config)
    found = fill(path, make_request)
    assert np.abs(found - fill(str(expected), make_request)).max() <= 1
    assert np.abs(found - fill(str(tmp_path / "whole"), make_request)).max() > 1
    sampler = Engine.load(path, device="cpu").info.default_sampler
    assert f"{sampler}Scheduler" == kind


def test_a_checkpoint_of_noise_is_not_sampled_as_its_lender(
    tmp_path: Path, make_request: Any
) -> None:
    path = save(tmp_path / "plain.safetensors", sdxl(tmp_path / "whole"))
    own = json.loads((tmp_path / "whole" / "scheduler" / "scheduler_config.json").read_text())
    other = sampled_by(
        tmp_path / "whole", tmp_path / "v", "EulerDiscreteScheduler", own | V_PREDICTION
    )
    default_registry().add(other, "v")
    found = fill(path, make_request)
    assert np.abs(found - fill(str(tmp_path / "whole"), make_request)).max() <= 1
