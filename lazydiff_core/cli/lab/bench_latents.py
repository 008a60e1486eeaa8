"""`lazydiff bench latents`: encoding an edit and decoding a hole, against whole pictures."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import installed
from lazydiff_core.cli.values import whole_number

if TYPE_CHECKING:
    from lazydiff_core.model.autoencoders.latent_codec import LatentCodec


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--vae",
        default="bundled",
        help="bundled; kl or tiny with random weights; or the folder of an autoencoder",
    )
    parser.add_argument(
        "--side", type=whole_number(128, 4096), default=512, help="of the canvas, a multiple of 16"
    )
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="CPU seconds of all threads: fair where other programs compute",
    )
    parser.add_argument("--quick", action="store_true", help="one run each")


def _latents(args: Namespace) -> Report:
    from lazydiff_core.bench.latent_cost import measure_latents

    clock = time.process_time if args.cpu_time else time.perf_counter
    rounds = 1 if args.quick else 3
    side = args.side // 16 * 16
    rows = measure_latents(_codec(args.vae), side, rounds=rounds, clock=clock)
    lines = [
        f"{row.direction}  {row.mask_ratio:4.0%} mask  full {row.full_seconds * 1000:8.1f} ms  "
        f"lazy {row.lazy_seconds * 1000:8.1f} ms  {row.times_faster:5.1f} x  error mean "
        f"{row.error_mean:.4f}, p99 {row.error_p99:.3f}, max {row.error_max:.3f} "
        + ("of a deviation" if row.direction == "encode" else "of 255 levels")
        + (f", statistics moved by {row.shift:.3f}" if row.shift else "")
        + (": a full pass was made" if row.fell_back else "")
        for row in rows
    ]
    return Report([row.to_dict() for row in rows], "\n".join(lines))


def _codec(name: str) -> LatentCodec:
    from lazydiff_core.bench.candidates import random_autoencoder
    from lazydiff_core.model.autoencoders.vae_folder import load_vae
    from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint

    match name:
        case "kl" | "tiny":
            return random_autoencoder(name).channels_last()
        case "bundled":
            return load_checkpoint(installed(name)).autoencoder.channels_last()
    return load_vae(Path(name)).channels_last()


LATENTS = Command("latents", "Lazy latents against full passes.", _latents, _add_arguments)
