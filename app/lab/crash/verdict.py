"""Checks whether a killed program has kept its promises about saved changes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from app.lab.crash.digest import digest_of_picture
from app.storage.formats.project_reader import read_project
from app.storage.journal.keeper import SUFFIX
from app.storage.journal.reader import read_journal


@dataclass
class Promises:
    """The states that a program went through; the one at `acknowledged` must not be lost.

    A state is (revision, digest, untouched); losing an untouched state does not count.
    """

    states: list[tuple[int, str, bool]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    acknowledged: int = -1
    count: int = 0
    slowest: float = 0.0
    _first: int = 0
    _given_up: bool = False
    _before: str | None = None

    def begin_with(self, digest: str | None) -> None:
        """Set the state that the program has to restore; it counts until a later one is safe."""
        self._before = digest

    def hear(self, text: str) -> None:
        """Read all lines that a program has written; the last one may be torn."""
        for line in text.split("\n")[:-1]:
            moment, kind, *news = json.loads(line)
            if kind == "state":
                self.states.append((news[0], news[1], news[2]))
                self.times.append(moment)
            elif kind == "durable":
                self._acknowledge(news[0], moment)
            else:  # the artist discards the picture, and with it all promises
                self.acknowledged = -1
                self._given_up = True
                self._first = len(self.states)

    def _acknowledge(self, revision: int, moment: float) -> None:
        for number in range(max(self.acknowledged + 1, self._first), len(self.states)):
            if self.states[number][0] > revision:
                break
            self.count += 1
            self.slowest = max(self.slowest, moment - self.times[number])
            self.acknowledged = number

    def kept(self, digest: str | None) -> bool:
        """Whether a state found on the disk is the acknowledged one or a later one."""
        if self.acknowledged >= 0 and self.states[self.acknowledged][2]:
            return True
        if self.acknowledged >= 0:
            return digest in {found for _, found, _ in self.states[self.acknowledged :]}
        anything = self._given_up or self._before is None
        return anything or digest in {self._before, *(found for _, found, _ in self.states)}

    def summary(self) -> str:
        """A text for the report of a loss."""
        last = self.states[self.acknowledged] if self.acknowledged >= 0 else None
        return f"acknowledged {last}, {len(self.states)} states, given up {self._given_up}"


def found_in(folder: Path) -> tuple[str | None, bool]:
    """(digest of the work to restore, True), or else (digest of the saved file, False)."""
    journals = [read_journal(path) for path in (folder / "journals").glob(f"*{SUFFIX}")]
    found = [journal for journal in journals if journal is not None and not journal.saved]
    if found:
        latest = max(found, key=lambda journal: journal.time)
        return digest_of_picture(latest.picture, latest.prompt), True
    project = folder / "picture.lazydiff"
    if project.exists():
        opened = read_project(project)
        assert not opened.problems, opened.problems
        return digest_of_picture(opened.picture), False
    return None, False
