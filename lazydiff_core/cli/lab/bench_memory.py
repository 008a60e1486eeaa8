"""`lazydiff bench memory`: what large models need on a card, counted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import number
from lazydiff_core.reference_files import MAX_REFERENCES

if TYPE_CHECKING:
    from lazydiff_core.backends.cached_dit.cache_settings import Mode
    from lazydiff_core.bench.memory import MemoryPlan
    from lazydiff_core.bench.public_memory import MemoryRow

_CARDS: Final = {"xl": 8.0, "klein4b": 8.0, "z-image": 12.0, "pixart": 6.0}  # GB


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config", choices=_CARDS, default="xl", help="xl is the paper's model (default: xl)"
    )
    parser.add_argument(
        "--mask", type=number(0.01, 100), default=10, metavar="%", help="default: %(default)s"
    )
    parser.add_argument(
        "--card",
        type=number(1, 1000),
        metavar="GB",
        help="default: 8, 12 for z-image, 6 for pixart",
    )
    parser.add_argument(
        "--references",
        type=int,
        choices=range(MAX_REFERENCES + 1),
        default=0,
        help="pictures of the canvas's size that the prompt refers to (default: %(default)s)",
    )
    parser.add_argument(
        "--reference-mode",
        action="store_true",
        help="the canvas is a reference, too, as with --backend cached_dit_reference",
    )
    parser.add_argument(
        "--quick", action="store_true", help="accepted for uniformity: nothing is computed"
    )


def _memory(args: Namespace) -> Report:
    from lazydiff_core.bench.memory import plan_memory
    from lazydiff_core.bench.public_memory import memory_rows
    from lazydiff_core.model.files.config import XL

    card = args.card or _CARDS[args.config]
    mode: Mode = "reference" if args.reference_mode else "bank"
    size = round(card * 1e9)
    rows = memory_rows(args.config, args.mask / 100, size, args.references, mode)
    text = _text(rows, card)
    if args.config == "xl":
        text = f"{_weights(plan_memory(XL, args.mask / 100))}\n\n{text}"
    return Report([row.to_dict() for row in rows], text)


def _weights(plan: MemoryPlan) -> str:
    lines = [f"{'':18}{'parameters':>14}{'float32':>10}{'half':>10}{'8-bit':>10}"]
    lines += [
        f"{w.part:18}{w.parameters:14,}" + "".join(f"{w.bytes(n) / 1e9:7.2f} GB" for n in (4, 2, 1))
        for w in plan.weights
    ]
    return "\n".join(
        [*lines, "", f"{plan.tokens} hole tokens, {plan.token_bytes:,} bytes of activations each"]
    )


def _text(rows: list[MemoryRow], card: float) -> str:
    peak = max(row.peak_gb for row in rows)
    verdict = "fits" if peak <= card else "does not fit"
    lines = [
        f"{row.stage:18}{row.weights_gb:6.2f} GB weights  {row.peak_gb:6.2f} GB in all"
        for row in rows
    ]
    return "\n".join([*lines, rows[0].plan, f"{peak:.2f} GB: {verdict} a card of {card:g} GB"])


MEMORY = Command("memory", "What large models need on a card.", _memory, _add_arguments)
