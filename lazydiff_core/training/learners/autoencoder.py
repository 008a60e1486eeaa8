"""Train the bundled autoencoder on crops of scenes: L1 + gradient L1, noise on the latents."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.training.learner import Clock, Count, Learner, Moment, Plan, Terms
from lazydiff_core.training.loop import Loop, make_accelerator
from lazydiff_core.training.precision import fast_dtype
from lazydiff_core.training.scenes import RESERVED_SEED, Scene, Subject, make_scene
from lazydiff_core.training.stickers import StickerBank

_FIRST_SCENES = 16  # before the first batch


@dataclass(frozen=True)
class AutoencoderRun:
    """One training run; its schedule is measured in minutes, or in `steps` if there are some.

    encoder_share: the encoder's learning rate as a share of the decoder's; small ones let a lazy
    model follow the latents of an autoencoder that is trained on.
    focus: share of the crops that lie on the scene's main object.
    """

    minutes: float = 15.0
    steps: int = 0
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
    """Endless batches (B,3,crop,crop) in [-1,1] of a stretch that began at step `first`, from
    `step` on.

    Each step sees the last `pool` scenes of an endless row, of which it adds one.
    """

    def __init__(self, bank: Path, run: AutoencoderRun, first: int = 0, step: int = 0) -> None:
        self.bank, self.run, self.first, self.since = bank, run, first, step - first

    def __iter__(self) -> Iterator[Tensor]:
        bank = StickerBank.load(self.bank)
        words = tuple(Subject(i, (s.name,)) for i, s in enumerate(bank.stickers))
        pool: deque[Scene] = deque(maxlen=self.run.pool)
        drawn = _FIRST_SCENES + self.since
        for number in count(max(0, drawn - self.run.pool)):
            pool.append(make_scene(bank, words, int(self._source(number).integers(RESERVED_SEED))))
            if number + 1 >= drawn:
                yield self._crops(pool, self._source(number, 1))

    def _source(self, *of: int) -> np.random.Generator:
        return np.random.default_rng([self.run.seed, self.first, *of])

    def _crops(self, pool: Sequence[Scene], rng: np.random.Generator) -> Tensor:
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


class CropFeed:
    """`CropStream` from a process of its own, on a device."""

    def __init__(self, bank: Path, run: AutoencoderRun, device: torch.device) -> None:
        self.bank, self.run, self.device = bank, run, device

    @property
    def size(self) -> int:
        """The number of sprites."""
        return len(StickerBank.load(self.bank).stickers)

    def batches(self, first: int, clock: Clock, state: Mapping[str, Tensor]) -> Iterator[Tensor]:
        stream = CropStream(self.bank, self.run, first, clock().step)
        for image in DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=4):
            yield image.to(self.device, memory_format=torch.channels_last)

    def state(self) -> Mapping[str, Tensor]:
        return {}

    def count(self, batch: Tensor) -> Count:
        return Count(len(batch), batch[:, 0].numel(), batch.nbytes)  # a pixel is a token here


class AutoencoderLearner(Learner[Tensor]):
    """Rebuilds pictures from latents with noise on them."""

    def __init__(self, model: Autoencoder, run: AutoencoderRun) -> None:
        super().__init__()
        self.model: Autoencoder = model
        self.run = run
        self.decibel, self.taken = 0.0, 0
        if run.decoder_only:
            model.encoder.requires_grad_(False)

    def loss(self, batch: Tensor, moment: Moment) -> Terms:
        # The bottleneck's statistics freeze at the end.
        settled = self.run.decoder_only or moment.progress > 0.8
        raw = self.model.encoder(batch)
        if not settled:
            self.model.follow_statistics(raw.detach().float())
        latent = self.model.whiten(raw)
        noise = torch.randn(latent.shape, generator=moment.generator()).to(latent)
        output = self.model.decode(latent + self.run.latent_noise * noise).float()
        self.taken += 1
        kept = min(0.98, 1 - 1 / self.taken)
        self.decibel = kept * self.decibel + (1 - kept) * psnr(output.detach(), batch)
        return {"reconstruction": reconstruction_loss(output, batch)}

    def optimizers(self) -> Mapping[str, torch.optim.Optimizer]:
        peak = self.run.peak_rate
        groups = [{"params": list(self.model.decoder.parameters()), "lr": peak}]
        if not self.run.decoder_only:
            encoder = list(self.model.encoder.parameters())
            groups.append({"params": encoder, "lr": peak * self.run.encoder_share})
        return {"adam": torch.optim.AdamW(groups, weight_decay=1e-4, betas=(0.9, 0.98))}

    def rate(self, moment: Moment) -> float:
        falling = 0.5 + 0.5 * math.cos(math.pi * moment.progress)
        return min(1.0, (moment.since + 1) / 50) * falling

    def told(self) -> Mapping[str, float]:
        return {"PSNR": self.decibel}


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
    """Train for `run.minutes` or `run.steps`, resuming from `out`, where checkpoints are written.

    Returns the running mean of the reconstruction PSNR in dB (with latent noise).
    """
    torch.manual_seed(run.seed)
    accelerator = make_accelerator()
    device = accelerator.device
    learner = AutoencoderLearner(Autoencoder(config).channels_last(), run)
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(asdict(config)))
    plan = Plan(
        steps=run.steps,
        minutes=run.minutes,
        further=True,
        seed=run.seed,
        clip=1.0,
        dtype=fast_dtype(device),
        log_every=100,
        save_minutes=1.0,
    )
    Loop(accelerator, learner, CropFeed(bank, run, device), plan, out).run()
    return learner.decibel
