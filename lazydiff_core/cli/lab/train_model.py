"""`lazydiff train model|export-model`, `lazydiff data encode`: training at the paper's scale."""

from __future__ import annotations

import sys
import tomllib
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.hub_models import installed
from lazydiff_core.cli.progress_bar import counting
from lazydiff_core.cli.values import add_shard_argument
from lazydiff_core.errors import InputError
from lazydiff_core.storage.resources import resource

if TYPE_CHECKING:
    from lazydiff_core.training.loop import StepNews


def _entry(text: str) -> dict[str, Any]:
    """Parse one line of a recipe, such as steps=100."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ArgumentTypeError(f"{text!r} is no line of a recipe, such as steps=100") from error


def _add_model_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        nargs="+",
        required=True,
        help="folders of shards, or addresses: https://.../{000..999}.tar, 'pipe:COMMAND'",
    )
    parser.add_argument("--init", required=True, help="model to start from: a folder or hub id")
    parser.add_argument(
        "--config",
        type=Path,
        default=resource("train/paper.toml"),
        help="recipe of the run, TOML (default: the paper's)",
    )
    parser.add_argument(
        "--set",
        type=_entry,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change an entry of the recipe; may be repeated",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument(
        "--resume", action="store_true", help="continue from its last checkpoint, if there is one"
    )


def _model(args: Namespace) -> Report:
    from tqdm import tqdm

    from lazydiff_core.training.model_run import train_model
    from lazydiff_core.training.recipe import Recipe, read_recipe

    recipe = read_recipe(args.config)
    for entry in args.set:
        recipe = Recipe.from_dict(recipe.to_dict() | entry)
    with tqdm(total=recipe.steps, file=sys.stderr, disable=None, unit="step") as bar:

        def show(news: StepNews) -> None:
            bar.set_postfix(loss=f"{news.loss:.4f}", refresh=False)
            bar.update(news.step - bar.n)

        init = installed(args.init)
        loss, first = train_model(init, args.data, recipe, args.out, args.resume, show)
    if not first:
        raise SystemExit(0)  # one report, however many processes
    document = {"out": str(args.out), "steps": recipe.steps, "loss": loss}
    return Report(document, f"loss {loss:.4f} after {recipe.steps} steps, in {args.out}")


def _add_export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, dest="run_folder", help="the run")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--init", help="where the model it started from is now, if it has moved")


def _export_model(args: Namespace) -> Report:
    from lazydiff_core.training.model_run import export_run

    if args.out.exists():
        raise InputError(f"{args.out} already exists: name a new folder.")
    init = installed(args.init) if args.init else None
    step = export_run(args.run_folder, args.out, init)
    return Report({"out": str(args.out), "step": step}, f"model of step {step}, in {args.out}")


def _add_weights_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, dest="run_folder", help="any run")
    parser.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    parser.add_argument(
        "--part",
        choices=("ema", "model"),
        default="ema",
        help="the running mean, where the run keeps one, or the weights themselves (default: ema)",
    )


def _export_weights(args: Namespace) -> Report:
    from lazydiff_core.model.files.tensors import write_tensors
    from lazydiff_core.training.checkpoints import last_weights

    if args.out.exists():
        raise InputError(f"{args.out} already exists: name a new file.")
    step, weights = last_weights(args.run_folder, args.part)
    write_tensors(args.out, weights, {"step": str(step)})
    return Report({"out": str(args.out), "step": step}, f"weights of step {step}, in {args.out}")


def _add_encode_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        nargs="+",
        required=True,
        help="folders of shards, or addresses: https://.../{000..999}.tar, 'pipe:COMMAND'",
    )
    parser.add_argument("--model", required=True, help="model to encode for: a folder or hub id")
    parser.add_argument("--out", type=Path, required=True, help="folder for the encoded shards")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda ... (default: auto)")
    add_shard_argument(parser, "shard")


def _encode(args: Namespace) -> Report:
    from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
    from lazydiff_core.model.files.devices import choose_device
    from lazydiff_core.training.batches import BatchMaker
    from lazydiff_core.training.encode_shards import encode_shards
    from lazydiff_core.training.precision import fast_dtype

    device = choose_device(args.device)
    checkpoint = load_checkpoint(installed(args.model))
    maker = BatchMaker(checkpoint, device, fast_dtype(device))
    part, parts = args.shard
    with counting("sample") as show:
        count = encode_shards(maker, args.data, args.out, part, parts, show)
    return Report({"out": str(args.out), "shards": count}, f"{count} shards encoded in {args.out}")


TRAIN_MODEL = Command(
    "model", "Train a model folder on shards, on any number of GPUs.", _model, _add_model_arguments
)
EXPORT_MODEL = Command(
    "export-model", "Make a model folder of such a run.", _export_model, _add_export_arguments
)
EXPORT_WEIGHTS = Command(
    "export-weights",
    "Join the parts of a run's last checkpoint in one safetensors file.",
    _export_weights,
    _add_weights_arguments,
)
ENCODE = Command("encode", "Encode shards ahead for one model.", _encode, _add_encode_arguments)
