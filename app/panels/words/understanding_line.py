"""The line under the prompt: what of it the model understands, and what not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.engine.prompt_reading import Understanding
from app.panels.words.known import Words
from app.panels.words.pictures import colour_patch
from app.ui.flow import FlowLayout
from app.ui.icons import tinted
from app.ui.widgets import configure
from lazydiff_core.prompts.languages import ENGLISH
from lazydiff_core.prompts.parts import Part
from lazydiff_core.prompts.reading import NoteKind

_PICTURE, _PATCH = 20, 12  # points
# Two rows, whatever is typed; a little less in the smallest window.
_HEIGHT, _MIN_HEIGHT = 60, 44


class UnderstandingLine(QScrollArea):
    """Each thing with its picture, colour and number; what is not known, and what it may be meant
    to be, to click; then in words what is not obeyed, and the language."""

    replaced = Signal(str, str)  # a word of the prompt, and the one to put in its place

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        configure(self, style="panel", name=self.tr("What is understood"))
        self._known = words
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(_HEIGHT)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._words = configure(QLabel(), style="dim")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        inside = QWidget()
        column = self._column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self._chips)
        column.addWidget(self._words)
        column.addStretch(1)
        self.setWidget(inside)
        self._shown: Understanding | None = None
        self.show_understanding(Understanding())

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(super().sizeHint().width(), _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, _MIN_HEIGHT)

    @property
    def text(self) -> str:
        """All that it says, for those who hear it."""
        return self.accessibleDescription()

    def show_understanding(self, understanding: Understanding, warning: str = "") -> None:
        """warning: what is to be read first, in the colour of faults."""
        if (understanding, warning) == (self._shown, ""):
            return
        self._shown = None if warning else understanding
        while (item := self._flow.takeAt(0)) is not None:
            if (chip := item.widget()) is not None:
                chip.hide()
                chip.deleteLater()
        heard: list[str] = [warning] if warning else []
        reading = understanding.reading
        for part in reading.parts:
            chip, said = self._chip(replace(part, text=understanding.as_written(part.text)))
            self._flow.addWidget(chip)
            heard.append(said)
            for word in part.missing:
                for near in understanding.suggestions.get(word, ()):
                    self._flow.addWidget(self._offer(word, near))
        if reading.style:  # seen in the list beside the prompt
            heard.append(self.tr("style: {}").format(reading.style_said))
        sentences = [self.tr("Not known: ask again to paint it anyway.")] if warning else []
        sentences += self._sentences(understanding)
        self._words.setText(" ".join(sentences))
        self._column.insertWidget(0 if warning else 1, self._words)
        self._words.setObjectName("fault" if warning else "dim")
        self._words.style().polish(self._words)
        self._chips.setVisible(self._flow.count() > 0)
        self.setAccessibleDescription("; ".join([*heard, *sentences[bool(warning) :]]))
        self.verticalScrollBar().setValue(0)

    def _chip(self, part: Part) -> tuple[QFrame, str]:
        if part.kind == "text":
            said = self.tr("The model reads the whole text.")
            return _chip([], said), said
        if not part.meaning:
            danger = self.palette().color(QPalette.ColorRole.BrightText)
            said = self.tr("{}: not known").format(part.text)
            picture = tinted("warning", danger, 2 * _PICTURE)
            return _chip([picture], part.text, fault=True, tip=said), said
        pictures = [] if (picture := self._known.pictures.of(part.meaning)).isNull() else [picture]
        colours = (part.colour, part.second)
        pictures += [colour_patch(one.name, 2 * _PATCH) for one in colours if one is not None]
        name = self._known.name(part.meaning)
        text = part.text
        if part.kind == "nearest":
            text = self.tr("{} ≈ {}").format(part.text, name)
        if part.count > 1:
            text = f"{text} \u00d7{part.count}"
        colour = str(part.colour or "")
        whole = name if colour in name else f"{colour} {name}"
        said = self.tr("{}: {}").format(part.text, whole)
        return _chip(pictures, text, tip=said), said

    def _offer(self, word: str, near: str) -> QToolButton:
        tip = self.tr("Replace “{}” by “{}”").format(word, near)
        button = configure(QToolButton(), style="offered", name=tip, tip=tip)
        button.setText(near)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self.replaced.emit, word, near))
        return button

    def _sentences(self, understanding: Understanding) -> list[str]:
        reading = understanding.reading
        if not understanding.prompt.strip():
            return [self.tr("What the model understands of the prompt is shown here.")]
        said: list[str] = []
        languages = dict.fromkeys((reading.language, *reading.mixed))
        is_other = reading.language not in ("", ENGLISH, self._known.language)
        if is_other or reading.mixed:
            said.append(self.tr("Read as {}.").format(_listed(map(_language, languages))))
        texts: dict[NoteKind, str] = {
            "weight": self.tr("Weights have no effect: {}"),
            "extra": self.tr("Without effect: {}"),
            "unheeded": self.tr("Understood, but not painted: {}"),
            "avoided": self.tr("To be avoided: {}"),
            "removal": self.tr("A prompt says what to paint; Remove clears what is masked: {}"),
            "left-out": self.tr("Told in words only, not placed: {}"),
        }
        for kind, text in texts.items():
            found = [
                understanding.as_written(note.text) for note in reading.notes if note.kind == kind
            ]
            if found:
                said.append(text.format(_listed(found)) + ".")
        return said


def _language(code: str) -> str:
    """What a language calls itself."""
    return QLocale(code).nativeLanguageName() or code


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _chip(pictures: list[QPixmap], text: str, *, fault: bool = False, tip: str = "") -> QFrame:
    """Pictures and a text in a frame; the pictures behind the first are patches of colour."""
    chip = configure(QFrame(), style="unknown" if fault else "chip", tip=tip)
    row = QHBoxLayout(chip)
    row.setContentsMargins(4, 1, 6, 1)
    row.setSpacing(4)
    for k, picture in enumerate(pictures):
        side = _PATCH if k else _PICTURE
        shown = QLabel()
        shown.setScaledContents(True)
        shown.setPixmap(picture)
        shown.setFixedSize(side, side)
        row.addWidget(shown)
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumHeight(_PICTURE)
    row.addWidget(label)
    return chip
