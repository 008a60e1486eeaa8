"""`lazydiff train bundled`: renders, trains and measures the bundled model within a time."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.lab.data import add_vocabulary_arguments
from lazydiff_core.cli.values import number, whole_number
from lazydiff_core.storage.resources import resource
from lazydiff_core.storage.safe_files import write_files

MEASURING = 0.2  # of the time
GROUPS = ("surfaces", "colours", "things", "accuracy")
PART_MB = 15


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stickers", type=Path, required=True, help="sticker bank")
    parser.add_argument("--out", type=Path, required=True, help="folder of the sitting")
    parser.add_argument("--model", default="bundled", help="what to start from: bundled, a folder")
    parser.add_argument(
        "--minutes", type=number(0.01, 100_000), default=7, help="for everything (default: 7)"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda ... (default: auto)")
    parser.add_argument(
        "--workers",
        type=whole_number(0, 1024),
        default=os.cpu_count() or 1,
        help="processes that render; 0 = this one (default: one a core)",
    )
    parser.add_argument("--scenes", type=whole_number(1, 10**6), default=20_000, help="at most")
    parser.add_argument(
        "--tokens", type=whole_number(16, 10**7), help="hole tokens of a step (default: by device)"
    )
    parser.add_argument(
        "--rate",
        type=number(0.001, 10),
        default=0.5,
        help="learning rates over those of a first run (default: %(default)s)",
    )
    parser.add_argument("--seed", type=whole_number(0, 900_000), default=0)
    add_vocabulary_arguments(parser)


def _bundled(args: Namespace) -> Report:
    from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
    from lazydiff_core.model.files.devices import choose_device
    from lazydiff_core.model.text.text_encoder import MiniLM
    from lazydiff_core.model_store.locate import locate_model
    from lazydiff_core.training.sitting import Sitting, in_parts, train_sitting
    from lazydiff_core.training.vocabulary import read_concepts

    begin, device = time.monotonic(), choose_device(args.device)
    model = locate_model(args.model)
    sitting = Sitting(
        minutes=(1 - MEASURING) * args.minutes,
        workers=args.workers,
        most=args.scenes,
        tokens=args.tokens or (7_000 if device.type == "cpu" else 100_000),
        rate=args.rate,
        device=str(device),
        seed=args.seed,
    )
    concepts = read_concepts(args.concepts, tuple(args.sections))
    text = MiniLM(load_checkpoint(model).lazy.config.text_tokens)
    loss = train_sitting(model, args.stickers, concepts, text, args.out, sitting)
    folder = args.out / "model"
    parts = in_parts(sorted(folder.iterdir()), args.out / "parts", PART_MB * 10**6)
    document = {
        "out": str(folder),
        "parts": [path.name for path in parts],
        "loss": loss,
        "scores": _scores(folder, str(device)),
        "minutes": (time.monotonic() - begin) / 60,
    }
    write_files({args.out / "parts" / "report.json": json.dumps(document, indent=1).encode()})
    return Report(document, f"loss {loss:.4f}, in {folder} and, in parts, {args.out / 'parts'}")


def _scores(folder: Path, device: str) -> dict[str, float]:
    """The scores that count here, of few trials."""
    from lazydiff_core.engine.engine import Engine
    from lazydiff_core.evaluation.kit import load_kit
    from lazydiff_core.evaluation.scores.evaluate import evaluate
    from lazydiff_core.evaluation.scores.task import QUICK

    engine = Engine.load(str(folder), device=device)
    measured = evaluate(engine, load_kit(resource("eval")), None, QUICK, only=GROUPS)
    return {score.name: score.estimate.value for score in measured.scores}


TRAIN_BUNDLED = Command(
    "bundled",
    "Render, train, measure and write the bundled model within a time.",
    _bundled,
    _add_arguments,
)
