"""The arguments shared by all commands that load an engine."""

from __future__ import annotations

import locale
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from lazydiff_core.cli.hub_models import ensure_installed
from lazydiff_core.cli.progress_bar import counting
from lazydiff_core.cli.values import setting
from lazydiff_core.contract import RGBA
from lazydiff_core.control_files import SKETCH, USUAL_CONTROL_STRENGTH, Control
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.load_progress import hearing_of_measures
from lazydiff_core.lora_files import Lora, loras_setting
from lazydiff_core.prompts.languages import ENGLISH
from lazydiff_core.reference_files import MAX_REFERENCES, references_setting


def add_engine_arguments(parser: ArgumentParser, usual_model: str = "") -> None:
    """Add --model, --backend, --device, and the arguments of `add_sampling_arguments`.

    usual_model: what a command takes that chooses its model if none is named; "" = bundled.
    """
    parser.add_argument(
        "--model",
        default=None if usual_model else "bundled",
        help=f"bundled, a folder or a hub id (default: {usual_model or 'bundled'})",
    )
    parser.add_argument(
        "--backend", metavar="NAME", help="way to generate (default: the model's own)"
    )
    parser.add_argument(
        "--device", metavar="D", help="cpu, cuda, mps ... (default: the best available)"
    )
    add_sampling_arguments(parser)


def add_sampling_arguments(parser: ArgumentParser) -> None:
    """Add --seed, --steps, --guidance, --sampler, --lora and --language."""
    parser.add_argument(
        "--seed",
        metavar="N",
        type=setting("seed"),
        default=0,
        help="default: %(default)s",
    )
    parser.add_argument(
        "--steps",
        metavar="N",
        type=setting("steps"),
        help="denoising steps (default: the model's)",
    )
    parser.add_argument(
        "--guidance",
        metavar="G",
        type=setting("guidance"),
        help="how strictly to follow the prompt (default: the model's)",
    )
    parser.add_argument("--sampler", metavar="S", help="sampling method (default: the model's)")
    parser.add_argument(
        "--lora",
        metavar="FILE[:WEIGHT]",
        action="append",
        help="a LoRA made for the model (.safetensors), and how strongly it counts; several add up",
    )
    parser.add_argument(
        "--language",
        metavar="CODE",
        default=system_language(),
        help="of the prompt, where a word means two things, such as de (default: the system's)",
    )


def add_reference_argument(parser: ArgumentParser) -> None:
    """Add --reference, of which there may be several."""
    parser.add_argument(
        "--reference",
        metavar="PICTURE",
        action="append",
        type=Path,
        help=f"a picture that the prompt refers to; up to {MAX_REFERENCES}, if the model takes any",
    )


def add_control_argument(parser: ArgumentParser) -> None:
    """Add --control, for a network and the picture that it follows."""
    parser.add_argument(
        "--control",
        metavar=("FILE[:STRENGTH]", "PICTURE"),
        nargs=2,
        help="a control network made for Z-Image (.safetensors), how strongly it counts "
        f"(default: {USUAL_CONTROL_STRENGTH}), and the picture of edges, depths or poses it "
        f"follows, which shows the canvas; '{SKETCH}' = the lines of --sketch",
    )


def system_language() -> str:
    """Code of the language that the system is set to, "" for English or where it says none."""
    code = (locale.getlocale()[0] or "").split("_")[0].lower()
    return code if len(code) == 2 and code != ENGLISH else ""


def settings_of(args: Namespace) -> GenerationSettings:
    """The settings in a command's arguments; an argument that is missing or None = the default."""
    names = {row.name for row in fields(GenerationSettings)}
    given = {key: value for key, value in vars(args).items() if key in names and value is not None}
    if getattr(args, "lora", None):
        given["loras"] = loras_setting(Lora.parse(text) for text in args.lora)
    if getattr(args, "reference", None):
        given["references"] = references_setting(args.reference)
    if getattr(args, "control", None):
        network, picture = args.control
        given["control"] = str(Control.parse(network, "" if picture == SKETCH else picture))
    return GenerationSettings(**given)


def load_engine(args: Namespace, words: Mapping[str, RGBA] | None = None) -> tuple[Engine, float]:
    """Load the engine and teach it words; returns it with the seconds this took.

    A model named by its hub id is downloaded first, after its size and licence were shown.
    """
    ensure_installed(args.model)
    started = time.perf_counter()
    with counting("step") as show, hearing_of_measures(show):
        engine = Engine.load(args.model, backend=args.backend, device=args.device, words=words)
    return engine, time.perf_counter() - started
