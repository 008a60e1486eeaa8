"""What the artist reads can be translated: no bare string reaches a widget."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
FILES = sorted(APP.rglob("*.py"))
SHOWING = {
    *("QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QMenu"),
    *("QAction", "QDockWidget", "QToolBar", "QTreeWidgetItem", "QListWidgetItem", "QUndoCommand"),
    *("setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName"),
    *("setAccessibleDescription", "setStatusTip", "setWhatsThis", "setInformativeText"),
    *("setLabelText", "setTitle", "setSpecialValueText", "setHeaderLabels", "setDetailedText"),
    *("addAction", "addMenu", "addButton", "addItem", "addRow", "addTab", "insertItem"),
    *("error", "news", "wait", "rest", "question", "about", "warning", "information", "critical"),
}
NAMED = {"name", "tip", "text", "title"}  # what `configure` and its like are told
PROPER = {"LazyDiff", "PNG", "JPEG", "WebP", "px"}


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def words(node: ast.expr) -> Iterator[str]:
    """The words in a bare string; none if the string is marked or is no string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (word for word in re.findall(r"[^\W\d_]{2,}", node.value) if word not in PROPER)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from words(part)
    elif isinstance(node, ast.IfExp):
        yield from (*words(node.body), *words(node.orelse))
    elif isinstance(node, ast.List | ast.Tuple):
        for part in node.elts:
            yield from words(part)
    elif isinstance(node, ast.BinOp):
        yield from (*words(node.left), *words(node.right))


def bare(source: str) -> list[str]:
    """Where a file shows words that cannot be translated."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        logs = isinstance(call.func, ast.Attribute) and "log" in ast.unparse(call.func.value)
        shown = [] if logs or name_of(call) not in SHOWING else list(call.args)
        if name_of(call) == "configure":
            shown += [word.value for word in call.keywords if word.arg in NAMED]
        lines = [f"line {call.lineno}: {' '.join(words(node))}" for node in shown]
        found += [line for line in lines if not line.endswith(": ")]
    return found


def strange(source: str) -> list[str]:
    """Marks that Qt's tools read otherwise than the program."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name, function = name_of(call), call.func
        on_self = isinstance(function, ast.Attribute) and ast.unparse(function.value) == "self"
        if name in ("tr", "_tr") and not on_self:
            found.append(f'line {call.lineno}: say self.tr("…") or translate("Context", "…")')
        if name == "tr" and not all(isinstance(part, ast.Constant) for part in call.args):
            found.append(f"line {call.lineno}: self.tr wants a plain string")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_every_word_that_is_shown_is_marked(file: Path) -> None:
    assert bare(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_marks_are_those_that_the_tools_know(file: Path) -> None:
    assert strange(file.read_text(encoding="utf-8")) == []


def test_bare_words_are_found() -> None:
    assert bare('QLabel("Hello")') == ["line 1: Hello"]
    assert bare('label.setText(f"{count} edits")') == ["line 1: edits"]
    assert bare('configure(QSpinBox(), name="Size", tip=self.tr("Of it"))') == ["line 1: Size"]
    assert bare('QLabel(self.tr("Hello")); log.error("Hello"); spin.setSuffix(" px")') == []
    assert strange('window.tr("Hello")') != []
    assert strange('self.tr("Hello")') == []
