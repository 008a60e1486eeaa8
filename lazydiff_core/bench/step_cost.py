"""Time of one decoder evaluation by mask size, against a floor.

The floor is the arithmetic of the matrix products, divided by the rate at which this machine
multiplies matrices of the model's shapes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import torch

from lazydiff_core.engine.engine import Clock
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.text.prompt import Prompt

RATIOS = (0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class StepCost:
    """Time of one evaluation for one mask size.

    seconds:       median.
    ratio_to_full: time for all tokens divided by this time; None if all tokens were not measured.
    """

    config: str
    mask_ratio: float
    tokens: int
    seconds: float
    flops: float
    floor_seconds: float
    ratio_to_full: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def decoder_flops(config: LazyConfig, tokens: int) -> float:
    """FLOPs (a multiply-add as two) of one evaluation on `tokens` tokens with a full prompt.

    All linear layers and the two products of each attention are counted; norms, activations and
    other element-wise work (below 1%) are not.
    """
    d, prompt = config.width, config.text_tokens
    outside = 2 * config.token_width * d + 2 * 2 * d * d + 2 * d * config.output_width
    self_attention = 4 * 2 * d * d + 2 * 2 * tokens * d
    cross_attention = 2 * 2 * d * d + 2 * 2 * prompt * d
    block = self_attention + cross_attention + 2 * 2 * d * 4 * d
    text = prompt * (2 * config.text_width * d + 2 * d * d + config.decoder_blocks * 4 * d * d)
    return float(tokens * (outside + config.decoder_blocks * block) + text)


def product_rate(width: int, rows: int = 2048, clock: Clock = time.perf_counter) -> float:
    """FLOP/s of a float32 product of (rows, width) and (width, 4 width): the best of five."""
    a, b = torch.randn(rows, width), torch.randn(width, 4 * width)
    return 2 * rows * width * 4 * width / min(_seconds(lambda: a @ b, 5, clock))


def _seconds(run: Callable[[], object], times: int, clock: Clock, warm: bool = True) -> list[float]:
    if warm:
        run()
    taken = []
    for _ in range(times):
        start = clock()
        run()
        taken.append(clock() - start)
    return taken


@torch.inference_mode()
def measure_steps(
    name: str,
    config: LazyConfig,
    ratios: tuple[float, ...] = RATIOS,
    times: int = 3,
    clock: Clock = time.perf_counter,
    on_size: Callable[[int, float, float], None] = lambda tokens, seconds, floor_seconds: None,
) -> list[StepCost]:
    """Time a decoder with random weights on the CPU, for each share of the canvas.

    times:   timed runs; a single one is not warmed up, because it takes a minute at paper scale.
    on_size: called with (tokens, seconds, floor in seconds) after each size.
    """
    decoder = LazyDecoder(config).eval()
    prompt = Prompt(
        torch.randn(1, config.text_tokens, config.text_width),
        torch.ones(1, config.text_tokens, dtype=torch.bool),
        torch.randn(1, config.text_width),
    )
    rate = product_rate(config.width, clock=clock)
    whole = config.grid**2
    counts = [max(1, round(whole * ratio)) for ratio in ratios]
    measured = []
    for count in counts:
        measured.append(_step_seconds(decoder, count, prompt, times, clock))
        on_size(count, measured[-1], decoder_flops(config, count) / rate)
    full = measured[counts.index(whole)] if whole in counts else None
    return [
        StepCost(name, ratio, count, seconds, flops, flops / rate, full / seconds if full else None)
        for ratio, count, seconds in zip(ratios, counts, measured, strict=True)
        for flops in (decoder_flops(config, count),)
    ]


def _step_seconds(
    decoder: LazyDecoder, tokens: int, prompt: Prompt, times: int, clock: Clock
) -> float:
    config = decoder.config
    hole = Hole(
        torch.randn(1, tokens, config.width),
        torch.arange(tokens)[None],
        torch.zeros(1, tokens, 6),
    )
    noised, t = torch.randn(1, tokens, config.token_width), torch.tensor([500.0])
    return median(_seconds(lambda: decoder(noised, t, hole, prompt), times, clock, times > 1))
