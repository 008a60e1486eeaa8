"""`lazydiff words`: teaches the model words by pictures, without training."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.images.cutouts import cut_out
from lazydiff_core.images.masks import read_mask
from lazydiff_core.images.reading import check_same_size, read_image, read_rgba
from lazydiff_core.model_store import default_taught_words


def _list(args: Namespace) -> Report:
    words = default_taught_words()
    rows = [{"word": word, "picture": str(words.path(word))} for word in words.listed()]
    lines = [f"{row['word']}  {row['picture']}" for row in rows]
    return Report(rows, "\n".join(lines) or "No word was taught.")


def _add_add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("word", metavar="WORD", help="the word, as used in prompts")
    parser.add_argument(
        "picture", metavar="PICTURE", type=Path, help="the object, transparent around it"
    )
    parser.add_argument(
        "--mask", metavar="M", type=Path, help="mask of an opaque picture, white = the object"
    )


def _add(args: Namespace) -> Report:
    if args.mask is None:
        picture = read_rgba(args.picture)
    else:
        image, cover = read_image(args.picture), read_mask(args.mask).cover
        check_same_size(image, cover, "mask")
        picture = cut_out(image, cover)
    words = default_taught_words()
    word = words.add(args.word, picture)
    document = {"word": word, "picture": str(words.path(word))}
    return Report(document, f"{word!r} can be asked for from now on.")


def _add_remove_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("word", metavar="WORD")


def _remove(args: Namespace) -> Report:
    default_taught_words().remove(args.word)
    return Report({"word": args.word}, f"{args.word!r} is forgotten.")


WORDS = Group(
    "words",
    "Teach the model words by pictures.",
    (
        Command("list", "Which words were taught.", _list),
        Command("add", "Teach a word by a picture of it.", _add, _add_add_arguments),
        Command("remove", "Forget a word.", _remove, _add_remove_arguments),
    ),
)
