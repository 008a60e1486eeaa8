"""CLIPScore and the Frechet distance in CLIP's features.

CLIP is not shipped: `--clip` names a folder or an already downloaded hub id. FID proper is
`paper_scores.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional as F

from lazydiff_core.contract import RGB
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.images.formats import FORMATS
from lazydiff_core.images.reading import read_image

BATCH = 16
MIN_PICTURES = 2


@dataclass(frozen=True, eq=False)
class Clip:
    """transformers' CLIP model and its processor."""

    model: Any
    processor: Any


def load_clip(name: str) -> Clip:
    """Load a CLIP with safetensors from this machine, never from the network; ModelError."""
    from transformers import CLIPModel, CLIPProcessor

    try:
        model = CLIPModel.from_pretrained(name, local_files_only=True, use_safetensors=True)
        processor = CLIPProcessor.from_pretrained(name, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"There is no CLIP {name!r} on this machine: download one and name its folder."
        ) from error
    return Clip(model.eval(), processor)


@torch.inference_mode()
def image_features(clip: Clip, images: Sequence[RGB]) -> npt.NDArray[np.float32]:
    """(N,D) unit vectors of (H,W,3) uint8 pictures."""
    parts = []
    for first in range(0, len(images), BATCH):
        pictures = list(images[first : first + BATCH])
        inputs = clip.processor(images=pictures, return_tensors="pt").to(clip.model.device)
        parts.append(_unit(clip.model.get_image_features(**inputs)))
    return np.concatenate(parts)


@torch.inference_mode()
def clip_scores(
    clip: Clip, images: npt.NDArray[np.float32], prompts: Sequence[str]
) -> npt.NDArray[np.float32]:
    """(N,) max(0, cosine) of image features and their prompts (Hessel et al. 2021, unscaled)."""
    inputs = clip.processor(text=list(prompts), return_tensors="pt", padding=True, truncation=True)
    inputs = inputs.to(clip.model.device)
    texts = _unit(clip.model.get_text_features(**inputs))
    cosines: npt.NDArray[np.float32] = (images * texts).sum(1)
    return np.maximum(cosines, 0)


def _unit(features: Any) -> npt.NDArray[np.float32]:
    # transformers 5 wraps the tensor that earlier versions return.
    tensor = getattr(features, "pooler_output", features)
    unit: npt.NDArray[np.float32] = F.normalize(tensor.float(), dim=1).cpu().numpy()
    return unit


def read_pictures(folder: Path) -> list[RGB]:
    """All pictures of a folder, sorted by name; InputError if there are too few."""
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}: name a folder of real pictures.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in FORMATS)
    if len(paths) < MIN_PICTURES:
        raise InputError(f"{folder} holds too few pictures to compare with.")
    return [read_image(path) for path in paths]
