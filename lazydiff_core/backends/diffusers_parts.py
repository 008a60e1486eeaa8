"""Assembles diffusers' inpainting pipelines from a folder's parts, checking each part."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any, Final

import diffusers
import torch
import transformers
from diffusers.image_processor import VaeImageProcessor
from PIL import Image

from lazydiff_core.backends.cached_dit.pipeline_reader import (
    PipelineFolder,
    open_folder,
    whole_number,
)
from lazydiff_core.backends.fitting import PICTURE_VALUES, RESERVED
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.model.files.devices import free_bytes, half_of
from lazydiff_core.model.files.pretrained import (
    damage_is_said,
    load_pretrained,
    load_single_file,
)
from lazydiff_core.model_store.checkpoint_sampling import scheduler_config
from lazydiff_core.model_store.pipelines import BACKEND_OF
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM, TRANSFORMERS_STEM

_Source = tuple[Any, str, str | None]
# Part -> (library, class, stem of its weights' file names; None for a tokenizer).
_SD2: Final[dict[str, _Source]] = {
    "vae": (diffusers, "AutoencoderKL", DIFFUSERS_STEM),
    "unet": (diffusers, "UNet2DConditionModel", DIFFUSERS_STEM),
    "text_encoder": (transformers, "CLIPTextModel", TRANSFORMERS_STEM),
    "tokenizer": (transformers, "CLIPTokenizer", None),
}
_SDXL: Final = _SD2 | {
    "text_encoder_2": (transformers, "CLIPTextModelWithProjection", TRANSFORMERS_STEM),
    "tokenizer_2": (transformers, "CLIPTokenizer", None),
}
_NO_CHECKER: Final = {
    "safety_checker": None, "feature_extractor": None, "requires_safety_checker": False,
}  # fmt: skip
# Backend -> (pipeline class, parts to read, further arguments of the class).
_KINDS: Final[dict[str, tuple[str, dict[str, _Source], dict[str, Any]]]] = {
    "sdxl_inpaint": ("StableDiffusionXLInpaintPipeline", _SDXL, {"add_watermarker": False}),
    "sd2_crop": ("StableDiffusionInpaintPipeline", _SD2, _NO_CHECKER),
}
# Entries of model_index.json that change how an SDXL pipeline computes.
_SETTINGS: Final = ("force_zeros_for_empty_prompt", "requires_aesthetics_score")


_FEW_STEPS: Final = 4
_FEW_STEP_SCHEDULERS: Final = ("LCMScheduler", "TCDScheduler")


class KeepWholeCrop(VaeImageProcessor):
    """Pastes the whole generated crop back.

    diffusers' class pastes the hole only. The engine's blending does the masking itself, and needs
    the generated pixels around the hole as well.
    """

    def apply_overlay(
        self,
        mask: Image.Image,
        init_image: Image.Image,
        image: Image.Image,
        crop_coords: tuple[int, int, int, int] | None = None,
    ) -> Image.Image:
        left, top, right, bottom = crop_coords or (0, 0, *init_image.size)
        placed = init_image.convert("RGB")
        size = (right - left, bottom - top)
        placed.paste(image.resize(size, Image.Resampling.LANCZOS), (left, top))
        return placed


def assemble(folder: Path, backend: str, device: torch.device) -> Any:
    """Read a backend's pipeline, from safetensors only; raises ModelError if a part is unusable.

    folder: or a single file, which takes what it lacks from an installed pipeline.
    """
    name, parts, more = _KINDS[backend]
    found = open_folder(folder)
    if BACKEND_OF.get(found.kind) != backend:
        needed = " or ".join(kind for kind, runs in BACKEND_OF.items() if runs == backend)
        raise ModelError(f"{folder} is a {found.kind}, but {backend} needs a {needed}.")
    with damage_is_said(folder):
        given = {part: _read(found, part, source, device) for part, source in parts.items()}
        config = given["unet"].config
        if config.in_channels not in (4, 9):
            raise ModelError(
                f"{folder / 'unet'} takes {config.in_channels} channels, but an inpainting model "
                "takes 4 or 9."
            )
        whole_number(dict(config), "sample_size", found.path / "unet" / "config.json")
        index = found.index
        settings = {k: index[k] for k in _SETTINGS if k in index} if _SDXL is parts else {}
        kind: Any = getattr(diffusers, name)
        return kind(scheduler=_scheduler(found), **given, **more, **settings)


def _read(found: PipelineFolder, part: str, source: _Source, device: torch.device) -> Any:
    library, name, stem = source
    folder, kind = found.part(part, name, f"{name}Fast"), getattr(library, name)
    if stem is not None:
        options: dict[str, Any] = {"torch_dtype": half_of(device, wide=True)}
        single = found.single
        if single is None or part not in single.parts:
            return load_pretrained(kind, folder, stem, **options)
        if part == "unet":
            options["in_channels"] = single.channels
        return load_single_file(kind, single, folder, **options)
    try:
        return kind.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # the tokenizers library raises bare Exception
        reason = " ".join(str(error).split())[:300]
        raise ModelError(f"{folder} does not hold a {name}: {reason}") from error


def _scheduler(found: PipelineFolder) -> Any:
    config = found.scheduler()
    kind = _scheduler_class(config, found.path)
    if found.single is not None:
        knows = "rescale_betas_zero_snr" in signature(kind.__init__).parameters
        config = scheduler_config(config, found.single.sampling, knows)
        kind = _scheduler_class(config, found.path)
    return kind.from_config(config)


def _scheduler_class(config: dict[str, Any], folder: Path) -> Any:
    kind: Any = getattr(diffusers, str(config["_class_name"]), None)
    if not isinstance(kind, type) or not issubclass(kind, diffusers.SchedulerMixin):
        raise ModelError(f"{folder} names an unknown scheduler: {config['_class_name']}.")
    return kind


@dataclass(frozen=True)
class Usual:
    """How a pipeline is sampled unless somebody says otherwise."""

    steps: int = 30
    guidance: float = 7.5


def usual_of(pipeline: Any) -> Usual:
    """What a folder was made for, as far as its parts tell.

    Distilled models come with a scheduler for few steps, or with timesteps that trail from pure
    noise. Trailing ones that predict velocity, or whose noise was rescaled, are whole models.
    """
    kind, config = type(pipeline.scheduler).__name__, pipeline.scheduler.config
    whole = config.get("prediction_type") == "v_prediction" or config.get("rescale_betas_zero_snr")
    trailing = config.get("timestep_spacing") == "trailing" and not whole
    if pipeline.unet.config.get("time_cond_proj_dim") is not None:  # is told the scale itself
        return Usual(_FEW_STEPS, 8.0)
    return Usual(_FEW_STEPS, 1.0) if kind in _FEW_STEP_SCHEDULERS or trailing else Usual()


def place(pipeline: Any, side: int, device: torch.device, name: str) -> str:
    """Bring a pipeline to a device; returns how, as a sentence, if not all of it stays there.

    side: of its pictures, in pixels.

    Raises OutOfMemoryError if even its largest part finds no room.
    """
    parts = [p for p in pipeline.components.values() if isinstance(p, torch.nn.Module)]
    sizes = [sum(p.numel() * p.element_size() for p in part.parameters()) for part in parts]
    item = pipeline.unet.dtype.itemsize
    work = round(side**2 * PICTURE_VALUES * item * (1 + RESERVED))
    free = free_bytes(device)
    if device.type == "cpu" or sum(sizes) + work <= free:
        pipeline.to(device)
        return ""
    if max(sizes) + work > free:
        raise OutOfMemoryError(
            f"{name} needs at least {(max(sizes) + work) / 1e9:.1f} GB on {device}, where "
            f"{free / 1e9:.1f} GB are free: close other programs, or choose another model."
        )
    pipeline.enable_model_cpu_offload(device=device)
    return "The model's parts stay in main memory and visit the card one after another."
