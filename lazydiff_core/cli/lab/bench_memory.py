"""`lazydiff bench memory`: the GPU memory that the paper-scale model needs, counted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import number

if TYPE_CHECKING:
    from lazydiff_core.bench.memory import MemoryPlan


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--mask", type=number(0.01, 100), default=10, metavar="%", help="default: %(default)s"
    )
    parser.add_argument(
        "--card", type=number(1, 1000), default=8, metavar="GB", help="default: %(default)s"
    )
    parser.add_argument("--quick", action="store_true", help="the same: nothing is computed")


def _memory(args: Namespace) -> Report:
    from lazydiff_core.bench.memory import plan_memory
    from lazydiff_core.model.files.config import XL

    plan = plan_memory(XL, args.mask / 100)
    fits = plan.peak <= args.card * 1e9
    document = plan.to_dict() | {"card_bytes": round(args.card * 1e9), "fits": fits}
    return Report(document, _text(plan, args.card, fits))


def _text(plan: MemoryPlan, card: float, fits: bool) -> str:
    lines = [f"{'':18}{'parameters':>14}{'float32':>10}{'half':>10}{'8-bit':>10}"]
    lines += [
        f"{w.part:18}{w.parameters:14,}" + "".join(f"{w.bytes(n) / 1e9:7.2f} GB" for n in (4, 2, 1))
        for w in plan.weights
    ]
    lines += ["", f"{plan.tokens} hole tokens, {plan.token_bytes:,} bytes of activations each", ""]
    lines += [
        f"{stage.stage:18}{stage.weights / 1e9:6.2f} GB weights  "
        f"{stage.activations / 1e9:6.2f} GB activations  {stage.total / 1e9:6.2f} GB in all"
        for stage in plan.stages
    ]
    verdict = "fits" if fits else "does not fit"
    return "\n".join([*lines, "", f"{plan.peak / 1e9:.2f} GB: {verdict} a card of {card:g} GB"])


MEMORY = Command("memory", "What the paper's model needs on a card.", _memory, _add_arguments)
