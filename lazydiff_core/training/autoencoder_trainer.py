"""Train the bundled autoencoder on crops of scenes: L1 + gradient L1, noise on the latents."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.scenes import RESERVED_SEED, Scene, Subject, make_scene
from lazydiff_core.training.stickers import StickerBank

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AutoencoderRun:
    """One training run; progress is measured in minutes so that it fits a sitting.

    encoder_share: the encoder's learning rate as a share of the decoder's; small ones let a lazy
    model follow the latents of an autoencoder that is trained on.
    focus: share of the crops that lie on the scene's main object.
    """

    minutes: float = 15.0
    batch: int = 32
    crop: int = 128
    pool: int = 192
    peak_rate: float = 2e-3
    encoder_share: float = 1.0
    focus: float = 0.7
    latent_noise: float = 0.1
    decoder_only: bool = False
    seed: int = 0


class CropStream(IterableDataset[Tensor]):
    """Endless batches (B,3,crop,crop) in [-1,1] from a slowly renewed pool of scenes."""

    def __init__(self, bank: Path, run: AutoencoderRun) -> None:
        self.bank, self.run = bank, run

    def __iter__(self) -> Iterator[Tensor]:
        bank = StickerBank.load(self.bank)
        words = tuple(Subject(i, (s.name,)) for i, s in enumerate(bank.stickers))
        rng = np.random.default_rng(self.run.seed)
        pool: list[Scene] = []
        while True:
            scene = make_scene(bank, words, int(rng.integers(RESERVED_SEED)))
            if len(pool) < self.run.pool:
                pool.append(scene)
            else:
                pool[int(rng.integers(self.run.pool))] = scene
            if len(pool) >= 16:
                yield self._crops(pool, rng)

    def _crops(self, pool: list[Scene], rng: np.random.Generator) -> Tensor:
        crops = []
        for _ in range(self.run.batch):
            scene = pool[int(rng.integers(len(pool)))]
            y, x = self._corner(scene, rng)
            crop = scene.image[y : y + self.run.crop, x : x + self.run.crop]
            crops.append(crop[:, ::-1] if rng.random() < 0.5 else crop)
        return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 127.5 - 1

    def _corner(self, scene: Scene, rng: np.random.Generator) -> tuple[int, int]:
        """Anywhere, or around a random pixel of the object."""
        high, wide = (length - self.run.crop for length in scene.mask.shape)
        if rng.random() >= self.run.focus:
            return int(rng.integers(high + 1)), int(rng.integers(wide + 1))
        ys, xs = np.nonzero(scene.mask)
        pick = int(rng.integers(len(ys)))
        half = self.run.crop // 2
        return min(max(int(ys[pick]) - half, 0), high), min(max(int(xs[pick]) - half, 0), wide)


def reconstruction_loss(image: Tensor, target: Tensor) -> Tensor:
    """L1 of pixels, of differences (for edges) and of local means (flat colours stay true)."""
    loss = F.l1_loss(image, target)
    for dim in (-1, -2):
        loss = loss + F.l1_loss(image.diff(dim=dim), target.diff(dim=dim))
    return loss + F.l1_loss(F.avg_pool2d(image, 8), F.avg_pool2d(target, 8))


def psnr(image: Tensor, target: Tensor) -> float:
    """Peak signal to noise ratio in dB of images in [-1,1]."""
    error = F.mse_loss(image.clamp(-1, 1), target).item()
    return 10 * math.log10(4 / max(error, 1e-12))


def train_autoencoder(
    bank: Path, out: Path, run: AutoencoderRun, config: AutoencoderConfig
) -> float:
    """Train for `run.minutes`, resuming from `out` if it holds weights; writes them there.

    Returns the running mean of the reconstruction PSNR in dB (with latent noise).
    """
    torch.manual_seed(run.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = fast_dtype(device)
    model = Autoencoder(config).to(device).channels_last()
    weights = out / "model.safetensors"
    if weights.exists():
        model.load_state_dict(load_file(weights))
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(asdict(config)))
    if run.decoder_only:
        model.encoder.requires_grad_(False)
    groups = [{"params": list(model.decoder.parameters()), "share": 1.0}]
    if not run.decoder_only:
        groups.append({"params": list(model.encoder.parameters()), "share": run.encoder_share})
    optimizer = torch.optim.AdamW(groups, lr=run.peak_rate, weight_decay=1e-4, betas=(0.9, 0.98))
    stream = iter(
        DataLoader(CropStream(bank, run), batch_size=None, num_workers=1, prefetch_factor=4)
    )
    start = saved = time.monotonic()
    step, shown = 0, 0.0
    while (progress := (time.monotonic() - start) / (60 * run.minutes)) < 1:
        rate = (
            run.peak_rate * min(1.0, (step + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * progress))
        )
        for group in optimizer.param_groups:
            group["lr"] = rate * group["share"]
        settled = (
            run.decoder_only or progress > 0.8
        )  # the bottleneck's statistics freeze at the end
        image = next(stream).to(device, memory_format=torch.channels_last)
        with autocast(device, dtype):
            raw = model.encoder(image)
            if not settled:
                model.follow_statistics(raw.detach().float())
            latent = model.whiten(raw)
            noisy = latent + run.latent_noise * torch.randn_like(latent)
            output = model.decode(noisy)
        loss = reconstruction_loss(output.float(), image)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        shown = 0.98 * shown + 0.02 * psnr(output.detach().float(), image)
        step += 1
        if step % 100 == 0:
            decibel = shown / (1 - 0.98**step)
            log.info(
                "%3.0f%% step %d loss %.4f %.2f dB", 100 * progress, step, loss.item(), decibel
            )
        if time.monotonic() - saved > 60:
            write_tensors(weights, model.state_dict())
            saved = time.monotonic()
    write_tensors(weights, model.state_dict())
    return shown / (1 - 0.98 ** max(step, 1))
