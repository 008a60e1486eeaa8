"""`lazydiff data`: training data."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.lab.prepare_data import PREPARE
from lazydiff_core.cli.lab.train_model import ENCODE
from lazydiff_core.cli.values import number, whole_number
from lazydiff_core.storage.resources import resource


def add_vocabulary_arguments(parser: ArgumentParser) -> None:
    """Add --concepts and --sections."""
    parser.add_argument(
        "--concepts", type=Path, default=resource("train/concepts.toml"), help="prompts a concept"
    )
    parser.add_argument(
        "--sections",
        nargs="+",
        default=["core", "surfaces"],
        help="sections of that file (default: core surfaces)",
    )


def _add_sticker_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--assets", type=Path, required=True, help="folder in which npm installed the picture sets"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the sticker bank")
    parser.add_argument(
        "--holdout",
        type=Path,
        default=resource("train/holdout.json"),
        help="pairs never to be trained on (default: %(default)s)",
    )


def _stickers(args: Namespace) -> Report:
    from lazydiff_core.training.stickers import build_bank, read_holdout

    bank = build_bank(args.assets, args.out, read_holdout(args.holdout))
    document = {"out": str(args.out), "stickers": len(bank.stickers)}
    return Report(document, f"{len(bank.stickers)} renderings in {args.out}")


def _add_render_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stickers", type=Path, required=True, help="sticker bank")
    parser.add_argument("--autoencoder", type=Path, required=True, help="autoencoder's run folder")
    parser.add_argument(
        "--lazy", type=Path, required=True, help="the lazy run, whose lexicon scenes are told"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the shards")
    parser.add_argument("--count", type=whole_number(1, 999_999), default=14_000, help="scenes")
    parser.add_argument(
        "--crop",
        action="store_true",
        help="only a tight crop around each hole, at half the side: for `train crop`",
    )
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="scenes that are never trained on, for `train lazy --held-out`",
    )
    parser.add_argument(
        "--tints",
        type=number(0, 1),
        default=0.02,
        help="share of scenes whose objects share a turned hue (default: %(default)s)",
    )
    parser.add_argument(
        "--styles",
        type=number(0, 1),
        default=0.25,
        help="share of scenes drawn in another style than usual (default: %(default)s)",
    )
    parser.add_argument(
        "--poses",
        type=number(0, 1),
        default=0.8,
        help="share of objects that are mirrored, turned or stretched (default: %(default)s)",
    )
    parser.add_argument(
        "--colours",
        type=number(0, 1),
        default=0.3,
        help="share of scenes whose prompt names a color (default: %(default)s)",
    )
    parser.add_argument(
        "--surfaces",
        type=number(0, 1),
        default=0.3,
        help="share of scenes that ask for a surface (default: %(default)s)",
    )
    parser.add_argument(
        "--several",
        type=number(0, 1),
        default=0.1,
        help="share of scenes of things that ask for some in one hole (default: %(default)s)",
    )
    parser.add_argument(
        "--grounds",
        type=number(0, 1),
        default=0.2,
        help="share of canvases that are a surface: grass, bricks (default: %(default)s)",
    )
    parser.add_argument(
        "--empty",
        type=number(0, 1),
        default=0.08,
        help="share of scenes of things whose hole shows the bare ground (default: %(default)s)",
    )
    parser.add_argument(
        "--first",
        type=whole_number(0, 999_999),
        default=0,
        help="seed of the first scene, for further ones (default: %(default)s)",
    )
    add_vocabulary_arguments(parser)


def _render(args: Namespace) -> Report:
    from lazydiff_core.errors import InputError
    from lazydiff_core.model.files.config import BUNDLED, baseline
    from lazydiff_core.training.export import lexicon_of, load_autoencoder
    from lazydiff_core.training.scenes import HELD_OUT_SEED, SceneRecipe
    from lazydiff_core.training.shards import render_shards
    from lazydiff_core.training.stickers import StickerBank
    from lazydiff_core.training.surfaces.catalogue import SURFACES
    from lazydiff_core.training.vocabulary import read_concepts, styled_subjects

    bank = StickerBank.load(args.stickers)
    concepts = read_concepts(args.concepts, tuple(args.sections))
    things = {name: said for name, said in concepts.items() if name not in SURFACES}
    vocabulary = styled_subjects(bank, things)
    lexicon = lexicon_of(args.lazy)
    if lexicon is None:
        raise InputError(f"{args.lazy} has no lexicon: give it one first (lazydiff train lexicon).")
    recipe = SceneRecipe(
        tint_share=args.tints,
        style_share=args.styles,
        pose_share=args.poses,
        colour_share=args.colours,
        surface_share=args.surfaces,
        several_share=args.several,
        ground_share=args.grounds,
        empty_share=args.empty,
        snap=BUNDLED.object_grid,
        cell=BUNDLED.latent_scale,
        least_hole=BUNDLED.least_hole,
        surfaces=tuple(one for one in concepts.items() if one[0] in SURFACES),
    )
    render_shards(
        bank,
        vocabulary,
        load_autoencoder(args.autoencoder),
        args.out,
        args.count,
        lexicon,
        baseline(BUNDLED, "regenerate_crop") if args.crop else BUNDLED,
        recipe,
        first_seed=args.first + (HELD_OUT_SEED if args.held_out else 0),
    )
    document = {"out": str(args.out), "scenes": args.count, "subjects": len(vocabulary)}
    return Report(document, f"{args.count} scenes of {len(vocabulary)} subjects in {args.out}")


DATA = Group(
    "data",
    "Make training data.",
    (
        Command(
            "stickers",
            "Render the picture sets into a bank of objects.",
            _stickers,
            _add_sticker_arguments,
        ),
        Command("render", "Compose and encode training scenes.", _render, _add_render_arguments),
        PREPARE,
        ENCODE,
    ),
)
