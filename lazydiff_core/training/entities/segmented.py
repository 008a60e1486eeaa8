"""Entities found by a segmentation model and named by a captioning model (paper section 4.1).

Both run through transformers' pipelines, so any of their models does: Mask2Former, OneFormer,
MaskFormer and DETR find entities of their classes, SAM finds whatever has an outline, BLIP-2 says
what is in the entity's crop.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.training.entities.entity import Chosen, Entity, Picture

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
# Of the crop's longer side, around an entity.
_MARGIN = 0.1
_CAPTIONS = 32  # at once
_BRIEFLY = {"max_new_tokens": 40}
_SEGMENTATION = "image-segmentation"

# What transformers raises for folders that hold no such model.
_UNUSABLE = (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError, TypeError)


@dataclass(frozen=True)
class SegmentedEntities:
    """Pictures anywhere below `folder`; `segmenter`, `captioner`: model folders or hub ids.

    Without a captioner entities have the names of the segmenter's classes. device: of both models,
    "cpu", "cuda:1" ...
    """

    folder: Path
    segmenter: str
    captioner: str | None = None
    device: str = "cpu"

    @property
    def about(self) -> str:
        return f"{self.segmenter} {self.captioner}"

    def pictures(self) -> Iterator[Picture]:
        """In the order of their paths; only the names of one folder after another are in memory."""
        number = -1
        for number, name in enumerate(_walk(self.folder)):
            yield Picture(number, name)
        if number < 0:
            raise InputError(f"There are no pictures in {self.folder}.")

    def entities(self, image: RGB, picture: Picture) -> list[Entity]:
        """Named after their classes, or not at all where the segmenter has none."""
        return [
            Entity(mask, label, {"class": label, "score": score})
            for mask, label, score in self._segment(Image.fromarray(image))
        ]

    def named(self, chosen: Sequence[Chosen]) -> list[list[Entity]]:
        """The same with what the captioner says of each crop, if there is one."""
        crops = [
            Image.fromarray(_crop(one.image, entity.mask))
            for one in chosen
            for entity in one.entities
        ]
        if self.captioner is None or not crops:
            return [one.entities for one in chosen]
        said = self._captioning(
            images=crops,
            text=[""] * len(crops),
            generate_kwargs=_BRIEFLY,
            batch_size=min(len(crops), _CAPTIONS),
        )
        captions = iter(answer["generated_text"].strip() for answer in said)
        return [
            [replace(entity, caption=next(captions)) for entity in one.entities] for one in chosen
        ]

    # --- the models, loaded once in each process --------------------------------------------------

    @cached_property
    def _segmenting(self) -> Any:
        folder = _folder(self.segmenter)
        return _pipeline(_task_of(folder), folder, self.device, half=False)

    @cached_property
    def _captioning(self) -> Any:
        assert self.captioner is not None
        return _pipeline("image-text-to-text", _folder(self.captioner), self.device, half=True)

    def _segment(self, image: Image.Image) -> list[tuple[Mask, str, float]]:
        """Mask, name of the class and score of each segment, the best first."""
        pipe = self._segmenting
        if pipe.task == "mask-generation":
            if self.captioner is None:
                raise InputError(f"{self.segmenter} gives no names: name a captioning model, too.")
            found = _run(pipe, image)
            pairs = zip(found["masks"], found["scores"].tolist(), strict=True)
            segments = [(np.asarray(mask, np.bool_), "", float(score)) for mask, score in pairs]
        else:
            several = pipe.model.config.model_type == "oneformer"
            found = _run(pipe, image, **({"subtask": "panoptic"} if several else {}))
            segments = [
                (np.asarray(one["mask"]) > 127, str(one["label"]), float(one["score"] or 0))
                for one in found
            ]
        return sorted(segments, key=lambda one: -one[2])


def _walk(folder: Path, within: str = "") -> Iterator[str]:
    """Paths of the pictures below a folder, as their sorted list would have them."""
    with os.scandir(folder) as found:
        entries = sorted((e.name + "/" if e.is_dir() else e.name) for e in found)
    for name in entries:
        if name.endswith("/"):
            yield from _walk(folder / name, within + name)
        elif Path(name).suffix.lower() in SUFFIXES:
            yield within + name


def _folder(name: str) -> Path:
    folder = locate_model(name)
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} is not a model folder: it has no config.json.")
    return folder


def _task_of(folder: Path) -> str:
    """SAM's kind finds masks without names."""
    from transformers import AutoConfig
    from transformers.models.auto.modeling_auto import MODEL_FOR_MASK_GENERATION_MAPPING_NAMES

    try:
        kind = AutoConfig.from_pretrained(folder, local_files_only=True).model_type
    except _UNUSABLE as error:
        raise ModelError(f"{folder} cannot be used to segment: {error}.") from error
    return "mask-generation" if kind in MODEL_FOR_MASK_GENERATION_MAPPING_NAMES else _SEGMENTATION


def _pipeline(task: str, folder: Path, device: str, *, half: bool) -> Any:
    """A pipeline from safetensors alone; half: on CUDA in half precision. Raises ModelError."""
    import torch
    from transformers import pipeline

    dtype = torch.float16 if half and device.startswith("cuda") else torch.float32
    try:
        return pipeline(
            task,  # type: ignore[call-overload]
            model=str(folder),
            device=device,
            dtype=dtype,
            model_kwargs={"use_safetensors": True},
        )
    except _UNUSABLE as error:
        raise ModelError(f"{folder} cannot be used for {task}: {error}.") from error


def _run(pipe: Any, image: Image.Image, **options: Any) -> Any:
    try:
        return pipe(image, **options)
    except ImportError as error:  # SAM's needs torchvision
        reason = " ".join(str(error).split())
        raise ModelError(f"This segmentation model lacks a library: {reason}") from error


def _crop(image: RGB, mask: Mask) -> RGB:
    box = bounding_box(mask)
    margin = round(_MARGIN * max(box.width, box.height))
    return image[box.grow(margin).clip(Box.of(image.shape)).slices]
