"""Argument types whose error messages state the allowed values."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable

from lazydiff_core.generation_settings import LIMITS


def setting(name: str) -> Callable[[str], float]:
    """Parser of a number within the limits of a setting."""
    limits = LIMITS[name]
    return (whole_number if limits.whole else number)(limits.low, limits.high)


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Parser of an integer in least..most."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return value

    return parse


def number(least: float, most: float) -> Callable[[str], float]:
    """Parser of a number in least..most."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:  # also catches NaN
            raise ArgumentTypeError(f"{text!r} is not a number from {least:g} to {most:g}")
        return value

    return parse


def add_shard_argument(parser: ArgumentParser, of: str) -> None:
    """Add `--shard I/N`, parsed as (I-1, N): this machine's part of all `of`s."""
    parser.add_argument(
        "--shard",
        type=_part,
        default=(0, 1),
        metavar="I/N",
        help=f"on the I-th of N machines (from 1): every N-th {of} only",
    )


def add_steps_argument(parser: ArgumentParser) -> None:
    """Add `--steps`, which measures a run in steps; 0 where it is measured in minutes."""
    parser.add_argument(
        "--steps",
        type=whole_number(1, 10**9),
        default=0,
        help="how many steps from here on instead: a run that is stopped ends as it would have",
    )


def _part(text: str) -> tuple[int, int]:
    try:
        part, parts = (whole_number(1, 100_000)(piece) for piece in text.split("/"))
    except (ArgumentTypeError, ValueError):
        part, parts = 1, 0
    if part > parts:
        raise ArgumentTypeError(f"{text!r} is not I/N, such as 1/4")
    return part - 1, parts
