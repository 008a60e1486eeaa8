"""diffusers' inpainting pipelines, unchanged: the reference models of the paper (4.1).

`sdxl_inpaint` regenerates the whole window with Stable Diffusion XL. `sd2_crop` regenerates a crop
around the hole with Stable Diffusion 2; the pipeline cuts it (`padding_mask_crop`) out of a window
of twice its side. Seeds run one after another: in a batch, the pipelines draw some noise from the
first seed's generator for all samples, so a picture would depend on its neighbours.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from lazydiff_core.backends.diffusers_parts import KeepWholeCrop, assemble, place, usual_of
from lazydiff_core.backends.fitting import memory_is_enough
from lazydiff_core.backends.loras import LoraRack, pipeline_rack
from lazydiff_core.backends.protocols import DenoiseParams, ModelInput, OnStep
from lazydiff_core.contract import RGB, Computed, EngineInfo, Tokens
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.lora_files import Lora
from lazydiff_core.model.files.devices import choose_device
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.sampling.noise import noise_source

CROP_PADDING = 32


@dataclass(frozen=True, eq=False)
class GeneratedPictures:
    """Finished pictures, or the latents (1,c,h,w) of one still being denoised."""

    pictures: tuple[RGB, ...] = ()
    unfinished: Tensor | None = None


class InpaintBackend(ABC):
    """A pipeline loaded on a device.

    name:      key in BACKENDS.
    magnified: the window's side divided by the unet's.
    """

    name: ClassVar[str]
    magnified: ClassVar[int] = 1

    def __init__(self, pipeline: Any, model: str, device: torch.device) -> None:
        self.latent_scale = int(pipeline.vae_scale_factor)
        self.side = int(pipeline.unet.config.sample_size) * self.latent_scale
        self.pipeline, self.device = pipeline, device
        notice, usual = place(pipeline, self.side, device, model), usual_of(pipeline)
        pipeline.set_progress_bar_config(disable=True)
        sampler = type(pipeline.scheduler).__name__.removesuffix("Scheduler")
        self.info = EngineInfo(
            model=model,
            backend=self.name,
            device=str(device),
            native_side=self.side * self.magnified,
            token_pixels=self.latent_scale * self.magnified,
            samplers=(sampler,),
            default_sampler=sampler,
            default_steps=usual.steps,
            default_guidance=usual.guidance,
            notice=notice,
            computed=Computed(everything=True),
        )

    def check_takes_loras(self) -> None:  # noqa: B027
        """As in SupportsLoras: all of these pipelines take LoRAs."""

    def check_lora(self, path: Path) -> None:
        """As in SupportsLoras."""
        self._rack.check(path)

    def use_loras(self, loras: tuple[Lora, ...]) -> None:
        """As in SupportsLoras."""
        if loras or "_rack" in vars(self):
            self._rack.use(loras)

    @cached_property
    def _rack(self) -> LoraRack:
        return pipeline_rack(self.pipeline)

    @torch.inference_mode()
    def encode_prompt(self, prompt: str, negative: str) -> dict[str, Tensor]:
        """Text states of both prompts, as keyword arguments of the pipeline."""
        with self._computing():
            return self._encoded(prompt, negative.strip() or None)

    @abstractmethod
    def _encoded(self, prompt: str, negative: str | None) -> dict[str, Tensor]:
        """Text states of both prompts; `negative` is None for an empty negative prompt."""

    def encode_context(self, model_input: ModelInput) -> ModelInput:
        """The input itself: the pipelines encode the picture in every run."""
        return model_input

    def tokens(self, context: ModelInput) -> Tokens:
        """The number of latents, twice: all of them are computed at every step."""
        count = (self.side // self.latent_scale) ** 2
        return Tokens(count, count)

    @torch.inference_mode()
    def denoise(
        self, context: ModelInput, text: dict[str, Tensor], params: DenoiseParams, on_step: OnStep
    ) -> GeneratedPictures:
        image, mask = Image.fromarray(_sketched(context, params)), _mask(context)
        settings = params.settings
        strength = start_strength(settings.steps, settings.strength) if _guided(params) else 1.0
        counts = steps_taken(settings.steps, strength)
        pictures: list[RGB] = []
        for seed in params.seeds:
            with self._computing():
                made = self.pipeline(
                    image=image,
                    mask_image=mask,
                    height=self.side,
                    width=self.side,
                    strength=strength,
                    num_inference_steps=settings.steps,
                    guidance_scale=settings.guidance,
                    generator=noise_source(seed),
                    callback_on_step_end=_reporting(
                        on_step, len(pictures) * counts, len(params.seeds) * counts
                    ),
                    **text,
                    **self._placing(),
                )
            pictures.append(np.asarray(made.images[0].convert("RGB")))
        return GeneratedPictures(tuple(pictures))

    def _placing(self) -> dict[str, Any]:
        """Further keyword arguments of the pipeline's call."""
        return {}

    @torch.inference_mode()
    def decode(self, context: ModelInput, latents: GeneratedPictures, variant: int) -> RGB:
        if latents.unfinished is None:
            return latents.pictures[variant]
        x = latents.unfinished
        # Noise scale depends on the scheduler; the autoencoder expects latents of unit variance.
        x = x / x.float().std().clamp_min(1.0).to(x.dtype)
        with self._computing():
            image = self.pipeline.vae.decode(x / self.pipeline.vae.config.scaling_factor).sample
        picture = self.pipeline.image_processor.postprocess(image, output_type="pil")[0]
        return np.asarray(self._placed(context, picture))

    def _placed(self, context: ModelInput, picture: Image.Image) -> Image.Image:
        """Put a picture of the unet's side into its place in the window."""
        return picture

    @contextmanager
    def _computing(self) -> Iterator[None]:
        try:
            yield
        except torch.OutOfMemoryError:
            raise OutOfMemoryError(
                f"The device has no memory left for {self.info.model}: close other programs, or "
                "choose another model."
            ) from None


class SDXLInpaint(InpaintBackend):
    """Stable Diffusion XL on the whole window."""

    name = "sdxl_inpaint"

    def _encoded(self, prompt: str, negative: str | None) -> dict[str, Tensor]:
        states = self.pipeline.encode_prompt(
            prompt=prompt, negative_prompt=negative, device=self.device
        )
        names = ("prompt_embeds", "negative_prompt_embeds")
        pooled = tuple(name.replace("prompt", "pooled_prompt") for name in names)
        return dict(zip((*names, *pooled), states, strict=True))


class SD2Crop(InpaintBackend):
    """Stable Diffusion 2 on a crop around the hole."""

    name = "sd2_crop"
    magnified = 2

    def __init__(self, pipeline: Any, model: str, device: torch.device) -> None:
        pipeline.image_processor = KeepWholeCrop(vae_scale_factor=pipeline.vae_scale_factor)
        super().__init__(pipeline, model, device)

    def _encoded(self, prompt: str, negative: str | None) -> dict[str, Tensor]:
        states = self.pipeline.encode_prompt(prompt, self.device, 1, True, negative)
        return dict(zip(("prompt_embeds", "negative_prompt_embeds"), states, strict=True))

    def _placing(self) -> dict[str, Any]:
        return {"padding_mask_crop": CROP_PADDING}

    def _placed(self, context: ModelInput, picture: Image.Image) -> Image.Image:
        processor, mask = self.pipeline.image_processor, _mask(context)
        region = self.pipeline.mask_processor.get_crop_region(
            mask, self.side, self.side, pad=CROP_PADDING
        )
        placed: Image.Image = processor.apply_overlay(
            mask, Image.fromarray(context.image), picture, region
        )
        return placed


def start_strength(steps: int, strength: float) -> float:
    """The pipeline's strength, 0..1, that runs as many steps as SAMPLERS do for `strength`.

    Pipelines run floor(steps x strength) steps, and at 1 they ignore the picture to start from.
    """
    count = min(max(1, round(steps * strength)), max(1, steps - 1))
    return min(1.0, (count + 0.5) / steps)


def steps_taken(steps: int, strength: float) -> int:
    """The number of steps that a pipeline runs at this strength."""
    return min(int(steps * strength), steps)


def _reporting(on_step: OnStep, before: int, steps: int) -> Callable[..., dict[str, Any]]:
    """A callback for a pipeline; an exception from `on_step`, such as Cancelled, ends the run."""

    def report(pipeline: Any, step: int, time: Any, given: dict[str, Any]) -> dict[str, Any]:
        on_step(before + step + 1, steps, GeneratedPictures(unfinished=given["latents"]))
        return given

    return report


def _mask(model_input: ModelInput) -> Image.Image:
    return Image.fromarray(model_input.mask.astype(np.uint8) * 255)


def _guided(params: DenoiseParams) -> bool:
    return params.sketch is not None and params.settings.strength < 1


def _sketched(model_input: ModelInput, params: DenoiseParams) -> RGB:
    """(S,S,3) uint8: the model's picture, with the sketch painted into the blank hole."""
    if params.sketch is None or not _guided(params):
        return model_input.image
    paint, cover = params.sketch[..., :3] * np.float32(255), params.sketch[..., 3:]
    image = model_input.image + (paint - model_input.image) * cover * model_input.mask[..., None]
    return np.asarray(np.rint(image), np.uint8)


def load_sdxl(model: str, device: str | None) -> SDXLInpaint:
    """Load an SDXL pipeline, for inpainting or not, from a folder or hub id; raises ModelError."""
    where, folder = choose_device(device), locate_model(model)
    with memory_is_enough(folder.name, where):
        return SDXLInpaint(assemble(folder, "sdxl_inpaint", where), folder.name, where)


def load_sd2(model: str, device: str | None) -> SD2Crop:
    """Load a Stable Diffusion pipeline from a folder or hub id; raises ModelError."""
    where, folder = choose_device(device), locate_model(model)
    with memory_is_enough(folder.name, where):
        return SD2Crop(assemble(folder, "sd2_crop", where), folder.name, where)
