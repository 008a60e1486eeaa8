"""Finds the sentences that the program says about what went wrong, as shapes with blanks.

`raise ImageError(f"There is no image {path}: check the name.")` has the shape "There is no image
{}: check the name." The core knows no Qt and says such sentences in English; the window puts them
into the artist's language by their shape.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

# Commands of their own, which the window does not call.
_ELSEWHERE = {
    *("bench", "cli", "contact_sheet", "doctor", "evaluation", "faulty", "lab", "serve"),
    "training",
}
_FAULTS_OF_OURS = {
    *("AssertionError", "AttributeError", "KeyError"),
    *("RuntimeError", "TypeError", "ValueError"),
}


def sentences(root: Path) -> list[str]:
    """The shapes of all sentences below a repository's root, sorted."""
    files = [*(root / "lazydiff_core").rglob("*.py"), *(root / "app").rglob("*.py")]
    found: set[str] = set()
    for file in files:
        parts = set(file.relative_to(root).with_suffix("").parts)
        if not parts & _ELSEWHERE:
            found.update(_in(ast.parse(file.read_text(encoding="utf-8"))))
    return sorted(found)


def _in(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            for spoken in _spoken(call):
                shape = _shape(spoken)
                if any(letter.isalpha() for letter in shape):
                    yield shape


def _spoken(call: ast.Call) -> Iterable[ast.expr]:
    """The arguments that are read by people: of errors, of lists of problems, of notices."""
    name = ast.unparse(call.func)
    kind = name.rsplit(".", 1)[-1]
    if kind.endswith("Error") and kind not in _FAULTS_OF_OURS:
        yield from call.args[:1]
    if name.endswith(("problems.append", "dropped.append", "lost.append", "said.append")):
        yield from call.args
    yield from (word.value for word in call.keywords if word.arg == "notice")


def _shape(text: ast.expr) -> str:
    """A string with {} where something is put in; empty for anything else."""
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        shape = text.value
    elif isinstance(text, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in text.values)
        shape = "".join(map(str, parts))
    else:
        shape = ""
    return shape if "\n" not in shape else ""
