"""Counts the arithmetic of whole edits: the paper's figure 5 for sizes that take hours to run.

The real modules run on tensors without data (device meta); products and convolutions are counted, a
multiply-add as two. The canvas has been encoded before; a square in its middle
is filled. The text encoder is left out, because it is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import torch
from torch import Tensor

from lazydiff_core.bench.latent_cost import middle_square
from lazydiff_core.bench.work import work_of
from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.layer_crops import (
    run_changed,
    run_keeping,
    run_within,
    spread,
    work_within,
)
from lazydiff_core.model.autoencoders.lazy_codec import DECODE_MARGIN
from lazydiff_core.model.autoencoders.recorded_passes import MAX_WORK
from lazydiff_core.model.files.config import Architecture, LazyConfig, baseline
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt

ARCHITECTURES: tuple[Architecture, ...] = ("lazydiffusion", "regenerate_image", "regenerate_crop")
BRANCHES = 2  # of guidance


@dataclass(frozen=True)
class CountRow:
    """Arithmetic of an edit.

    tflop:       TFLOP of each stage and in total.
    times_fewer: TFLOP of `regenerate_image` for the same edit, divided by this row's.
    times_fewer_ahead: the same without the context stage.
    """

    backend: str
    mask_ratio: float
    steps: int
    tokens: int
    tflop: dict[str, float]
    times_fewer: float
    times_fewer_ahead: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "backend": self.backend, "mask_ratio": self.mask_ratio, "steps": self.steps,
            "tokens": self.tokens, "tflop": self.tflop, "times_fewer": self.times_fewer,
            "times_fewer_ahead": self.times_fewer_ahead,
        }  # fmt: skip


@torch.no_grad()
def count_latency(
    config: LazyConfig, codec: LatentCodec, ratios: Sequence[float], steps: Sequence[int]
) -> list[CountRow]:
    """Rows in the order backend, mask, steps; modules are built on the device meta."""
    rows = []
    base: dict[tuple[float, int], dict[str, float]] = {}
    for architecture in ("regenerate_image", *ARCHITECTURES):
        with torch.device("meta"):
            edit = _Edit(config, architecture, codec)
            for ratio in ratios:
                once = edit.stages(ratio)
                for count in steps:
                    tflop = once | {"denoise": count * once["denoise"]}
                    tflop["total"] = sum(tflop.values())
                    image = base.setdefault((ratio, count), tflop)
                    ahead = [part["total"] - part["context"] for part in (image, tflop)]
                    rows.append(
                        CountRow(
                            architecture,
                            ratio,
                            count,
                            edit.tokens(ratio),
                            tflop,
                            image["total"] / tflop["total"],
                            ahead[0] / ahead[1],
                        )
                    )
    return rows[len(ratios) * len(steps) :]  # without the first pass, which is the reference


class LazyEdit:
    """Pieces of an edit with a model of one config and random weights, guided."""

    def __init__(self, config: LazyConfig) -> None:
        self.config, self.model = config, LazyDiffusion(config).eval()

    def context(self, tokens: int) -> Callable[[], object]:
        """Encodes the context of a canvas with so many hole tokens."""
        config = self.config
        side = config.side // config.latent_scale
        latents = torch.zeros(1, config.latent_channels, side, side)
        mask = torch.zeros(1, 1, config.side, config.side)
        index, frame = torch.zeros(1, tokens, dtype=torch.long), torch.zeros(1, tokens, 6)
        return lambda: self.model.encode_context(latents, mask, index, frame)

    def step(self, tokens: int) -> Callable[[], object]:
        """A step of so many hole tokens, for both branches."""
        config = self.config
        index, frame = torch.zeros(1, tokens, dtype=torch.long), torch.zeros(1, tokens, 6)
        hole = Hole(torch.zeros(1, tokens, config.width), index, frame).repeat(BRANCHES)
        x = torch.zeros(BRANCHES, tokens, config.token_width)
        states = torch.zeros(BRANCHES, config.text_tokens, config.text_width)
        prompt = Prompt(states, torch.ones(states.shape[:2], dtype=torch.bool), states.mean(1))
        t = torch.zeros(BRANCHES)
        return lambda: self.model.decoder(x, t, hole, prompt)


class _Edit:
    """An edit with one architecture, on tensors without data."""

    def __init__(self, config: LazyConfig, architecture: Architecture, codec: LatentCodec) -> None:
        lazy = architecture == "lazydiffusion"
        self.config = config if lazy else baseline(config, architecture)
        self.edit, self.codec = LazyEdit(self.config), codec.to("meta")
        self.crop = architecture == "regenerate_crop"
        self.grid = self.config.grid

    def tokens(self, ratio: float) -> int:
        """The number of tokens computed at each step."""
        if self.config.regenerates:
            return self.grid**2
        return max(1, round(self.grid**2 * ratio))

    def stages(self, ratio: float) -> dict[str, float]:
        """TFLOP of context and decoding, and of a single denoising step."""
        count, config = self.tokens(ratio), self.config
        side = config.side // config.latent_scale
        latents = torch.zeros(1, config.latent_channels, side, side)
        cells = middle_square(side, ratio)
        return {
            "context": self._encode(cells) + _tflop(self.edit.context(count)),
            "denoise": _tflop(self.edit.step(count)),
            "decode": self._decode(latents, cells),
        }

    def _encode(self, cells: Box) -> float:
        """TFLOP of encoding the changed cells: layer by layer if crops are exact, else a crop."""
        layers, side = self.codec.encoding(), self.config.side
        image = torch.zeros(1, 3, side, side)
        changed = cells.scale(self.codec.scale)
        if self.crop:  # each edit encodes another square of the canvas
            return _tflop(lambda: self.codec.encode(image))
        if layers.statistics is None:
            _, kept = run_keeping(layers.steps, image, 10**15)
            assert kept is not None
            return _tflop(lambda: run_changed(layers.steps, image, kept, changed))
        region = spread(layers.steps, image, changed)
        if work_within(layers.steps, image, region) > MAX_WORK:
            return _tflop(lambda: self.codec.encode(image))
        return _tflop(lambda: run_within(layers.steps, image, region))

    def _decode(self, latents: Tensor, cells: Box) -> float:
        if self.config.regenerates:
            return _tflop(lambda: self.codec.decode(latents))
        scale, steps = self.codec.scale, self.codec.decoding().steps
        bounds = Box.of(tuple(latents.shape[2:]))
        wanted = cells.grow(ceil(DECODE_MARGIN / scale)).clip(bounds).scale(scale)
        return _tflop(lambda: run_within(steps, latents, wanted))


def _tflop(run: Callable[[], object]) -> float:
    return work_of(run).flops / 1e12


def count_text(rows: Sequence[CountRow]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| backend | mask | steps | tokens | context | denoise | decode | TFLOP | fewer than image "
        "| context ahead |",
        "|" + "---|" * 10,
    ]
    for row in rows:
        parts = " | ".join(f"{row.tflop[name]:.2f}" for name in ("context", "denoise", "decode"))
        lines.append(
            f"| {row.backend} | {row.mask_ratio:.0%} | {row.steps} | {row.tokens} | {parts} "
            f"| {row.tflop['total']:.2f} | {row.times_fewer:.1f} x "
            f"| {row.times_fewer_ahead:.1f} x |"
        )
    return "\n".join(lines)
