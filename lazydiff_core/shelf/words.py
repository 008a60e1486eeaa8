"""Words that this user has taught: a folder of pictures, each called what it shows.

words/my robot.png    (H,W,4): the thing, on nothing
"""

from __future__ import annotations

import logging
from pathlib import Path

from lazydiff_core.contract import RGBA
from lazydiff_core.cutouts import tight_square
from lazydiff_core.errors import ImageError, InputError, TargetError
from lazydiff_core.files import make_folder, write_files
from lazydiff_core.images import encode, read_rgba
from lazydiff_core.phrases import phrase_of
from lazydiff_core.shelf.registry import usual_shelf

_log = logging.getLogger(__name__)
_SUFFIX = ".png"


class Words:
    """Taught words, kept in `folder`; pictures may be put there and taken away by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listed(self) -> tuple[str, ...]:
        """In alphabetical order."""
        return tuple(sorted(path.stem for path in self.folder.glob(f"*{_SUFFIX}")))

    def pictures(self) -> dict[str, RGBA]:
        """What each looks like. A picture that cannot be read is left out; the log says so."""
        found = {}
        for name in self.listed():
            try:
                found[phrase_of(name)] = read_rgba(self.path(name))
            except (ImageError, InputError) as error:
                _log.warning("The word %s is left out: %s", name, error)
        return found

    def add(self, name: str, picture: RGBA) -> str:
        """Keep a word, in the place of an earlier picture of it; returns how it is written.

        picture: (H,W,4) uint8; what shows is the thing. Raises InputError for a name or a picture
        that says nothing, TargetError where it cannot be written.
        """
        phrase, square = phrase_of(name), tight_square(picture)
        if square is None:
            raise InputError("Nothing shows in this picture: what it teaches must not be clear.")
        make_folder(self.folder)
        path = self.path(phrase)
        write_files({path: encode(square, path)})
        return phrase

    def remove(self, name: str) -> None:
        """Forget a word; InputError where it was never taught, TargetError where it stays."""
        if name not in self.listed():
            known = ", ".join(self.listed()) or "none"
            raise InputError(f"No word {name!r} was taught: there is {known}.")
        try:
            self.path(name).unlink()
        except OSError as error:
            raise TargetError(f"{self.path(name)} cannot be deleted: {error}.") from error

    def path(self, name: str) -> Path:
        """Where a word's picture is."""
        return self.folder / f"{name}{_SUFFIX}"


def usual_words() -> Words:
    """The words of this user, beside the list of models."""
    return Words(usual_shelf().folder / "words")
