"""The window of the study. Nothing on it tells where a picture comes from."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.lab.study.picture import PictureView
from app.ui.widgets import configure
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.evaluation.study import AnswerLog, Choice, Pair, Study, unanswered
from lazydiff_core.images.reading import read_image

# A new pair ignores answers at first, as a double press is meant for the pair before.
LOOK_MS = 350
CHOICE_HEIGHT = 44


class StudyWindow(QWidget):
    """Asks about every unanswered pair once; each answer is on the disk before the next pair."""

    def __init__(self, study: Study, log: AnswerLog) -> None:
        super().__init__()
        self.study, self.log = study, log
        self.pair: Pair | None = None
        self._since = 0.0
        self.setWindowTitle(self.tr("LazyDiff study"))
        self.resize(1180, 760)
        self.question = configure(QLabel(study.question), style="heading")
        self.caption = configure(QLabel(), name=self.tr("What was asked for"))
        for label, factor in ((self.question, 1.5), (self.caption, 1.2)):
            font = label.font()
            font.setPointSizeF(font.pointSizeF() * factor)
            label.setFont(font)
        self.trouble = configure(QLabel(), name=self.tr("Problem"))
        self.trouble.setForegroundRole(QPalette.ColorRole.BrightText)
        for label in (self.question, self.caption, self.trouble):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.left = PictureView(self.tr("Left picture"))
        self.right = PictureView(self.tr("Right picture"))
        self.progress = configure(QProgressBar(), name=self.tr("Progress"))
        self.progress.setMaximum(len(study.pairs))
        self.progress.setTextVisible(False)
        self.count = QLabel()
        self.choices = self._choices()
        self.undo = QPushButton(self.tr("Undo last answer (Backspace)"))
        configure(self.undo, style="secondary", name=self.tr("Undo last answer"))
        self.undo.clicked.connect(self._undo)
        self.finish = configure(QPushButton(self.tr("Close")), style="primary")
        self.finish.setMinimumHeight(CHOICE_HEIGHT)
        self.finish.clicked.connect(self.close)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(LOOK_MS)
        self._wait.timeout.connect(self._open)
        self._lay_out()
        self._bind_keys()
        self._next()

    def _choices(self) -> dict[Choice, QPushButton]:
        texts: dict[Choice, str] = {"left": self.tr("←  Left is better")}
        if self.study.ties:
            texts["tie"] = self.tr("↓  About the same")
        texts["right"] = self.tr("Right is better  →")
        made = {}
        for choice, text in texts.items():
            button = QPushButton(text)
            style = "secondary" if choice == "tie" else "primary"
            configure(button, style=style, name=text.strip("←\u2192\u2193 "))
            button.setMinimumHeight(CHOICE_HEIGHT)
            button.clicked.connect(lambda _=False, chosen=choice: self.answer(chosen))
            made[choice] = button
        return made

    def _lay_out(self) -> None:
        pictures = QHBoxLayout()
        pictures.setSpacing(24)
        for view in (self.left, self.right):
            pictures.addWidget(view, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        for button in self.choices.values():
            buttons.addWidget(button, 1)
        buttons.addWidget(self.finish, 1)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.progress, 1)
        below.addWidget(self.count)
        below.addWidget(self.undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for label in (self.question, self.caption, self.trouble):
            column.addWidget(label)
        column.addLayout(pictures, 1)
        column.addLayout(buttons)
        column.addLayout(below)

    def _bind_keys(self) -> None:
        keys: dict[str, Choice] = {"Left": "left", "Right": "right", "Down": "tie"}
        for key, choice in keys.items():
            if choice in self.choices:
                self._bind(key).activated.connect(self.choices[choice].click)
        for key in ("Backspace", "Ctrl+Z"):
            self._bind(key).activated.connect(self.undo.click)

    def _bind(self, key: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setAutoRepeat(False)
        return shortcut

    def answer(self, choice: Choice) -> None:
        """Record an answer to the visible pair and show the next."""
        if self.pair is None:
            return
        try:
            self.log.add(self.pair.id, choice, time.monotonic() - self._since)
        except LazyDiffError as error:
            self._say(str(error))
            return
        self._next()

    def _undo(self) -> None:
        try:
            pair = self.log.undo()
        except LazyDiffError as error:
            self._say(str(error))
            return
        if pair is not None:
            self._next(pair)

    def _next(self, wanted: int | None = None) -> None:
        """Show the pair `wanted`, or the first that has no answer."""
        left = unanswered(self.study, list(self.log.answers))
        done, total = len(self.study.pairs) - len(left), len(self.study.pairs)
        self.progress.setValue(done)
        self.count.setText(self.tr("{0} of {1} answered").format(done, total))
        self.undo.setEnabled(bool(self.log.answers))
        self._enable(False)
        self._say("")
        self.pair = next((p for p in left if wanted in (None, p.id)), None)
        if self.pair is None:
            self._thank()
            return
        self._show(self.pair)

    def _show(self, pair: Pair) -> None:
        self._ask(True)
        self.question.setText(self.study.question)
        self.caption.setText(pair.caption)
        self.caption.setVisible(bool(pair.caption))
        try:
            for view, file in ((self.left, pair.left), (self.right, pair.right)):
                view.show_picture(read_image(self.study.folder / file))
        except LazyDiffError as error:
            self._say(str(error))
            return
        self._since = time.monotonic()
        self._wait.start()

    def _thank(self) -> None:
        self._wait.stop()
        for view in (self.left, self.right):
            view.show_picture(None)
        self.caption.hide()
        self._ask(False)
        self.question.setText(self.tr("Thank you. All answers are saved."))
        self.finish.setFocus()

    def _open(self) -> None:
        self._enable(True)
        self.setFocus()

    def _ask(self, on: bool) -> None:
        """Show the choices if there is a pair, else the button that closes the window."""
        for button in self.choices.values():
            button.setVisible(on)
        self.finish.setVisible(not on)

    def _enable(self, on: bool) -> None:
        for button in self.choices.values():
            button.setEnabled(on)

    def _say(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
