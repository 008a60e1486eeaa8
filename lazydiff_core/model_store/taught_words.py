"""TaughtWords that this user has taught: a folder of pictures, each called what it shows.

words/my robot.png    (H,W,4): the thing, on nothing
"""

from __future__ import annotations

import logging
from collections import defaultdict
from pathlib import Path

from lazydiff_core.contract import RGBA
from lazydiff_core.errors import ImageError, InputError, TargetError
from lazydiff_core.images.cutouts import thing_in
from lazydiff_core.images.image_files import encode, read_rgba
from lazydiff_core.model_store.phrases import phrase_of
from lazydiff_core.model_store.registry import default_registry
from lazydiff_core.storage.safe_files import make_folder, write_files

_log = logging.getLogger(__name__)
_SUFFIX = ".png"


class TaughtWords:
    """Taught words, kept in `folder`; pictures may be put there and taken away by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listed(self) -> tuple[str, ...]:
        """In alphabetical order."""
        return tuple(sorted(self._files()))

    def _files(self) -> dict[str, list[Path]]:
        """Of each word, however its pictures' names are written."""
        found = defaultdict(list)
        for path in sorted(self.folder.glob(f"*{_SUFFIX}")):
            try:
                found[phrase_of(path.stem)].append(path)
            except InputError as error:
                _log.warning("The picture %s is left out: %s", path, error)
        return dict(found)

    def pictures(self) -> dict[str, RGBA]:
        """What each looks like. A picture that cannot be read is left out; the log says so."""
        found = {}
        for name, paths in sorted(self._files().items()):
            try:
                found[name] = read_rgba(paths[-1])
            except (ImageError, InputError) as error:
                _log.warning("The word %s is left out: %s", name, error)
        return found

    def add(self, name: str, picture: RGBA) -> str:
        """Keep a word, in the place of an earlier picture of it; returns how it is written.

        picture: (H,W,4) uint8; what shows is the thing. Raises InputError for a name or a picture
        that says nothing, TargetError where it cannot be written.
        """
        phrase, square = phrase_of(name), thing_in(picture)
        make_folder(self.folder)
        path = self.path(phrase)
        write_files({path: encode(square, path)})
        return phrase

    def remove(self, name: str) -> None:
        """Forget a word; InputError where it was never taught, TargetError where it stays."""
        files = self._files()
        if name not in files:
            known = ", ".join(sorted(files)) or "none"
            raise InputError(f"No word {name!r} was taught: there is {known}.")
        for path in files[name]:
            try:
                path.unlink()
            except OSError as error:
                raise TargetError(f"{path} cannot be deleted: {error}.") from error

    def path(self, name: str) -> Path:
        """Where a word's picture is, or would be."""
        return self._files().get(name, [self.folder / f"{name}{_SUFFIX}"])[-1]


def default_taught_words() -> TaughtWords:
    """The words of this user, beside the list of models."""
    return TaughtWords(default_registry().folder / "words")
