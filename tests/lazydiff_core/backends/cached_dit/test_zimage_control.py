"""Z-Image's control networks on tiny random weights in the public layouts: against diffusers."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import (
    ZImageControlNetInpaintPipeline,
    ZImageControlNetModel,
    ZImageControlNetPipeline,
    ZImagePipeline,
)
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor

from lazydiff_core.backends.cached_dit import zimage as zimage_module
from lazydiff_core.backends.cached_dit import zimage_control as module
from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget, Mode
from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.kv_entry import PlainAttention, RecordKV, ReuseKV, Storage
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.cached_dit.zimage import ZImage
from lazydiff_core.backends.cached_dit.zimage_control import SteeredZImage
from lazydiff_core.backends.fitting import Fit
from lazydiff_core.backends.protocols import ControlInput, ModelInput
from lazydiff_core.errors import ModelError, OutOfMemoryError
from tests.lazydiff_core import public_layouts as layouts
from tests.lazydiff_core.backends.driving import denoise_params

CPU = torch.device("cpu")
SHORT, LONG = "red apple", "a red apple on a table in front of a window"
TOKENS = 256
VERSIONS = tuple(layouts.CONTROLS)
PARTIAL = np.s_[10:30, 20:40]

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)


def control_of(path: Path, strength: float = 0.75, seed: int = 5) -> ControlInput:
    picture = np.random.default_rng(seed).integers(0, 256, (64, 64, 3), np.uint8)
    stat = path.stat()
    return ControlInput(picture, (path, stat.st_mtime_ns, stat.st_size), strength)


def steered(family: ZImage, control: ControlInput, view: ModelInput) -> tuple[Any, Tensor]:
    """The passes under a control, and the tokens' conditions for a canvas."""
    context = backend(family).encode_context(replace(view, control=control))
    assert isinstance(context.passes, SteeredZImage)
    assert context.canvas.conditions is not None
    return context.passes, context.canvas.conditions


def backend(family: ZImage, mode: Mode = "bank", **changes: Any) -> CachedDit:
    settings = {"mode": mode, "budget": MemoryBudget(10**9)} | changes
    return CachedDit(family, "tiny", CacheSettings(**settings))


def run(dit: CachedDit, context: Any, prompt: str = LONG, scale: float = 3.0) -> Tensor:
    def nothing(step: int, steps: int, estimate: object) -> None: ...

    params = denoise_params((7,), 3, scale, "euler")
    return dit.denoise(context, dit.encode_prompt(prompt, ""), params, nothing)


def painted(folder: Path, path: Path, control: ControlInput, prompt: str, scale: float) -> Tensor:
    """The latents of diffusers' pipeline, with its own loader of such files."""
    network = ZImageControlNetModel.from_single_file(str(path), config=str(path.with_suffix("")))
    inpaints = network.config.control_in_dim == 33
    kind: Any = ZImageControlNetInpaintPipeline if inpaints else ZImageControlNetPipeline
    pipeline = kind(**ZImagePipeline.from_pretrained(folder).components, controlnet=network)
    pipeline.set_progress_bar_config(disable=True)
    more: dict[str, Any] = {}
    if inpaints:
        more = {"image": torch.rand(1, 3, 64, 64), "mask_image": Image.new("L", (64, 64), 255)}
    shown = torch.from_numpy(control.picture).permute(2, 0, 1)[None] / 127.5 - 1
    latents: Tensor = pipeline(
        prompt=prompt,
        num_inference_steps=3,
        guidance_scale=scale - 1,  # the usual one is one more
        control_image=shown,
        controlnet_conditioning_scale=control.strength,
        generator=torch.Generator().manual_seed(7),
        height=64,
        width=64,
        output_type="latent",
        **more,
    ).images
    return latents


def close(ours: Tensor, other: Tensor) -> bool:
    return torch.allclose(ours, other, atol=1e-5 * float(other.abs().max()))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("mode", "prompt"), [("bank", SHORT), ("full", LONG)])
def test_a_hole_that_is_everything_is_diffusers_pipeline(
    z_image_folder: Path,
    controls: dict[str, Path],
    z_image: ZImage,
    make_input: Callable[..., ModelInput],
    version: str,
    mode: Mode,
    prompt: str,
) -> None:
    """Guidance and noise included."""
    control = control_of(controls[version], 0.6)
    dit, view = backend(z_image, mode), make_input(None, 64)
    ours = run(dit, dit.encode_context(replace(view, control=control)), prompt)
    expected = z_image.tokens_of(painted(z_image_folder, controls[version], control, prompt, 3.0))
    assert close(ours, expected)
    assert not close(run(dit, dit.encode_context(view), prompt), expected)


@torch.inference_mode()
@pytest.mark.parametrize("version", VERSIONS)
def test_recalled_keys_of_the_same_moment_change_nothing(
    controls: dict[str, Path], z_image: ZImage, make_input: Callable[..., ModelInput], version: str
) -> None:
    passes, conditions = steered(z_image, control_of(controls[version]), make_input(PARTIAL, 64))
    order, t = torch.randperm(TOKENS), torch.tensor(400.0)
    x = torch.cat([torch.randn(1, TOKENS, 64), conditions], -1)
    text = z_image.encode_prompt(LONG)
    record = RecordKV(Storage(torch.float32), 200)
    whole = passes.predict(x[:, order], order, t, text, record)
    assert len(record.entry.layers) == passes.shape.layers > z_image.shape.layers
    hole = order[200:]
    lazy = passes.predict(x[:, hole], hole, t, text, ReuseKV(record.entry))
    assert torch.allclose(lazy, whole[:, 200:], atol=1e-5)
    alone = passes.predict(x[:, hole], hole, t, text, PlainAttention())
    assert not torch.allclose(alone, lazy, atol=1e-3)


@torch.inference_mode()
@pytest.mark.parametrize("version", VERSIONS)
def test_a_bank_is_a_dense_forward_with_the_hole_masked(
    controls: dict[str, Path], z_image: ZImage, make_input: Callable[..., ModelInput], version: str
) -> None:
    """Text and visible tokens see nothing of the hole, its part of the picture included."""
    passes, conditions = steered(z_image, control_of(controls[version]), make_input(PARTIAL, 64))
    x = torch.cat([torch.randn(1, TOKENS, 64), conditions], -1)
    t, text = torch.tensor(400.0), z_image.encode_prompt(SHORT)
    visible = torch.arange(200)

    def masked(layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        return key[:, :200], value[:, :200]

    dense = passes.predict(x, torch.arange(TOKENS), t, text, masked)
    seen = passes.predict(x[:, visible], visible, t, text, PlainAttention())
    assert torch.allclose(seen, dense[:, :200], atol=1e-5)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_part_is_computed_in_each_mode(
    controls: dict[str, Path], z_image: ZImage, make_input: Callable[..., ModelInput], version: str
) -> None:
    view = replace(make_input(PARTIAL, 64), control=control_of(controls[version]))
    full, every, lazy, bank = (
        run(dit, dit.encode_context(view))
        for dit in (
            backend(z_image, "full"),
            backend(z_image, "refresh", every=1),
            backend(z_image, "refresh", every=3),
            backend(z_image),
        )
    )
    assert torch.allclose(full, every, atol=1e-5)
    for one, other in ((full, lazy), (lazy, bank)):
        assert not torch.allclose(one, other, atol=1e-4)
        assert torch.corrcoef(torch.stack([one.flatten(), other.flatten()]))[0, 1] > 0.9


@pytest.mark.parametrize("version", VERSIONS)
def test_of_no_strength_it_is_the_model_itself(
    controls: dict[str, Path], z_image: ZImage, make_input: Callable[..., ModelInput], version: str
) -> None:
    dit, view = backend(z_image), make_input(PARTIAL, 64)
    plain = run(dit, dit.encode_context(view))
    weak, usual, other = (
        run(dit, dit.encode_context(replace(view, control=control)))
        for control in (
            control_of(controls[version], 0.0),
            control_of(controls[version]),
            control_of(controls[version], seed=6),
        )
    )
    assert torch.allclose(weak, plain, atol=1e-5)
    assert not torch.allclose(usual, plain, atol=1e-3)
    assert not torch.allclose(other, usual, atol=1e-3)


def test_its_keys_count_in_the_plan(
    controls: dict[str, Path], z_image: ZImage, make_input: Callable[..., ModelInput]
) -> None:
    dit, view = backend(z_image), make_input(PARTIAL, 64)
    plain, control = view, replace(view, control=control_of(controls["2.1"]))
    sizes = []
    for seen in (plain, control):
        context = dit.encode_context(seen)
        run(dit, context)
        assert context.plan is not None
        sizes.append(context.plan.bytes)
    assert sizes[1] * z_image.shape.layers == sizes[0] * (z_image.shape.layers + 2 + 2 + 3)


def test_one_network_is_loaded_at_a_time(
    controls: dict[str, Path], z_image: ZImage, make_input: Callable[..., ModelInput]
) -> None:
    """Contexts that are kept hold none; one that comes again has its own."""
    dit, view = backend(z_image), make_input(PARTIAL, 64)
    first = dit.encode_context(replace(view, control=control_of(controls["2.1"])))
    before = run(dit, first)
    assert z_image._control is not None
    network = weakref.ref(z_image._control[1])
    run(dit, dit.encode_context(replace(view, control=control_of(controls["1.0"]))))
    gc.collect()
    assert network() is None
    assert torch.equal(run(dit, first), before)


def changed(path: Path, to: Path, change: Callable[[str, Tensor], Tensor | None]) -> Path:
    made = {name: change(name, value) for name, value in load_file(path).items()}
    save_file({name: value for name, value in made.items() if value is not None}, to)
    return to


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, value: None if "embedder" in name else value, "no control network"),
        (
            lambda name, value: None if name == "control_layers.1.ffn_norm1.weight" else value,
            "incomplete or quantised, by its control_layers.1.ffn_norm1.weight",
        ),
        (
            lambda name, value: value.to(torch.int8) if "feed_forward" in name else value,
            "incomplete or quantised",
        ),
        (
            lambda name, value: torch.zeros(64, 64) if "embedder.2-1.weight" in name else value,
            "for another model: it is 64 wide",
        ),
    ],
)
def test_what_does_not_fit_is_said(
    controls: dict[str, Path],
    z_image: ZImage,
    tmp_path: Path,
    change: Callable[[str, Tensor], Tensor | None],
    said: str,
) -> None:
    path = changed(controls["1.0"], tmp_path / "odd.safetensors", change)
    with pytest.raises(ModelError, match=said):
        z_image.load_control(control_of(path))


def test_files_that_are_none(z_image: ZImage, tmp_path: Path, controls: dict[str, Path]) -> None:
    gone, torn = tmp_path / "gone.safetensors", tmp_path / "torn.safetensors"
    with pytest.raises(ModelError, match="is missing"):
        z_image.load_control(ControlInput(np.zeros((64, 64, 3), np.uint8), (gone, 0, 0), 1.0))
    torn.write_bytes(controls["2.1"].read_bytes()[:-100])
    with pytest.raises(ModelError, match="not a readable control network"):
        z_image.load_control(control_of(torn))
    torn.write_bytes(b"PK\x03\x04 a pickle")
    with pytest.raises(ModelError, match="not a readable safetensors file"):
        z_image.load_control(control_of(torn))


def test_room_is_needed_for_it(
    controls: dict[str, Path], z_image: ZImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "free_bytes", lambda device: 10)
    with pytest.raises(OutOfMemoryError, match=r"1\.0\.safetensors needs"):
        z_image.load_control(control_of(controls["1.0"]))


def test_a_model_whose_layers_visit_takes_none(
    z_image_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds: list[Any] = ["resident", "visits"]
    takes = []
    for kind in kinds:
        plan = Fit(torch.float32, kind, text_visits=True)
        monkeypatch.setattr(zimage_module, "choose_fit", lambda *given, plan=plan: plan)
        takes.append(CachedDit(open_family(open_folder(z_image_folder), CPU), "tiny").info.controls)
    assert takes == [True, False]
