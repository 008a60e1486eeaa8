"""The licences of everything inside: the program's own, its libraries', its model's and pictures'.

Libraries say theirs in their metadata. A packed program has no metadata of some of them, but a
folder of texts that was written when it was packed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from lazydiff_core.model_store.model_card import read_card
from lazydiff_core.model_store.registry import bundled_models
from lazydiff_core.storage.resources import resource

PROGRAM: Final = "lazydiff"
_EXTRAS: Final[tuple[str, ...]] = ("serve",)  # of the program, that packages have inside
_FILES: Final = ("LICEN", "COPYING", "NOTICE", "AUTHORS")  # how their names begin
_UNKNOWN: Final = "see its text"
# Part of a licence's name -> its texts, for libraries that bring none: the LGPL adds to the GPL.
_TEXTS: Final = {
    "LGPL-3.0": ("licences/LGPL-3.0.txt", "licences/GPL-3.0.txt"),
    "Apache": ("licences/Apache-2.0.txt",),
}


@dataclass(frozen=True)
class Part:
    """Something inside, with its licence as an identifier or a name, and the files of its texts."""

    name: str
    licence: str
    files: tuple[Path, ...]

    @property
    def title(self) -> str:
        return f"{self.name}: {self.licence}"

    def text(self) -> str:
        """All of its texts, one after another; its title where it has none."""
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in self.files]
        return "\n\n".join(texts) or self.title


def parts() -> tuple[Part, ...]:
    """Everything inside: the program and what is its own, then libraries by name."""
    collected = Path(sys.executable).parent / "licences"
    packed = getattr(sys, "frozen", False) and collected.is_dir()
    found = tuple(_collected(collected)) if packed else installed_parts()
    program = [part for part in found if part.name.split()[0] == PROGRAM]
    return (*program, *_own_parts(), *(part for part in found if part not in program))


def installed_parts() -> tuple[Part, ...]:
    """The program and the libraries that it needs, as they are installed here, by name."""
    found = {part.name.lower(): part for part in map(_part_of, _closure())}
    return tuple(found[name] for name in sorted(found))


def write_licences(folder: Path) -> None:
    """Write the texts of all installed parts, a file each, for a program that is packed."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in installed_parts():
        path = folder / f"{part.name.split()[0]}.txt"
        path.write_text(f"{part.title}\n\n{part.text()}\n", encoding="utf-8")


def _collected(folder: Path) -> Iterator[Part]:
    """What `write_licences` has written."""
    for path in sorted(folder.glob("*.txt"), key=lambda path: path.name.lower()):
        with path.open(encoding="utf-8") as file:
            name, _, licence = file.readline().strip().partition(": ")
        yield Part(name, licence, (path,))


def _own_parts() -> Iterator[Part]:
    for folder in bundled_models():
        card = folder / "README.md"
        yield Part(f"Model: {folder.name}", read_card(folder).licence or _UNKNOWN, (card,))
    yield Part("Pictures it learned from", _UNKNOWN, (resource("train/LICENSES.md"),))
    yield Part("Words and their pictures", _UNKNOWN, (resource("words/LICENSES.md"),))


def _closure() -> Iterator[Distribution]:
    """The program's distribution and those that it needs here, each once."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(PROGRAM, _EXTRAS)]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:
            continue
        seen.add(key)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed
        yield found
        for row in map(Requirement, found.requires or ()):
            if row.marker is None or any(row.marker.evaluate({"extra": e}) for e in ("", *extras)):
                waiting.append((row.name, tuple(row.extras)))


def _part_of(found: Distribution) -> Part:
    files = (Path(str(found.locate_file(f))) for f in found.files or () if _is_text(f.name))
    texts = tuple(dict.fromkeys(path for path in files if path.is_file()))
    licence = _licence_of(found)
    if not texts:
        usual = next((paths for name, paths in _TEXTS.items() if name in licence), ())
        texts = tuple(map(resource, usual))
    return Part(f"{found.metadata['Name']} {found.version}", licence, texts)


def _is_text(name: str) -> bool:
    return name.upper().startswith(_FILES) and not name.endswith((".py", ".pyc"))


def _licence_of(found: Distribution) -> str:
    """The licence's identifier, its name, or that of its classifier."""
    said = found.metadata["License-Expression"] or found.metadata["License"] or ""
    first = said.strip().splitlines()[0] if said.strip() else ""
    if first and not first.startswith("Copyright"):
        return str(first)
    rows = found.metadata.get_all("Classifier") or []
    names = [row.rsplit(" :: ", 1)[-1] for row in rows if row.startswith("License ::")]
    return ", ".join(names) or _UNKNOWN
