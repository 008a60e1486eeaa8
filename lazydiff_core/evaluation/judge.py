"""The judge: a small classifier of objects and their drawing style, trained on real renderings.

It classifies a square around the hole, scaled to SIDE pixels. It is never trained on the output of
a model. Its model card is resources/eval/judge/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.errors import ModelError
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import crop, resize
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.files.weights import load_weights
from lazydiff_core.storage.safe_files import file_sha256

SIDE = 64
PATCH = 4  # side of the first layer's patches, in pixels
MARGIN = 0.05  # on each side, as a share of the longer side of the hole's box
SHARPNESS = 16.0  # of the cosine classifier

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class JudgeConfig:
    """`concepts` and `styles` are the classes; `prompts` holds the prompt for each concept."""

    concepts: tuple[str, ...]
    prompts: tuple[str, ...]
    styles: tuple[str, ...]
    widths: tuple[int, ...] = (64, 128, 208)
    blocks: tuple[int, ...] = (1, 2, 1)
    features: int = 96

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> JudgeConfig:
        """The inverse of `asdict` through JSON; raises TypeError for other fields."""
        fields: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**fields)


class _Block(nn.Module):
    """Two convolutions around a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = _conv(width, width), _conv(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(F.relu(self.first(x))))


def _conv(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside)
    )


class Judge(nn.Module):
    """(B,3,SIDE,SIDE) in [-1,1] -> concept logits (B,C), style logits (B,S), features (B,D).

    Features have length 1; concept logits are SHARPNESS times their cosines with class directions.
    """

    def __init__(self, config: JudgeConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = [nn.PixelUnshuffle(PATCH)]
        width = 3 * PATCH**2
        for stage, (wider, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
            layers += [_conv(width, wider, 2 if stage else 1), nn.ReLU()]
            layers += [_Block(wider) for _ in range(count)]
            width = wider
        self.body = nn.Sequential(*layers)
        self.embed = nn.Linear(width, config.features)
        self.concept = nn.Parameter(torch.randn(len(config.concepts), config.features))
        self.style = nn.Linear(width, len(config.styles))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        pooled = self.body(image).mean((2, 3))
        features = F.normalize(self.embed(pooled).float(), dim=1)
        logits = SHARPNESS * features @ F.normalize(self.concept, dim=1).T
        return logits, self.style(pooled), features


@dataclass(frozen=True, eq=False)
class Opinion:
    """The judge's output for N crops: probabilities (N,C), styles (N,S), unit features (N,D)."""

    concepts: Floats
    styles: Floats
    features: Floats


def judge_crops(judge: Judge, crops: Sequence[RGB], batch: int = 64) -> Opinion:
    """Judge (SIDE, SIDE, 3) uint8 crops."""
    parts = [_judge(judge, crops[k : k + batch]) for k in range(0, len(crops), batch)]
    return Opinion(*(np.concatenate(column) for column in zip(*parts, strict=True)))


@torch.inference_mode()
def _judge(judge: Judge, crops: Sequence[RGB]) -> tuple[Floats, Floats, Floats]:
    concepts, styles, features = judge(as_tensor(np.stack(crops)))
    return concepts.softmax(1).numpy(), styles.softmax(1).numpy(), features.numpy()


def as_tensor(crops: npt.NDArray[np.uint8]) -> Tensor:
    """(N,H,W,3) uint8 -> (N,3,H,W) float32 in [-1,1]."""
    return torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 127.5 - 1


def crop_hole(image: RGB, mask: Mask, side: int = SIDE, margin: float = MARGIN) -> RGB:
    """(side, side, 3): a square around the hole's box with a margin, the border continued."""
    box = bounding_box(mask)
    size = max(box.width, box.height) * (1 + 2 * margin)
    centre_x, centre_y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    left, top, width = round(centre_x - size / 2), round(centre_y - size / 2), round(size)
    part = crop(image, Box(left, top, left + width, top + width))
    return resize(part, (side, side), cv2.INTER_LINEAR)


def save_judge(folder: Path, judge: Judge) -> None:
    """Write config.json and judge.safetensors in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "judge.safetensors"
    state = {k: v.half() if v.is_floating_point() else v for k, v in judge.state_dict().items()}
    write_tensors(weights, state, {"format": "pt"})
    config = asdict(judge.config) | {"sha256": file_sha256(weights)}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def load_judge(folder: Path) -> Judge:
    """Read a folder that `save_judge` wrote; raises ModelError if it is missing or damaged."""
    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        digest = str(values.pop("sha256"))
        judge = Judge(JudgeConfig.from_dict(values))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder} holds no judge: {error!r}.") from error
    load_weights(judge, folder / "judge.safetensors", digest)
    return judge.eval()
