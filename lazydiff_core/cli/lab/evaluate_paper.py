"""`lazydiff eval paper`, `eval paper-fills`: the paper's figures, and fills to take them of."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import add_engine_arguments, load_engine, settings_of
from lazydiff_core.cli.progress_bar import counting
from lazydiff_core.cli.values import whole_number


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--images", type=Path, required=True, help="folder of real pictures")
    parser.add_argument(
        "--fills", type=Path, required=True, help="folder of fills, each with its caption: NAME.txt"
    )
    parser.add_argument(
        "--inception",
        type=Path,
        required=True,
        metavar="FILE",
        help="weights of torch-fidelity's InceptionV3 (.pth or .safetensors)",
    )
    parser.add_argument("--clip", required=True, metavar="DIR", help="folder of a CLIP")
    parser.add_argument("--device", metavar="D", help="cpu, cuda ... (default: the best there is)")


def _paper(args: Namespace) -> Report:
    from lazydiff_core.evaluation.paper_scores import FEATURES, load_inception, paper_scores
    from lazydiff_core.model.files.devices import choose_device

    device, inception = choose_device(args.device), load_inception(args.inception)
    with counting("picture") as show:
        found = paper_scores(args.images, args.fills, inception, args.clip, device, show)
    text = f"FID {found.fid:.2f}, CLIPScore {found.clip_score:.3f}, of {found.pictures} fills"
    if min(found.pictures, found.real) <= FEATURES:
        text += f"; FID needs more than {FEATURES} pictures of each kind to mean something"
    return Report(asdict(found), text)


def _add_fill_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of shards")
    parser.add_argument("--out", type=Path, required=True, help="folder for images and fills")
    parser.add_argument(
        "--count",
        type=whole_number(1, 1_000_000),
        default=10_000,
        metavar="N",
        help="default: %(default)s, as in the paper",
    )
    add_engine_arguments(parser)


def _fills(args: Namespace) -> Report:
    from lazydiff_core.evaluation.paper_fills import paper_fills
    from lazydiff_core.training.webshards import find_shards, open_shards

    shards = open_shards(find_shards(args.data))
    engine, load = load_engine(args)
    with counting("fill") as show:
        filled = paper_fills(engine, shards, args.out, args.count, settings_of(args), show)
    document = {
        "out": str(args.out),
        "filled": filled,
        "model": engine.info.model,
        "backend": engine.info.backend,
        "seconds": {"load": load},
    }
    return Report(document, f"{filled} fills made, in {args.out}")


EVAL_PAPER = Command(
    "paper", "FID and CLIPScore of fills, as the paper reports them.", _paper, _add_arguments
)
EVAL_FILLS = Command(
    "paper-fills", "Fill samples of shards for `eval paper`.", _fills, _add_fill_arguments
)
