"""Words taught by the user: a folder of pictures, each named after what it shows.

words/my robot.png    (H,W,4) RGBA, transparent around the object
"""

from __future__ import annotations

import logging
from collections import defaultdict
from pathlib import Path

from lazydiff_core.contract import RGBA
from lazydiff_core.errors import ImageError, InputError, TargetError
from lazydiff_core.images.cutouts import thing_in
from lazydiff_core.images.reading import read_rgba
from lazydiff_core.images.writing import encode
from lazydiff_core.model_store.phrases import phrase_of
from lazydiff_core.model_store.registry import default_registry
from lazydiff_core.storage.safe_files import make_folder, write_files

_log = logging.getLogger(__name__)
_SUFFIX = ".png"


class TaughtWords:
    """The taught words in `folder`; the user may add and remove pictures there by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listed(self) -> tuple[str, ...]:
        """All words, in alphabetical order."""
        return tuple(sorted(self._files()))

    def _files(self) -> dict[str, list[Path]]:
        """The pictures of each word; file names may differ in case and punctuation."""
        found = defaultdict(list)
        for path in sorted(self.folder.glob(f"*{_SUFFIX}")):
            try:
                found[phrase_of(path.stem)].append(path)
            except InputError as error:
                _log.warning("The picture %s is left out: %s", path, error)
        return dict(found)

    def pictures(self) -> dict[str, RGBA]:
        """(H,W,4) uint8 of each word; an unreadable picture is left out, with a log entry."""
        found = {}
        for name, paths in sorted(self._files().items()):
            try:
                found[name] = read_rgba(paths[-1])
            except (ImageError, InputError) as error:
                _log.warning("The word %s is left out: %s", name, error)
        return found

    def add(self, name: str, picture: RGBA) -> str:
        """Store the picture of a word, replacing an earlier one; returns the normalised word.

        picture: (H,W,4) uint8 RGBA, transparent around the object.

        Raises InputError for a name without letters or a fully transparent picture, and
        TargetError if the file cannot be written.
        """
        phrase, square = phrase_of(name), thing_in(picture)
        make_folder(self.folder)
        path = self.path(phrase)
        write_files({path: encode(square, path)})
        return phrase

    def remove(self, name: str) -> None:
        """Delete a word; InputError if it is unknown, TargetError if a file cannot be deleted."""
        files = self._files()
        if name not in files:
            known = ", ".join(sorted(files)) or "none"
            raise InputError(f"There is no taught word {name!r}; taught words: {known}.")
        for path in files[name]:
            try:
                path.unlink()
            except OSError as error:
                raise TargetError(f"{path} cannot be deleted: {error}.") from error

    def path(self, name: str) -> Path:
        """Where a word's picture is, or where it would be stored."""
        return self._files().get(name, [self.folder / f"{name}{_SUFFIX}"])[-1]


def default_taught_words() -> TaughtWords:
    """The words of the current user, stored beside the model registry."""
    return TaughtWords(default_registry().folder / "words")
