"""The arguments shared by all commands that load an engine."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from lazydiff_core.cli.values import number, whole_number
from lazydiff_core.contract import MOST_GUIDANCE, MOST_SEED, MOST_STEPS, RGBA
from lazydiff_core.engine.engine import Engine


def add_engine_arguments(parser: ArgumentParser) -> None:
    """--model, --backend, --device and those of `add_sampling_arguments`."""
    parser.add_argument(
        "--model", default="bundled", help="bundled, a folder or a hub id (default: %(default)s)"
    )
    parser.add_argument(
        "--backend", metavar="NAME", help="way to generate (default: the model's own)"
    )
    parser.add_argument(
        "--device", metavar="D", help="cpu, cuda, mps ... (default: the best there is)"
    )
    add_sampling_arguments(parser)


def add_sampling_arguments(parser: ArgumentParser) -> None:
    """--seed, --steps, --guidance, --sampler."""
    parser.add_argument(
        "--seed",
        metavar="N",
        type=whole_number(0, MOST_SEED),
        default=0,
        help="default: %(default)s",
    )
    parser.add_argument(
        "--steps",
        metavar="N",
        type=whole_number(1, MOST_STEPS),
        help="denoising steps (default: the model's)",
    )
    parser.add_argument(
        "--guidance",
        metavar="G",
        type=number(0, MOST_GUIDANCE),
        help="how strictly to follow the prompt (default: the model's)",
    )
    parser.add_argument("--sampler", metavar="S", help="sampling method (default: the model's)")


def load_engine(args: Namespace, words: Mapping[str, RGBA] | None = None) -> tuple[Engine, float]:
    """The engine asked for, and the seconds that loading it and teaching it words took."""
    started = time.perf_counter()
    engine = Engine.load(args.model, backend=args.backend, device=args.device, words=words)
    return engine, time.perf_counter() - started
