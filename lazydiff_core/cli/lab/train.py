"""`lazydiff train`: the bundled model's trainers. Runs resume from their folder."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.hub_models import installed
from lazydiff_core.cli.lab.data import add_vocabulary_arguments
from lazydiff_core.cli.lab.train_bundled import TRAIN_BUNDLED
from lazydiff_core.cli.lab.train_judge import TRAIN_JUDGE
from lazydiff_core.cli.lab.train_model import EXPORT_MODEL, EXPORT_WEIGHTS, TRAIN_MODEL
from lazydiff_core.cli.values import add_steps_argument, number, whole_number

if TYPE_CHECKING:
    from lazydiff_core.model.files.config import Architecture, LazyConfig
    from lazydiff_core.training.learners.scenes import LazyRun


def _add_run_arguments(parser: ArgumentParser, minutes: float) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; resumes there")
    parser.add_argument(
        "--minutes",
        type=number(0.01, 100_000),
        default=minutes,
        help="how long to train from here on; the rate decays at the end (default: %(default)s)",
    )
    add_steps_argument(parser)
    parser.add_argument("--seed", type=whole_number(0, 2**31), default=0)


def _add_autoencoder_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stickers", type=Path, required=True, help="sticker bank")
    parser.add_argument(
        "--decoder-only", action="store_true", help="keep the latents, improve the pictures"
    )
    _add_run_arguments(parser, 30)


def _autoencoder(args: Namespace) -> Report:
    from lazydiff_core.model.autoencoders.bundled_autoencoder import AutoencoderConfig
    from lazydiff_core.training.learners.autoencoder import AutoencoderRun, train_autoencoder

    run = AutoencoderRun(args.minutes, args.steps, decoder_only=args.decoder_only, seed=args.seed)
    decibel = train_autoencoder(args.stickers, args.out, run, AutoencoderConfig())
    return Report({"out": str(args.out), "psnr": decibel}, f"{decibel:.2f} dB, in {args.out}")


def _add_lazy_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--shards", type=Path, required=True, help="rendered scenes")
    add_vocabulary_arguments(parser)
    _add_run_arguments(parser, 90)
    parser.add_argument(
        "--held-out",
        type=Path,
        metavar="SHARDS",
        help="scenes rendered with --held-out: the weights that fit them best are kept",
    )
    parser.add_argument(
        "--weights",
        nargs="+",
        type=_section_weight,
        default=[],
        metavar="SECTION=W",
        help="how often scenes of a section's concepts are drawn (default: 1 for all)",
    )
    parser.add_argument(
        "--rate",
        type=number(0.001, 10),
        default=1.0,
        help="learning rates over those of a first run; 0.5 suits a continued one (default: 1)",
    )
    parser.add_argument(
        "--tokens",
        type=whole_number(16, 10**7),
        default=7_000,
        help="hole tokens of a step (default: %(default)s)",
    )
    parser.add_argument(
        "--compile",
        nargs="?",
        const="inductor",
        default="",
        metavar="BACKEND",
        help="compile the blocks by torch.compile (default backend: inductor)",
    )


def _section_weight(text: str) -> tuple[str, float]:
    section, _, weight = text.partition("=")
    return section, number(0, 1000)(weight)


def _lazy(args: Namespace) -> Report:
    from lazydiff_core.model.files.config import BUNDLED

    return _train(args, BUNDLED, _run_of(args))


def _run_of(args: Namespace) -> LazyRun:
    from lazydiff_core.training.learners.scenes import LazyRun

    plain = LazyRun(args.minutes, args.steps, args.tokens, compiled=args.compile, seed=args.seed)
    return replace(
        plain, muon_rate=args.rate * plain.muon_rate, adam_rate=args.rate * plain.adam_rate
    )


def _train(args: Namespace, config: LazyConfig, run: LazyRun) -> Report:
    from lazydiff_core.model.references.lexicon import STYLES
    from lazydiff_core.model.text.text_encoder import MiniLM
    from lazydiff_core.training.export import lexicon_of
    from lazydiff_core.training.learners.scenes import train_lazy
    from lazydiff_core.training.vocabulary import read_concepts

    concepts = read_concepts(args.concepts, tuple(args.sections))
    weights = {
        name: weight
        for section, weight in args.weights
        for name in read_concepts(args.concepts, (section,))
    }
    if lexicon_of(args.out) is not None:
        config = replace(config, look_styles=len(STYLES))
    text = MiniLM(config.text_tokens)
    loss = train_lazy(args.shards, concepts, text, args.out, run, config, args.held_out, weights)
    return Report({"out": str(args.out), "loss": loss}, f"loss {loss:.4f}, in {args.out}")


def _add_lexicon_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stickers", type=Path, required=True, help="sticker bank")
    parser.add_argument("--autoencoder", type=Path, required=True, help="autoencoder's run folder")
    parser.add_argument("--lazy", type=Path, required=True, help="the lazy run that is to read it")
    parser.add_argument("--anew", action="store_true", help="replace the lexicon that the run has")
    add_vocabulary_arguments(parser)


def _lexicon(args: Namespace) -> Report:
    from lazydiff_core.model.files.config import BUNDLED
    from lazydiff_core.training.export import load_autoencoder
    from lazydiff_core.training.lexicon_builder import build_lexicon, check_free, give_lexicon
    from lazydiff_core.training.stickers import StickerBank
    from lazydiff_core.training.vocabulary import SURFACES_SECTION, read_concepts

    if not args.anew:
        check_free(args.lazy)  # before the minute that it takes
    things = tuple(section for section in args.sections if section != SURFACES_SECTION)
    concepts = read_concepts(args.concepts, things)
    surfaces = {}
    if SURFACES_SECTION in args.sections:
        surfaces = read_concepts(args.concepts, (SURFACES_SECTION,))
    bank, autoencoder = StickerBank.load(args.stickers), load_autoencoder(args.autoencoder)
    lexicon = build_lexicon(bank, concepts, surfaces, autoencoder, BUNDLED.side)
    give_lexicon(args.lazy, lexicon, args.anew)
    words, renderings = len(lexicon.spans), len(lexicon.cells)
    document = {"out": str(args.lazy), "words": words, "renderings": renderings}
    return Report(document, f"{words} words, {renderings} renderings, in {args.lazy}")


def _add_baseline_arguments(parser: ArgumentParser) -> None:
    _add_lazy_arguments(parser)
    parser.add_argument(
        "--init", metavar="MODEL", help="bundled or a model folder, whose weights to start from"
    )


def _train_baseline(args: Namespace, architecture: Architecture) -> Report:
    from lazydiff_core.model.files.config import BUNDLED, baseline
    from lazydiff_core.training.initialise import begin_baseline

    config = baseline(BUNDLED, architecture)
    if args.init is not None:
        config = begin_baseline(installed(args.init), architecture, args.out)
    # Without a context encoder, several noise draws of a scene have nothing to share.
    run = replace(_run_of(args), draws=1)
    return _train(args, config, run)


def _image(args: Namespace) -> Report:
    return _train_baseline(args, "regenerate_image")


def _crop(args: Namespace) -> Report:
    return _train_baseline(args, "regenerate_crop")


def _add_export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--lazy", "--run", type=Path, required=True, help="folder of the lazy, image or crop run"
    )
    parser.add_argument("--autoencoder", type=Path, required=True, help="the autoencoder's")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--steps", type=whole_number(1, 1000), default=20, help="default steps")
    parser.add_argument("--guidance", type=number(0, 50), default=4.0, help="default guidance")
    add_vocabulary_arguments(parser)


def _export(args: Namespace) -> Report:
    from lazydiff_core.model.checkpoint.checkpoint import Defaults
    from lazydiff_core.training.export import export_model
    from lazydiff_core.training.vocabulary import read_concepts

    concepts = read_concepts(args.concepts, tuple(args.sections))
    defaults = Defaults(args.steps, args.guidance)
    names = tuple(prompts[0] for prompts in concepts.values())
    export_model(args.lazy, args.autoencoder, args.out, defaults, names)
    return Report({"out": str(args.out)}, f"model written to {args.out}")


def _add_continue_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--model", default="bundled", help="bundled, or a model folder")
    parser.add_argument("--lazy", type=Path, required=True, help="folder for the lazy run")
    parser.add_argument("--autoencoder", type=Path, required=True, help="for the autoencoder's")


def _continue(args: Namespace) -> Report:
    from lazydiff_core.training.export import continue_from

    continue_from(installed(args.model), args.lazy, args.autoencoder)
    document = {"lazy": str(args.lazy), "autoencoder": str(args.autoencoder)}
    return Report(document, f"runs in {args.lazy} and {args.autoencoder}")


TRAIN = Group(
    "train",
    "Train the bundled model.",
    (
        Command(
            "autoencoder",
            "Train the autoencoder on scenes.",
            _autoencoder,
            _add_autoencoder_arguments,
        ),
        Command(
            "lexicon",
            "Tell a lazy run what its words look like.",
            _lexicon,
            _add_lexicon_arguments,
        ),
        Command("lazy", "Train context encoder and decoder.", _lazy, _add_lazy_arguments),
        Command(
            "image",
            "Train the baseline that regenerates the whole image.",
            _image,
            _add_baseline_arguments,
        ),
        Command(
            "crop",
            "Train the baseline that regenerates a crop.",
            _crop,
            _add_baseline_arguments,
        ),
        Command(
            "continue",
            "Make runs of a model folder, to train it further.",
            _continue,
            _add_continue_arguments,
        ),
        Command("export", "Make a model folder of two runs.", _export, _add_export_arguments),
        TRAIN_BUNDLED,
        TRAIN_MODEL,
        TRAIN_JUDGE,
        EXPORT_MODEL,
        EXPORT_WEIGHTS,
    ),
)
