"""FID and CLIPScore proper, over pictures in folders: the figures that the paper reports.

torchmetrics computes FID from the features of torch-fidelity's InceptionV3, whose weights are
published as a pickle only: the file that the user names is read by torch's restricted reader, which
runs no code, and nothing else is ever taken from it. CLIPScore is transformers' CLIP's. Neither
network is shipped.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lazydiff_core.contract import RGB
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.evaluation.clip import (
    MIN_PICTURES,
    clip_scores,
    image_features,
    load_clip,
)
from lazydiff_core.images.formats import FORMATS
from lazydiff_core.images.reading import read_image

FEATURES = 2048
_NEEDED = (
    "FID needs torchmetrics and torch-fidelity, with a torchvision that fits this torch: "
    "install the extra by `pip install '.[fid]'`"
)
OnPicture = Callable[[int, int], None]


@dataclass(frozen=True)
class PaperScores:
    """fid: Frechet inception distance of fills and real pictures. clip_score: mean cosine, 0..1.

    pictures: number of fills; real: of real pictures.
    """

    fid: float
    clip_score: float
    pictures: int
    real: int


def paper_scores(
    images: Path,
    fills: Path,
    inception: nn.Module,
    clip: str,
    device: torch.device,
    on_picture: OnPicture = lambda done, of: None,
) -> PaperScores:
    """Compare the pictures of two folders, and those of `fills` with their captions.

    The caption of NAME.png is in NAME.txt beside it, UTF-8. inception: uint8 (1,3,H,W) -> (1,D).
    Raises InputError for folders and captions that are missing, ModelError for a missing CLIP.
    """
    real, made = _pictures(images), _pictures(fills)
    captions = [_caption(path) for path in made]
    total = len(real) + len(made)
    seen = load_clip(clip)
    seen.model.to(device)
    distance = _distance(inception.to(device))
    # Sums of squares in float64, which Apple's devices do not have.
    distance.to("cpu" if device.type == "mps" else device)
    agreed: list[float] = []
    for done, path in enumerate(real, start=1):
        distance.update(_tensor(read_image(path), device), real=True)
        on_picture(done, total)
    for done, (path, caption) in enumerate(zip(made, captions, strict=True), start=len(real) + 1):
        picture = read_image(path)
        distance.update(_tensor(picture, device), real=False)
        agreed += clip_scores(seen, image_features(seen, [picture]), [caption]).tolist()
        on_picture(done, total)
    return PaperScores(float(distance.compute()), float(np.mean(agreed)), len(made), len(real))


def load_inception(path: Path) -> nn.Module:
    """torch-fidelity's InceptionV3 with a file's weights (.pth or .safetensors); ModelError."""
    try:
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    except (ImportError, RuntimeError) as error:  # RuntimeError: a torchvision for another torch
        raise ModelError(f"{_NEEDED} ({error}).") from error
    state = read_weights(path)
    with TemporaryDirectory(prefix="lazydiff-") as folder:
        # The library unpickles what it is given, so it is given nothing but these tensors.
        ours = Path(folder) / "inception.pth"
        torch.save(state, ours)
        try:
            network = FeatureExtractorInceptionV3(
                "lazydiff", [str(FEATURES)], feature_extractor_weights_path=str(ours)
            )
        except RuntimeError as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"{path} holds another network's weights: {reason}.") from error
    return _First(network)


def read_weights(path: Path) -> dict[str, Tensor]:
    """Named tensors of a file, without running anything that is in it; ModelError."""
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # of the file system, of pickle, of zip, of safetensors
        told = "it holds more than weights" if isinstance(error, pickle.UnpicklingError) else error
        raise ModelError(f"The weights {path} cannot be read: {told}.") from error
    plain = isinstance(state, dict) and all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in state.items()
    )
    if not plain or not state:
        raise ModelError(f"{path} holds no weights by name.")
    return dict(state)


class _First(nn.Module):
    """The first of the features that a network returns."""

    num_features = FEATURES

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        features: Tensor = self.network(pictures)[0]
        return features


def _distance(inception: nn.Module) -> Any:
    try:
        from torchmetrics.image.fid import FrechetInceptionDistance
    except (ImportError, RuntimeError) as error:
        raise ModelError(f"{_NEEDED} ({error}).") from error
    return FrechetInceptionDistance(feature=inception)


def _pictures(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in FORMATS)
    if len(paths) < MIN_PICTURES:
        raise InputError(f"{folder} holds too few pictures to compare.")
    return paths


def _caption(picture: Path) -> str:
    path = picture.with_suffix(".txt")
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{picture.name} has no caption: write what it should show into {path}."
        ) from error


def _tensor(picture: RGB, device: torch.device) -> Tensor:
    """(1,3,H,W) uint8."""
    return torch.tensor(picture).permute(2, 0, 1)[None].to(device)  # a copy: pictures are read-only
