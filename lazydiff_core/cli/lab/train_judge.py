"""`lazydiff train judge`: trains the classifier that `lazydiff eval model` uses."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import installed
from lazydiff_core.cli.lab.data import add_vocabulary_arguments
from lazydiff_core.cli.values import add_steps_argument, number, whole_number


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stickers", type=Path, required=True, help="sticker bank")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; resumes there")
    parser.add_argument(
        "--autoencoder",
        default="bundled",
        metavar="MODEL",
        help="model whose autoencoder half of the scenes pass through (default: %(default)s)",
    )
    parser.add_argument(
        "--minutes",
        type=number(0.01, 100_000),
        default=12,
        help="how long to train from here on; the rate decays at the end (default: %(default)s)",
    )
    add_steps_argument(parser)
    parser.add_argument("--seed", type=whole_number(0, 2**31), default=0)
    add_vocabulary_arguments(parser)


def _run(args: Namespace) -> Report:
    from lazydiff_core.evaluation.judge_trainer import JudgeRun, train_judge
    from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
    from lazydiff_core.training.surfaces.catalogue import SURFACES
    from lazydiff_core.training.vocabulary import read_concepts

    named = read_concepts(args.concepts, tuple(args.sections))
    # Surfaces are not objects, although some share a picture's name.
    concepts = {name: prompts for name, prompts in named.items() if name not in SURFACES}
    codec = load_checkpoint(installed(args.autoencoder)).autoencoder
    run = JudgeRun(args.minutes, args.steps, seed=args.seed)
    top1 = train_judge(args.stickers, concepts, codec, args.out, run)
    document = {"out": str(args.out), "concepts": len(concepts), "top1": top1}
    return Report(document, f"top-1 {top1:.1%} on reserved scenes, in {args.out}")


TRAIN_JUDGE = Command("judge", "Train the judge of `eval model`.", _run, _add_arguments)
