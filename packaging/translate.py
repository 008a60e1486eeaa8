"""Brings the translations up to date with the source: `python packaging/translate.py`.

1. lupdate takes new strings into resources/translations/*.ts and drops those that are gone,
   the sentences of the core (packaging/sentences.py) included,
2. lrelease makes the *.qm that the program reads,
3. every string that waits for its translation is listed, and the exit code is 1 if there are any.
Fill those in (Qt Linguist, or an editor: drop type="unfinished"), and run it again.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sentences import sentences

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
SENTENCES = FOLDER / "sentences.txt"


@dataclass(frozen=True)
class Message:
    """A string of the source; `translation` is empty while there is none."""

    context: str
    source: str
    translation: str
    finished: bool


def messages(path: Path) -> Iterator[Message]:
    """What a .ts file holds. It is one of ours, so the parser need not be wary."""
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            found = message.find("translation")
            text = "" if found is None else found.text or ""
            finished = bool(text) and found is not None and found.get("type") is None
            yield Message(
                context.findtext("name", ""), message.findtext("source", ""), text, finished
            )


def update(path: Path) -> None:
    """Take the strings of the source, and the core's sentences, into a .ts file."""
    sources = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "app").rglob("*.py"))
    with TemporaryDirectory() as folder:
        spoken = Path(folder) / "sentences.py"
        marked = (f'QT_TRANSLATE_NOOP("Sentences", {_quoted(text)})' for text in sentences(ROOT))
        spoken.write_text("\n".join(marked), encoding="utf-8")
        options = ("-no-obsolete", "-locations", "none")
        _qt("lupdate", *sources, str(spoken), "-ts", str(path), *options)


def release(path: Path) -> None:
    """Make the .qm beside a .ts file; what is not translated stays out."""
    _qt("lrelease", "-silent", "-nounfinished", str(path), "-qm", str(path.with_suffix(".qm")))


def main() -> int:
    """Update and release every language; 1 if something waits for a translation."""
    waiting = 0
    SENTENCES.write_text("".join(f"{text}\n" for text in sentences(ROOT)), encoding="utf-8")
    for path in sorted(FOLDER.glob("*.ts")):
        update(path)
        release(path)
        for message in messages(path):
            if not message.finished:
                waiting += 1
                print(f"{path.name}: {message.context}: {message.source!r}")
    print(f"{waiting} strings wait for a translation" if waiting else "all strings are translated")
    return 1 if waiting else 0


def _quoted(text: str) -> str:
    """As a Python string that lupdate reads, too."""
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'


def _qt(tool: str, *arguments: str) -> None:
    """Run a tool of the PySide6 wheel; its exit code is checked, its chatter dropped."""
    script = f"from PySide6.scripts.pyside_tool import {tool}; {tool}()"
    run = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"{tool} failed: {run.stderr or run.stdout}")


if __name__ == "__main__":
    sys.exit(main())
