"""On tiny random pipelines, saved and loaded: nothing of the pipelines' own is replaced."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lazydiff_core.backends import diffusers_parts
from lazydiff_core.backends.diffusers_inpaint import (
    GeneratedPictures,
    InpaintBackend,
    load_sd2,
    load_sdxl,
    start_strength,
    steps_taken,
)
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, LazyDiffError, ModelError, OutOfMemoryError
from tests.lazydiff_core.backends.driving import denoise_params

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)
SIDE = 32  # pixels of the unet's picture


def clip(kind: str) -> Any:
    """A text encoder 16 wide, for a vocabulary of letters."""
    import transformers

    sizes = {
        "vocab_size": 60, "hidden_size": 16, "intermediate_size": 16, "projection_dim": 16,
        "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 77,
        "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1,
    }  # fmt: skip
    return getattr(transformers, kind)(transformers.CLIPTextConfig(**sizes))


def save_tokenizer(folder: Path) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{c}</w>" for c in letters)]
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps({piece: k for k, piece in enumerate(pieces)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    named = {"bos_token": pieces[0], "eos_token": pieces[1]} | dict.fromkeys(
        ("unk_token", "pad_token"), pieces[1]
    )
    document = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, **named}
    (folder / "tokenizer_config.json").write_text(json.dumps(document))


def unet(channels: int, **more: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=SIDE // 2,
        in_channels=channels,
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=4,
        **more,
    )


def save(folder: Path, kind: str, scheduler: Any, parts: dict[str, Any]) -> Path:
    from diffusers import AutoencoderKL

    parts["vae"] = AutoencoderKL(
        block_out_channels=[8, 8],
        norm_num_groups=4,
        layers_per_block=1,
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
    )
    index = {"_class_name": kind}
    for name, part in (*parts.items(), ("scheduler", scheduler)):
        part.save_pretrained(folder / name)
        index[name] = ["some library", type(part).__name__]
    for tokenizer in ("tokenizer", "tokenizer_2")[: sum(n.startswith("text") for n in parts)]:
        save_tokenizer(folder / tokenizer)
        index[tokenizer] = ["transformers", "CLIPTokenizer"]
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


@pytest.fixture(scope="session")
def sd2_folder(tmp_path_factory: pytest.TempPathFactory, randomise: Callable[..., Any]) -> Path:
    """Nine channels: noised latents, mask, masked picture."""
    from diffusers import DDIMScheduler

    parts = {"unet": unet(9, cross_attention_dim=16), "text_encoder": clip("CLIPTextModel")}
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("pipelines") / "sd2"
    parts["unet"] = randomise(parts["unet"])
    scheduler = DDIMScheduler(steps_offset=1, clip_sample=False)
    return save(folder, "StableDiffusionInpaintPipeline", scheduler, parts)


@pytest.fixture(scope="session")
def sdxl_folder(tmp_path_factory: pytest.TempPathFactory, randomise: Callable[..., Any]) -> Path:
    """Four channels: a base model, blended at each step."""
    from diffusers import EulerDiscreteScheduler

    wide = unet(
        4,
        cross_attention_dim=32,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 16,
    )
    parts = {
        "unet": randomise(wide),
        "text_encoder": clip("CLIPTextModel"),
        "text_encoder_2": clip("CLIPTextModelWithProjection"),
    }
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("pipelines") / "sdxl"
    return save(folder, "StableDiffusionXLPipeline", EulerDiscreteScheduler(), parts)


@pytest.fixture(scope="session")
def sd2(sd2_folder: Path) -> InpaintBackend:
    return load_sd2(str(sd2_folder), "cpu")


@pytest.fixture(scope="session")
def sdxl(sdxl_folder: Path) -> InpaintBackend:
    return load_sdxl(str(sdxl_folder), "cpu")


@pytest.fixture(params=["sd2", "sdxl"])
def backend(request: pytest.FixtureRequest) -> InpaintBackend:
    loaded: InpaintBackend = request.getfixturevalue(request.param)
    return loaded


def view(side: int, seed: int = 0) -> ModelInput:
    image = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    mask = np.zeros((side, side), bool)
    mask[8:20, 10:22] = True
    image[mask] = 127
    return ModelInput(image, mask)


def draw(
    backend: InpaintBackend, context: ModelInput, text: Any = None, **changes: Any
) -> GeneratedPictures:
    params = denoise_params(
        **({"seeds": (3,), "steps": 2, "guidance": 2.0, "sampler": ""} | changes)
    )
    text = backend.encode_prompt("a red apple", "") if text is None else text
    return backend.denoise(context, text, params, lambda *news: None)


def seen(backend: InpaintBackend, seed: int = 0) -> ModelInput:
    return backend.encode_context(view(backend.info.native_side, seed))


# --- what goes in, what comes out --------------------------------------------------------------


def test_what_they_say_of_themselves(sd2: InpaintBackend, sdxl: InpaintBackend) -> None:
    assert (sdxl.info.backend, sdxl.info.model) == ("sdxl_inpaint", "sdxl")
    assert (sdxl.info.native_side, sd2.info.native_side) == (SIDE, 2 * SIDE)
    assert (sd2.info.samplers, sdxl.info.samplers) == (("DDIM",), ("EulerDiscrete",))
    for backend in (sd2, sdxl):
        assert backend.tokens(seen(backend)).hole == (SIDE // 2) ** 2


def test_a_seed_gives_its_picture_alone_and_beside_others(backend: InpaintBackend) -> None:
    context = seen(backend)
    together = draw(backend, context, seeds=(3, 4))
    alone = draw(backend, context, seeds=(4,))
    side = backend.info.native_side
    assert together.pictures[1].shape == (side, side, 3)
    assert together.pictures[1].dtype == np.uint8
    assert (backend.decode(context, alone, 0) == backend.decode(context, together, 1)).all()
    hole = context.mask
    assert (together.pictures[0][hole] != together.pictures[1][hole]).any()


def test_prompt_negative_and_surroundings_count(backend: InpaintBackend) -> None:
    context = seen(backend)
    plain = draw(backend, context).pictures[0][context.mask]
    for text in (
        backend.encode_prompt("a blue car", ""),
        backend.encode_prompt("a red apple", "a blue car"),
    ):
        assert (draw(backend, context, text).pictures[0][context.mask] != plain).any()
    elsewhere = seen(backend, seed=1)
    assert (draw(backend, elsewhere).pictures[0][context.mask] != plain).any()


def test_a_crop_is_blind_to_what_lies_outside(sd2: InpaintBackend) -> None:
    context = seen(sd2)
    left, top, right, bottom = sd2.pipeline.mask_processor.get_crop_region(
        sd2_mask(context), SIDE, SIDE, pad=32
    )
    assert (right - left, bottom - top) != (2 * SIDE, 2 * SIDE)
    changed = context.image.copy()
    changed[bottom:] = 0
    other = draw(sd2, ModelInput(changed, context.mask)).pictures[0]
    assert (other[:bottom] == draw(sd2, context).pictures[0][:bottom]).all()


def sd2_mask(context: ModelInput) -> Any:
    from PIL import Image

    return Image.fromarray(context.mask.astype(np.uint8) * 255)


def test_around_the_hole_lies_what_was_generated(sd2: InpaintBackend) -> None:
    """Blending compares it with the canvas there."""
    context = seen(sd2)
    picture = draw(sd2, context).pictures[0]
    assert (picture[6:8, 10:22] != context.image[6:8, 10:22]).any()


def test_a_sketch_is_kept_as_far_as_strength_says(backend: InpaintBackend) -> None:
    context = seen(backend)
    sketch = np.ones((*context.mask.shape, 4), np.float32)
    params = {"sketch": sketch, "steps": 20}
    kept = draw(backend, context, strength=0.05, **params).pictures[0]
    plain = draw(backend, context, steps=20).pictures[0]
    assert (draw(backend, context, strength=1.0, **params).pictures[0] == plain).all()
    assert (kept != plain).any()


@pytest.mark.parametrize("steps", [1, 2, 4, 20, 49, 50])
def test_strength_runs_as_many_steps_as_our_samplers(steps: int) -> None:
    for strength in (0.0, 0.1, 1 / 3, 0.5, 0.66, 0.9):
        taken = steps_taken(steps, start_strength(steps, strength))
        assert taken == min(max(1, round(steps * strength)), max(1, steps - 1))
        assert steps == 1 or start_strength(steps, strength) < 1


# --- what the folder was made for, and what the device has room for ----------------------------


@pytest.mark.parametrize(
    ("scheduler", "given", "usual"),
    [
        ("EulerDiscreteScheduler", {"timestep_spacing": "leading"}, (30, 7.5)),
        ("EulerAncestralDiscreteScheduler", {"timestep_spacing": "trailing"}, (4, 1.0)),  # Turbo
        ("LCMScheduler", {}, (4, 1.0)),
        ("TCDScheduler", {}, (4, 1.0)),
        (
            "EulerDiscreteScheduler",
            {"timestep_spacing": "trailing", "prediction_type": "v_prediction"},
            (30, 7.5),
        ),
    ],
)
def test_steps_and_guidance_are_what_the_folder_is_for(
    sdxl_folder: Path, tmp_path: Path, scheduler: str, given: Any, usual: tuple[int, float]
) -> None:
    import diffusers

    folder = Path(shutil.copytree(sdxl_folder, tmp_path / "sdxl"))
    getattr(diffusers, scheduler)(**given).save_pretrained(folder / "scheduler")
    index = json.loads((folder / "model_index.json").read_text())
    index["scheduler"] = ["diffusers", scheduler]
    (folder / "model_index.json").write_text(json.dumps(index))
    info = load_sdxl(str(folder), "cpu").info
    assert (info.default_steps, info.default_guidance) == usual


def test_parts_visit_a_card_that_has_no_room_for_all(
    sdxl_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = diffusers_parts.assemble(sdxl_folder, "sdxl_inpaint", torch.device("cpu"))
    card, done = torch.device("cuda"), []
    kind = type(pipeline)
    monkeypatch.setattr(kind, "to", lambda self, device: done.append(("all", device)))
    monkeypatch.setattr(
        kind, "enable_model_cpu_offload", lambda self, device: done.append(("parts", device))
    )
    unet = sum(p.numel() * 4 for p in pipeline.unet.parameters())
    work = round(SIDE**2 * diffusers_parts.PICTURE_VALUES * 4 * 1.15)
    for free, expected in ((10**9, "all"), (unet + work + 10, "parts")):
        monkeypatch.setattr(diffusers_parts, "free_bytes", lambda device, free=free: free)
        notice = diffusers_parts.place(pipeline, SIDE, card, "sdxl")
        assert done.pop() == (expected, card)
        assert ("visit" in notice) == (expected == "parts")
    monkeypatch.setattr(diffusers_parts, "free_bytes", lambda device: unet)
    with pytest.raises(OutOfMemoryError, match="sdxl needs at least"):
        diffusers_parts.place(pipeline, SIDE, card, "sdxl")


# --- progress ----------------------------------------------------------------------------------


def test_every_step_is_reported_with_a_picture(backend: InpaintBackend) -> None:
    context, heard = seen(backend), []

    def hear(step: int, steps: int, estimate: GeneratedPictures) -> None:
        heard.append((step, steps))
        picture = backend.decode(context, estimate, 0)
        assert picture.shape == context.image.shape
        assert picture.dtype == np.uint8
        assert picture[context.mask].std() > 0

    params = denoise_params((3, 4), 3, 2.0, "")
    backend.denoise(context, backend.encode_prompt("apple", ""), params, hear)
    assert heard == [(step, 6) for step in range(1, 7)]


def test_cancelling_ends_it_at_once_and_the_next_run_works(
    backend: InpaintBackend, make_request: Callable[..., EditRequest]
) -> None:
    engine, polled = Engine(backend), iter([False] * 4 + [True] * 9)
    request = make_request(steps=5)
    with pytest.raises(Cancelled):
        engine.run(request, None, lambda: next(polled))
    assert engine.run(make_request(steps=2)).pixels_changed_outside_mask == 0


def test_only_the_hole_changes(
    backend: InpaintBackend, make_request: Callable[..., EditRequest]
) -> None:
    request = make_request(steps=2, variants=2)
    result = Engine(backend).run(request)
    assert result.seeds == (0, 1)
    assert result.pixels_changed_outside_mask == 0
    assert (result.image[request.mask] != request.image[request.mask]).any()
    assert (result.image_of(1) != result.image).any()


def test_out_of_memory_is_a_typed_error(
    sdxl: InpaintBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object, **named: object) -> None:
        raise torch.OutOfMemoryError("no room")

    text = sdxl.encode_prompt("apple", "")
    monkeypatch.setattr(sdxl.pipeline.unet, "forward", full)
    with pytest.raises(OutOfMemoryError, match="sdxl"):
        draw(sdxl, seen(sdxl), text)


# --- folders -----------------------------------------------------------------------------------


def test_the_folders_class_picks_the_backend(sd2_folder: Path, sdxl_folder: Path) -> None:
    for folder, name in ((sd2_folder, "sd2_crop"), (sdxl_folder, "sdxl_inpaint")):
        assert Engine.load(str(folder), device="cpu").info.backend == name


@pytest.fixture
def broken(sd2_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sd2_folder, tmp_path / "broken"))


def test_another_class_is_refused(sdxl_folder: Path, sd2_folder: Path, tmp_path: Path) -> None:
    for load, folder, found in (
        (load_sd2, sdxl_folder, "StableDiffusionXLPipeline"),
        (load_sdxl, sd2_folder, "StableDiffusionInpaintPipeline"),
    ):
        with pytest.raises(ModelError, match=f"is a {found}, but"):
            load(str(folder), "cpu")
    with pytest.raises(ModelError, match="no model_index"):
        load_sd2(str(tmp_path), "cpu")


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "tokenizer", "scheduler"])
def test_a_missing_part_is_named(broken: Path, part: str) -> None:
    shutil.rmtree(broken / part)
    with pytest.raises(ModelError, match=f"has no {part}"):
        load_sd2(str(broken), "cpu")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("unet/config.json", "{"),
        ("unet/diffusion_pytorch_model.safetensors", "nothing"),
        ("vae/diffusion_pytorch_model.safetensors", None),
        ("tokenizer/vocab.json", "["),
        ("scheduler/scheduler_config.json", "[]"),
        ("model_index.json", "[]"),
    ],
)
def test_damage_is_a_typed_error(broken: Path, file: str, content: str | None) -> None:
    if content is None:
        (broken / file).unlink()
    else:
        (broken / file).write_text(content)
    with pytest.raises(LazyDiffError):
        load_sd2(str(broken), "cpu")


def test_a_pickle_is_never_loaded(broken: Path) -> None:
    stem = broken / "unet" / "diffusion_pytorch_model"
    stem.with_suffix(".safetensors").rename(stem.with_suffix(".bin"))
    with pytest.raises(ModelError, match="pickle"):
        load_sd2(str(broken), "cpu")


def test_a_unet_for_something_else_is_refused(broken: Path) -> None:
    unet(8, cross_attention_dim=16).save_pretrained(broken / "unet")
    with pytest.raises(ModelError, match="takes 8 channels"):
        load_sd2(str(broken), "cpu")


def test_a_scheduler_that_is_none(broken: Path) -> None:
    index = json.loads((broken / "model_index.json").read_text())
    index["scheduler"][1] = "UNet2DModel"
    (broken / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(ModelError, match="unknown scheduler"):
        load_sd2(str(broken), "cpu")
