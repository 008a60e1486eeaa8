"""Finding unsaved work after a crash."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from app.storage.journal.keeper import SUFFIX, JournalFile, locked
from app.storage.journal.reader import Recovered, read_journal
from lazydiff_core.errors import ProjectError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Orphan:
    """A journal that no running program holds, and its content."""

    file: JournalFile
    recovered: Recovered


def find_orphans(folder: Path) -> list[Orphan]:
    """The journals to restore, latest first. Each stays locked until it is removed or let go.

    Journals of saved pictures are removed; unreadable journals are renamed and kept.
    """
    found = [orphan for path in sorted(folder.glob(f"*{SUFFIX}")) if (orphan := _orphan(path))]
    return sorted(found, key=lambda orphan: orphan.recovered.time, reverse=True)


def let_go(orphans: list[Orphan]) -> None:
    """Unlock these journals without removing them."""
    for orphan in orphans:
        orphan.file.lock.unlock()


def _orphan(path: Path) -> Orphan | None:
    file = locked(path)
    if file is None:
        return None
    try:
        recovered = read_journal(path)
    except ProjectError:
        _log.exception("The journal %s cannot be read: it is laid aside", path)
        path.rename(path.with_suffix(".damaged"))
        file.lock.unlock()
        return None
    if recovered is None or recovered.saved:
        file.remove()
        return None
    return Orphan(file, recovered)
