"""Transformers in single files, in the names of their makers, as bfloat16 and as GGUF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from lazydiff_core.cli import main
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.scaled_weights import read_scaled
from lazydiff_core.model_store import default_registry
from tests.lazydiff_core import public_layouts as layouts
from tests.lazydiff_core.cli.driving import Outcome, Run

pytestmark = pytest.mark.filterwarnings("ignore:builtin type:DeprecationWarning")
_DOUBLE = {
    "attn.norm_q": "img_attn.norm.query_norm", "attn.norm_k": "img_attn.norm.key_norm",
    "attn.to_out.0": "img_attn.proj", "ff.linear_in": "img_mlp.0", "ff.linear_out": "img_mlp.2",
    "attn.norm_added_q": "txt_attn.norm.query_norm", "attn.norm_added_k": "txt_attn.norm.key_norm",
    "attn.to_add_out": "txt_attn.proj", "ff_context.linear_in": "txt_mlp.0",
    "ff_context.linear_out": "txt_mlp.2",
}  # fmt: skip
_SINGLE = {
    "attn.to_qkv_mlp_proj": "linear1", "attn.to_out": "linear2", "attn.norm_q": "norm.query_norm",
    "attn.norm_k": "norm.key_norm",
}  # fmt: skip
_OUTSIDE = {
    "x_embedder": "img_in", "context_embedder": "txt_in", "proj_out": "final_layer.linear",
    "time_guidance_embed.timestep_embedder.linear_1": "time_in.in_layer",
    "time_guidance_embed.timestep_embedder.linear_2": "time_in.out_layer",
    "double_stream_modulation_img.linear": "double_stream_modulation_img.lin",
    "double_stream_modulation_txt.linear": "double_stream_modulation_txt.lin",
    "single_stream_modulation.linear": "single_stream_modulation.lin",
}  # fmt: skip


def in_its_makers_names(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors of a transformer of diffusers as the makers' own single file has them."""
    made = {}
    for name, value in state.items():
        layer, kind = name.rsplit(".", 1)
        if layer.startswith("transformer_blocks.0."):
            inside = layer.removeprefix("transformer_blocks.0.")
            if inside in _DOUBLE:
                scale = "scale" if "norm" in inside else kind
                made[f"double_blocks.0.{_DOUBLE[inside]}.{scale}"] = value
        elif layer.startswith("single_transformer_blocks.0."):
            inside = layer.removeprefix("single_transformer_blocks.0.")
            scale = "scale" if "norm" in inside else kind
            made[f"single_blocks.0.{_SINGLE[inside]}.{scale}"] = value
        elif layer == "norm_out.linear":
            scale, shift = value.chunk(2)
            made["final_layer.adaLN_modulation.1.weight"] = torch.cat([shift, scale])
        else:
            made[f"{_OUTSIDE[layer]}.{kind}"] = value
    start = "transformer_blocks.0.attn"
    for stream, names in (("img", ("to_q", "to_k", "to_v")),
                          ("txt", ("add_q_proj", "add_k_proj", "add_v_proj"))):  # fmt: skip
        parts = [state[f"{start}.{name}.weight"] for name in names]
        made[f"double_blocks.0.{stream}_attn.qkv.weight"] = torch.cat(parts)
    return made


@pytest.fixture(scope="module")
def klein_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "klein"
    layouts.klein(folder, is_distilled=True)
    return folder


@pytest.fixture
def base(klein_folder: Path) -> Path:
    default_registry().add(klein_folder, "klein")
    return klein_folder


@pytest.fixture
def state(klein_folder: Path) -> dict[str, torch.Tensor]:
    path = klein_folder / "transformer" / "diffusion_pytorch_model.safetensors"
    return in_its_makers_names(load_file(path))


@pytest.fixture
def lazydiff(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        return Outcome(main([str(argument) for argument in arguments]), *capsys.readouterr())

    return run


def save_gguf(path: Path, state: dict[str, torch.Tensor], kind: Any) -> None:
    """As city96's files are: large matrices quantised, the rest as it was."""
    from gguf import GGUFWriter, quants

    writer = GGUFWriter(path, "flux")
    for name, value in state.items():
        values = value.float().numpy()
        if values.ndim == 2 and values.shape[1] % 32 == 0:
            writer.add_tensor(name, quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def fill(model: str, make_request: Any) -> np.ndarray:
    request: EditRequest = make_request(steps=2)
    return Engine.load(model, device="cpu").run(request).patches[0].astype(int)


def test_a_file_of_the_transformer_alone_is_the_folders_model(
    base: Path, state: dict[str, torch.Tensor], tmp_path: Path, make_request: Any
) -> None:
    path = tmp_path / "any name at all.safetensors"
    save_file(state, path)
    found = fill(str(path), make_request)
    assert np.abs(found - fill(str(base), make_request)).max() <= 1
    info = Engine.load(str(path), device="cpu").info
    assert (info.model, info.backend) == ("any name at all.safetensors", "cached_dit")


def test_quantised_weights_paint_nearly_the_same(
    base: Path, state: dict[str, torch.Tensor], tmp_path: Path, make_request: Any
) -> None:
    from gguf import GGMLQuantizationType

    whole = fill(str(base), make_request)
    errors = []
    for kind in (GGMLQuantizationType.Q8_0, GGMLQuantizationType.Q4_0):
        path = tmp_path / f"{kind.name}.gguf"
        save_gguf(path, state, kind)
        errors.append(np.abs(fill(str(path), make_request) - whole).mean())
    assert 0 < errors[0] < errors[1] < 20


def in_scaled_eight_bits(
    state: dict[str, torch.Tensor], scale_name: str, *, rows: bool = False
) -> dict[str, torch.Tensor]:
    """As ComfyUI's files are: matrices of blocks in float8, as large as it can hold, and scales."""
    made = {}
    for name, value in state.items():
        if value.ndim != 2 or "blocks" not in name:
            made[name] = value
            continue
        most = value.abs().amax(1, keepdim=True) if rows else value.abs().max()
        scale = most.float() / torch.finfo(torch.float8_e4m3fn).max
        made[name] = (value.float() / scale).to(torch.float8_e4m3fn)
        made[f"{name.removesuffix('weight')}{scale_name}"] = scale
    return made


@pytest.mark.parametrize(
    ("scale_name", "more", "rows"),
    [
        ("scale_weight", {"scaled_fp8": torch.zeros(2, dtype=torch.float8_e4m3fn)}, False),
        ("weight_scale", {"double_blocks.0.img_mlp.0.input_scale": torch.ones(())}, False),
        ("weight_scale", {"double_blocks.0.img_mlp.0.comfy_quant": torch.zeros(3).byte()}, True),
    ],
)
def test_scaled_eight_bits_paint_nearly_the_same(
    base: Path,
    state: dict[str, torch.Tensor],
    tmp_path: Path,
    make_request: Any,
    scale_name: str,
    more: dict[str, torch.Tensor],
    rows: bool,
) -> None:
    path = tmp_path / "scaled.safetensors"
    save_file(in_scaled_eight_bits(state, scale_name, rows=rows) | more, path)
    error = np.abs(fill(str(path), make_request) - fill(str(base), make_request)).mean()
    assert 0 < error < 5


def test_scaled_weights_are_values_times_scales(tmp_path: Path) -> None:
    kept = torch.tensor([[1.0, -2.0], [4.0, 0.5]])
    state = {
        "a.weight": kept.to(torch.float8_e5m2), "a.scale_weight": torch.tensor(0.25),
        "b.weight": kept.to(torch.int8), "b.weight_scale": torch.tensor([[2.0], [3.0]]),
        "c.weight": kept, "c.input_scale": torch.ones(1),
    }  # fmt: skip
    save_file(state, tmp_path / "a.safetensors")
    found = read_scaled(tmp_path / "a.safetensors", torch.float32)
    assert set(found) == {"a.weight", "b.weight", "c.weight"}
    assert torch.equal(found["a.weight"], kept / 4)
    assert torch.equal(found["b.weight"], torch.tensor([[2.0, -4.0], [12.0, 0.0]]))
    assert torch.equal(found["c.weight"], kept)


def z_image_in_its_makers_names(folder: Path) -> dict[str, torch.Tensor]:
    """The tensors of a Z-Image transformer as the makers' own single file has them."""
    state = {n: v for p in folder.glob("*.safetensors") for n, v in load_file(p).items()}
    names = {"all_x_embedder.2-1": "x_embedder", "all_final_layer.2-1": "final_layer",
             "attention.to_out.0": "attention.out", "attention.norm_q": "attention.q_norm",
             "attention.norm_k": "attention.k_norm"}  # fmt: skip
    made = {}
    for name in list(state):
        start, _, _ = name.partition(".to_q.")
        if start != name:
            parts = [state.pop(f"{start}.{part}.weight") for part in ("to_q", "to_k", "to_v")]
            made[f"{start}.qkv.weight"] = torch.cat(parts)
    for name, value in state.items():
        for theirs, makers in names.items():
            name = name.replace(theirs, makers)
        made[name] = value
    return made


def test_z_images_files_too(tmp_path: Path, make_request: Any) -> None:
    from gguf import GGMLQuantizationType

    layouts.z_image(tmp_path / "z")
    state = z_image_in_its_makers_names(tmp_path / "z" / "transformer")
    save_file(state, tmp_path / "a.safetensors")
    save_gguf(tmp_path / "b.gguf", state, GGMLQuantizationType.Q8_0)
    with pytest.raises(ModelError, match=r"transformer alone: download .*Z-Image-Turbo"):
        Engine.load(str(tmp_path / "a.safetensors"), device="cpu")
    default_registry().add(tmp_path / "z", "z")
    whole = fill(str(tmp_path / "z"), make_request)
    assert np.abs(fill(str(tmp_path / "a.safetensors"), make_request) - whole).max() <= 1
    assert 0 < np.abs(fill(str(tmp_path / "b.gguf"), make_request) - whole).mean() < 10


def test_without_a_pipeline_that_lends_the_rest(
    state: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "klein.safetensors"
    save_file(state, path)
    with pytest.raises(ModelError, match=r"transformer alone: download .*FLUX.2-klein-4B"):
        Engine.load(str(path), device="cpu")


def test_files_that_cannot_be_used(
    base: Path, state: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "some.safetensors"
    for content, why in (
        ({"a": torch.zeros(1)}, "is no model that LazyDiff reads from a single file"),
        (state | {"img_in.weight_scale": torch.ones(1)}, "packs img_in.weight in a way"),
        ({n: v for n, v in state.items() if n != "txt_in.weight"}, "incomplete|does not hold"),
    ):
        save_file(content, path)
        with pytest.raises(ModelError, match=why):
            Engine.load(str(path), device="cpu")
    for content, why in (
        (b"", "not a readable safetensors"),
        (b"GGUF1234", "damaged or cut off GGUF"),
    ):
        path.write_bytes(content)
        with pytest.raises(ModelError, match=why):
            Engine.load(str(path), device="cpu")


def test_what_a_comfyui_has_is_added_by_its_contents(
    base: Path, state: dict[str, torch.Tensor], tmp_path: Path, lazydiff: Run, make_request: Any
) -> None:
    models = tmp_path / "ComfyUI" / "models" / "unet"
    other = tmp_path / "elsewhere" / "deeper"
    for folder in (models, other):
        folder.mkdir(parents=True)
    save_file(state, models / "renamed.safetensors")
    save_file({"a": torch.zeros(1)}, models / "klein.safetensors")
    save_file(state, other / "second.safetensors")
    found = lazydiff("models", "add", tmp_path / "ComfyUI", "--json").document
    assert [row["name"] for row in found["added"]] == ["renamed"]
    assert "klein.safetensors is no model" in found["skipped"][0]["why"]
    listed = tmp_path / "extra_model_paths.yaml"
    listed.write_text(
        "mine:\n  base_path: elsewhere\n  diffusion_models: |\n    deeper\n    nowhere\n"
        "  loras: loras\n"
    )
    assert "second is" in lazydiff("models", "add", listed).out
    names = [row["name"] for row in lazydiff("models", "list", "--json").document]
    assert {"renamed", "second", "klein"} <= set(names)
    assert lazydiff("models", "info", "second", "--json").document["config"] == {"width": 32}
    assert fill("renamed", make_request).shape == (24, 24, 3)
    listed.write_text("- a\n")
    assert "not a list of ComfyUI's paths" in lazydiff("models", "add", listed).err
    one = lazydiff("models", "add", models / "klein.safetensors")
    assert (one.code, "is no model" in one.err) == (2, True)
    assert lazydiff("models", "remove", "second", "--json").document["deleted"] is False
    assert (other / "second.safetensors").is_file()
