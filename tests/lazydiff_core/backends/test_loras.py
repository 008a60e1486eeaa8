"""LoRAs on tiny models: against weights that were added by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from lazydiff_core.backends import load_backend, own_backend
from lazydiff_core.backends.cached_dit.backend import CachedDit
from lazydiff_core.backends.cached_dit.family import open_family
from lazydiff_core.backends.cached_dit.pipeline_reader import open_folder
from lazydiff_core.backends.diffusers_inpaint import SDXLInpaint
from lazydiff_core.backends.fitting import Fit, place_denoiser
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.lora_files import Lora, loras_setting
from tests.lazydiff_core import public_layouts as layouts

CPU = torch.device("cpu")
LAYERS = ("transformer_blocks.0.attn.to_q", "single_transformer_blocks.0.attn.to_out")

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)


@pytest.fixture(scope="module")
def klein_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "klein"
    layouts.klein(folder, is_distilled=True)
    return folder


@pytest.fixture
def klein(klein_folder: Path) -> CachedDit:
    return CachedDit(open_family(open_folder(klein_folder), CPU), "klein")


def factors(network: Any, layers: tuple[str, ...], seed: int = 0) -> dict[str, torch.Tensor]:
    """Random factors of rank 2 for some layers, named as in diffusers."""
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for layer in layers:
        out, inner = network.get_submodule(layer).weight.shape[:2]
        for side, shape in (("A", (2, inner)), ("B", (out, 2))):
            values = torch.randn(shape, generator=generator) * 0.3
            state[f"{layer}.lora_{side}.weight"] = values
    return state


def save(path: Path, state: dict[str, torch.Tensor], prefix: str = "transformer") -> Path:
    save_file({f"{prefix}.{name}": value for name, value in state.items()}, path)
    return path


def request(make: Callable[..., EditRequest], *loras: Lora) -> EditRequest:
    return make(steps=2, loras=loras_setting(loras))


def hole(engine: Engine, request: EditRequest) -> np.ndarray:
    return engine.run(request).patches[0]


def test_it_counts_as_its_product_added_to_the_weights(
    klein: CachedDit, klein_folder: Path, tmp_path: Path, make_request: Any
) -> None:
    network: Any = klein.family.transformer  # type: ignore[attr-defined]
    one, other = (factors(network, LAYERS, seed) for seed in (1, 2))
    paths = [save(tmp_path / f"{k}.safetensors", state) for k, state in enumerate((one, other))]
    engine = Engine(klein)
    plain = hole(engine, request(make_request))
    with_both = hole(engine, request(make_request, Lora(paths[0], 0.8), Lora(paths[1], -0.5)))
    by_hand = CachedDit(open_family(open_folder(klein_folder), CPU), "klein")
    for layer in LAYERS:
        weight = by_hand.family.transformer.get_submodule(layer).weight  # type: ignore[attr-defined]
        for state, scale in ((one, 0.8), (other, -0.5)):
            up, down = state[f"{layer}.lora_B.weight"], state[f"{layer}.lora_A.weight"]
            weight.data += scale * up @ down
    expected = hole(Engine(by_hand), request(make_request)).astype(int)
    assert np.abs(with_both.astype(int) - expected).max() <= 1
    assert np.abs(with_both.astype(int) - plain).mean() > 0.5
    again = hole(engine, request(make_request))
    assert (again == plain).all(), "without them it is the model that it was"


def test_what_was_kept_of_the_canvas_is_the_changed_models(
    klein: CachedDit, klein_folder: Path, tmp_path: Path, make_request: Any
) -> None:
    network: Any = klein.family.transformer  # type: ignore[attr-defined]
    lora = Lora(save(tmp_path / "a.safetensors", factors(network, LAYERS)))
    used, fresh = (
        Engine(klein),
        Engine(CachedDit(open_family(open_folder(klein_folder), CPU), "klein")),
    )
    hole(used, request(make_request))  # keeps keys and values
    wanted = request(make_request, lora)
    kept, anew = (hole(engine, wanted).astype(int) for engine in (used, fresh))
    # The autoencoder's statistics are those of what it decoded first (recorded_passes.py).
    assert np.abs(kept - anew).max() <= 1
    unchanged = hole(used, request(make_request))
    assert np.abs(unchanged.astype(int) - anew).max() > 1


def test_a_lora_for_another_model_is_refused_and_leaves_no_trace(
    klein: CachedDit, tmp_path: Path, make_request: Any
) -> None:
    engine = Engine(klein)
    plain = hole(engine, request(make_request))
    network: Any = klein.family.transformer  # type: ignore[attr-defined]
    fits = factors(network, LAYERS)
    wide = {n: torch.zeros(2, 99) if n.endswith("to_q.lora_A.weight") else v
            for n, v in fits.items()}  # fmt: skip
    elsewhere = {n.replace("blocks.0", "blocks.7"): v for n, v in fits.items()}
    unet = {f"lora_unet_{n}".replace(".", "_"): v for n, v in fits.items()}
    cases = (
        (wide, "transformer", "is for 99 values, this one's has 32"),
        (elsewhere, "transformer", "this one has no"),
        (fits, "unet", "another model|not a LoRA for this model"),
        (unet, "x", "another model|not a LoRA for this model"),
        ({"some.weight": torch.zeros(3)}, "x", "another model|not a LoRA for this model"),
    )
    for k, (state, prefix, why) in enumerate(cases):
        path = save(tmp_path / f"{k}.safetensors", state, prefix)
        with pytest.raises(ModelError, match=why):
            engine.run(request(make_request, Lora(path)))
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"nothing")
    with pytest.raises(ModelError, match="not a readable safetensors file"):
        engine.run(request(make_request, Lora(damaged)))
    with pytest.raises(ModelError, match="is a folder"):
        engine.run(request(make_request, Lora(tmp_path)))
    with pytest.raises(ModelError, match="is missing"):
        engine.run(request(make_request, Lora(tmp_path / "none.safetensors")))
    assert (hole(engine, request(make_request)) == plain).all()


def test_a_file_that_was_changed_is_read_again(
    klein: CachedDit, tmp_path: Path, make_request: Any
) -> None:
    network: Any = klein.family.transformer  # type: ignore[attr-defined]
    engine, path = Engine(klein), tmp_path / "a.safetensors"
    first = hole(engine, request(make_request, Lora(save(path, factors(network, LAYERS)))))
    save(path, factors(network, LAYERS[:1], seed=5))
    second = hole(engine, request(make_request, Lora(path)))
    assert (first != second).any()


def test_weights_in_eight_bits_take_one_too(
    klein: CachedDit, tmp_path: Path, make_request: Any
) -> None:
    network: Any = klein.family.transformer  # type: ignore[attr-defined]
    path = save(tmp_path / "a.safetensors", factors(network, LAYERS))
    place_denoiser(network, Fit(torch.float32, "eight_bit"), CPU)
    engine = Engine(klein)
    plain, changed = (hole(engine, request(make_request, *loras)) for loras in ((), (Lora(path),)))
    assert (plain != changed).any()


def test_layers_that_visit_take_none(klein: CachedDit, make_request: Any) -> None:
    klein.family._layers_visit = True  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="needs the model's layers on the card"):
        Engine(klein).run(request(make_request, Lora(Path("a.safetensors"))))


def test_models_that_take_none_say_so(pixart_pipeline: Path, make_request: Any) -> None:
    engine = Engine.load("fake")
    with pytest.raises(InputError, match="takes no LoRA"):
        engine.run(request(make_request, Lora(Path("a.safetensors"))))
    assert "takes no LoRA" in engine.info.lora_refusal
    assert engine.lora_fault(Path("a.safetensors")) == engine.info.lora_refusal


def test_a_file_is_judged_before_anything_is_painted(
    klein: CachedDit, tmp_path: Path, make_request: Any
) -> None:
    network: Any = klein.family.transformer  # type: ignore[attr-defined]
    fits = save(tmp_path / "fits.safetensors", factors(network, LAYERS))
    other = save(tmp_path / "other.safetensors", factors(network, LAYERS), prefix="unet")
    engine = Engine(klein)
    assert engine.info.lora_refusal == ""
    assert engine.lora_fault(fits) == ""
    assert "other.safetensors is a" in engine.lora_fault(other)
    assert "is missing" in engine.lora_fault(tmp_path / "none.safetensors")
    assert not any("lora" in name for name, _ in network.named_modules()), "nothing is loaded"
    klein.family._layers_visit = True  # type: ignore[attr-defined]
    assert "layers on the card" in engine.info.lora_refusal


def test_pixart_takes_what_peft_writes(tmp_path: Path, make_request: Any) -> None:
    folder = tmp_path / "pixart"
    layouts.pixart(folder)
    engine, by_hand = (CachedDit(open_family(open_folder(folder), CPU), "pixart") for _ in "ab")
    network: Any = engine.family.transformer  # type: ignore[attr-defined]
    layers = ("transformer_blocks.0.attn1.to_q", "transformer_blocks.0.attn2.to_k",
              "adaln_single.linear")  # fmt: skip
    state = factors(network, layers)
    path = save(tmp_path / "adapter_model.safetensors", state, prefix="base_model.model")
    (tmp_path / "adapter_config.json").write_text('{"r": 2, "lora_alpha": 8}')
    for layer in layers:
        weight = by_hand.family.transformer.get_submodule(layer).weight  # type: ignore[attr-defined]
        up, down = state[f"{layer}.lora_B.weight"], state[f"{layer}.lora_A.weight"]
        weight.data += 0.5 * (8 / 2) * up @ down
    used = Engine(engine)
    plain = hole(used, request(make_request)).astype(int)
    changed = hole(used, request(make_request, Lora(path, 0.5))).astype(int)
    expected = hole(Engine(by_hand), request(make_request)).astype(int)
    assert np.abs(changed - expected).max() <= 1
    assert np.abs(changed - plain).mean() > 0.5
    assert (hole(used, request(make_request)) == plain).all()
    (tmp_path / "adapter_config.json").write_text("[]")
    assert "cannot be read" in used.lora_fault(save(tmp_path / "b.safetensors", state))
    (tmp_path / "adapter_config.json").unlink()
    stays = {"pos_embed.proj.lora_A.weight": torch.zeros(2, 4),
             "pos_embed.proj.lora_B.weight": torch.zeros(24, 2)}  # fmt: skip
    assert "another model" in used.lora_fault(save(tmp_path / "c.safetensors", stays))


@pytest.mark.parametrize("make", [layouts.sdxl_inpainting, layouts.sd2_inpainting])
def test_stable_diffusion_takes_them_in_new_and_old_names(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path / "model")
    backend: Any = load_backend(
        own_backend(str(tmp_path / "model")), str(tmp_path / "model"), "cpu"
    )
    pipeline = backend.pipeline
    layer = next(n for n, _ in pipeline.unet.named_modules() if n.endswith("attn1.to_q"))
    words = next(n for n, _ in pipeline.text_encoder.named_modules() if n.endswith("q_proj"))
    changes = {
        "unet": factors(pipeline.unet, (layer,)),
        "text_encoder": factors(pipeline.text_encoder, (words,)),
    }
    new, old, expected = {}, {}, {}
    for prefix, short in (("unet", "unet"), ("text_encoder", "te")):
        state = changes[prefix]
        down, up = (next(v for n, v in state.items() if f"lora_{side}" in n) for side in "AB")
        name = layer if short == "unet" else words
        new |= {f"{prefix}.{n}": v for n, v in state.items()}
        inside = name if short == "unet" else f"text_model.{name}"
        if isinstance(backend, SDXLInpaint):
            short = short.replace("te", "te1")
        flat = f"lora_{short}_{inside.replace('.', '_')}"
        old |= {f"{flat}.lora_down.weight": down, f"{flat}.lora_up.weight": up}
        old[f"{flat}.alpha"] = torch.tensor(1.0)  # of rank 2: half of it
        network = getattr(pipeline, prefix)
        expected[name] = (network.get_submodule(name), up @ down)
    plain = {name: module(torch.ones(1, module.in_features)) for name, (module, _) in
             expected.items()}  # fmt: skip
    for state, scale in ((new, 1.0), (old, 0.5)):
        path = tmp_path / f"{scale}.safetensors"
        save_file(state, path)
        backend.use_loras((Lora(path, 0.8),))
        for name, (_, product) in expected.items():
            network = pipeline.unet if name == layer else pipeline.text_encoder
            x = torch.ones(1, product.shape[1])
            found = network.get_submodule(name)(x)
            assert torch.allclose(found, plain[name] + 0.8 * scale * x @ product.T, atol=1e-5)
    backend.use_loras(())
    for name, (module, _) in expected.items():
        network = pipeline.unet if name == layer else pipeline.text_encoder
        assert torch.equal(network.get_submodule(name)(torch.ones(1, module.in_features)),
                           plain[name])  # fmt: skip
    wrong = tmp_path / "wrong.safetensors"
    save_file({n: v[:, :3].contiguous() if "lora_A" in n else v for n, v in new.items()}, wrong)
    with pytest.raises(ModelError, match="LoRA for another model"):
        backend.use_loras((Lora(wrong),))


def test_a_recipe_names_them(klein: CachedDit, tmp_path: Path, make_request: Any) -> None:
    network: Any = klein.family.transformer  # type: ignore[attr-defined]
    path = save(tmp_path / "a.safetensors", factors(network, LAYERS))
    wanted = request(make_request, Lora(path, 0.5))
    assert klein.info.resolve(wanted.settings).loras == f"{path}:0.5"
    assert replace(wanted.settings, seed=3).loras == wanted.settings.loras
