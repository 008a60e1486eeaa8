"""`lazydiff eval model|compare|kit`: scores of one or several models."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.engine_arguments import (
    add_engine_arguments,
    add_sampling_arguments,
    load_engine,
    settings_of,
)
from lazydiff_core.cli.hub_models import ensure_installed
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.evaluation.study import CAPTIONS
from lazydiff_core.storage.resources import resource
from lazydiff_core.storage.safe_files import make_folder, write_files

if TYPE_CHECKING:
    from lazydiff_core.evaluation.kit import Kit
    from lazydiff_core.evaluation.scores.evaluate import Evaluation, OnProgress
    from lazydiff_core.evaluation.scores.task import ClipReference


def _add_common_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, help="folder for report.html, report.json and sheets")
    parser.add_argument(
        "--quick", action="store_true", help="few trials: a look at every score within a minute"
    )
    parser.add_argument(
        "--only",
        type=lambda text: tuple(text.split(",")),
        metavar="NAMES",
        help="some groups of scores, by commas: accuracy, surfaces, colours, things, unknown, "
        "variety, context, edges, autoencoder, cost, clip",
    )
    parser.add_argument(
        "--fills", action="store_true", help="write every fill to OUT as well, for `study build`"
    )
    parser.add_argument("--clip", metavar="FOLDER", help="a CLIP on this machine, for CLIPScore")
    parser.add_argument(
        "--real", type=Path, metavar="FOLDER", help="real pictures, to compare CLIP's features with"
    )
    parser.add_argument(
        "--kit", type=Path, metavar="FOLDER", help="judge and renderings (default: shipped)"
    )


def _add_model_arguments(parser: ArgumentParser) -> None:
    _add_common_arguments(parser)
    add_engine_arguments(parser)


def _model(args: Namespace) -> Report:
    from lazydiff_core.evaluation.kit import load_kit
    from lazydiff_core.evaluation.report import document

    _check_out(args)
    kit = load_kit(args.kit or resource("eval"))
    clip_reference = _clip_reference(args)
    engine, _ = load_engine(args)
    evaluations = {args.model: _evaluate(args, args.model, engine, kit, clip_reference)}
    return _report(args, evaluations, kit, document(evaluations[args.model], kit.reference_scores))


def _add_compare_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "models",
        nargs="+",
        metavar="MODEL[@BACKEND]",
        help="bundled, folders or hub ids; the first is what the others are compared with",
    )
    parser.add_argument("--device", metavar="D", help="cpu, cuda ... (default: the best available)")
    _add_common_arguments(parser)
    add_sampling_arguments(parser)


def _compare(args: Namespace) -> Report:
    from lazydiff_core.evaluation.kit import load_kit
    from lazydiff_core.evaluation.report import comparison

    _check_out(args)
    if len(set(args.models)) < max(2, len(args.models)):
        raise InputError("There is nothing to compare: name at least two different models.")
    kit, clip_reference, evaluations = (
        load_kit(args.kit or resource("eval")),
        _clip_reference(args),
        {},
    )
    for name in args.models:
        model, _, backend = name.partition("@")
        ensure_installed(model)
        engine = Engine.load(model, backend=backend or None, device=args.device)
        evaluations[name] = _evaluate(args, model, engine, kit, clip_reference)
    return _report(args, evaluations, kit, comparison(evaluations, kit.reference_scores))


def _check_out(args: Namespace) -> None:
    """Check --out before minutes of measuring."""
    if args.out is not None:
        make_folder(args.out)
    elif args.fills:
        raise InputError("--fills needs --out, the folder to write them to.")


def _clip_reference(args: Namespace) -> ClipReference | None:
    from lazydiff_core.evaluation.clip import image_features, load_clip, read_pictures
    from lazydiff_core.evaluation.scores.task import ClipReference

    if args.clip is None:
        if args.real is not None:
            raise InputError("--real is compared in CLIP's features: name one with --clip.")
        return None
    clip = load_clip(args.clip)
    real = None if args.real is None else image_features(clip, read_pictures(args.real))
    return ClipReference(clip, real)


def _evaluate(
    args: Namespace, model: str, engine: Engine, kit: Kit, clip_reference: ClipReference | None
) -> Evaluation:
    from lazydiff_core.evaluation.scores.evaluate import GROUPS, codec_of, evaluate
    from lazydiff_core.evaluation.scores.task import FULL, QUICK

    settings = settings_of(args)
    codec = codec_of(model, engine.info)
    with _bar(engine.info.model) as on_progress:
        plan = QUICK if args.quick else FULL
        only = args.only or tuple(GROUPS)
        return evaluate(engine, kit, codec, plan, settings, clip_reference, on_progress, only)


@contextmanager
def _bar(model: str) -> Iterator[OnProgress]:
    with tqdm(desc=model, file=sys.stderr, disable=None, leave=False, unit="fill") as bar:

        def show(done: int, total: int, what: str) -> None:
            bar.total = total
            bar.set_postfix_str(what, refresh=False)
            bar.update(done - bar.n)

        yield show


def _report(
    args: Namespace, evaluations: Mapping[str, Evaluation], kit: Kit, document: object
) -> Report:
    from lazydiff_core.evaluation.report import report_files, text_table

    text = text_table(evaluations, kit.reference_scores)
    if args.out is not None:
        contents = report_files(evaluations, kit.reference_scores, document, args.out)
        write_files(contents)
        if args.fills:
            _write_fills(evaluations, args.out)
        text += f"\nSee {args.out / 'report.html'}"
    return Report(document, text)


def _write_fills(evaluations: Mapping[str, Evaluation], out: Path) -> None:
    from lazydiff_core.evaluation.score_pictures import fill_pictures, plain_name

    for name, evaluation in evaluations.items():
        folder = out / "fills" / plain_name(name)
        make_folder(folder)
        captions = {}
        for path, data, caption in fill_pictures(evaluation, folder):
            write_files({path: data})
            captions[path.name] = caption
        write_files({folder / CAPTIONS: (json.dumps(captions, indent=1) + "\n").encode()})


def _add_kit_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stickers", type=Path, required=True, help="sticker bank")
    parser.add_argument("--assets", type=Path, required=True, help="the installed picture sets")
    parser.add_argument("--judge", type=Path, required=True, help="folder of `train judge`")
    parser.add_argument("--out", type=Path, required=True, help="folder for the kit")
    parser.add_argument(
        "--holdout", type=Path, default=resource("train/holdout.json"), help="held-out pairs"
    )


def _kit(args: Namespace) -> Report:
    from lazydiff_core.evaluation.kit_builder import build_kit

    kit = build_kit(args.stickers, args.assets, args.holdout, args.judge, args.out)
    document = {
        "out": str(args.out),
        "heldout": len(kit.heldout),
        "grids": len(kit.grids),
        "frechet_floor": 100 * kit.reference_scores.frechet,
        "judge_top1_ceiling": kit.reference_scores.top1,
    }
    return Report(document, f"{len(kit.bank.stickers)} renderings and the judge in {args.out}")


EVAL_MODEL = Command(
    "model",
    "Measure a model: accuracy, context, seams, colors, reconstruction.",
    _model,
    _add_model_arguments,
)
EVAL_COMPARE = Command(
    "compare", "The same scores of several models side by side.", _compare, _add_compare_arguments
)
EVAL_KIT = Command(
    "kit", "Make the judge and renderings that models are measured with.", _kit, _add_kit_arguments
)
