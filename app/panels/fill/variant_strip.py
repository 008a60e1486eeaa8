"""The results of one edit, side by side: look, compare, apply, discard, keep."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.document.edits import Edit
from app.document.variants import VariantBrowser
from app.panels.fill.enlarged import Enlarged
from app.panels.thumbnails import as_icon, shown_in_box, variant_thumbnail
from app.ui.elided import ElidedLabel
from app.ui.icons import set_icon
from app.ui.widgets import configure
from lazydiff_core.contract import Pixels

_SMALLEST, _LARGEST = 92, 200  # sides of a cell
_CELL_BORDER = 10
_REST_MS = 250
_PICTURE = 2 * (_LARGEST - _CELL_BORDER)  # pixels: sharp at twice the largest size


class VariantStrip(QWidget):
    """A thumbnail a variant of the edit that is looked at, and what can be done with it."""

    done = Signal()  # nothing is left to do here, though the keyboard was

    def __init__(self, browser: VariantBrowser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._browser = browser
        self._shown: Edit | None = None
        self._late = QTimer(self, singleShot=True, interval=_REST_MS)
        self._late.timeout.connect(self._fill)
        self._note = configure(QLabel(), style="dim")
        self._note.setWordWrap(True)
        self._place = configure(ElidedLabel(), style="dim")
        self.film = configure(
            Filmstrip(),
            style="strip",
            name=self.tr("Variants of the edit"),
            tip=self.tr(
                "Click, Left or Right: show. Double-click or Enter: keep. "
                "Hold Space: compare with the original."
            ),
        )
        self._buttons = QWidget()
        self._lay_out()
        self.enlarged = Enlarged(self.film, self._pixels_of)
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.apply = _button(
            "apply", self.tr("Keep"), self.tr("Keep this variant, discard the others (Enter)")
        )
        self.compare = _button(
            "compare", self.tr("Compare"), self.tr("Hold to see the original (Space)")
        )
        self.discard = _button("discard", self.tr("Discard"), self.tr("Discard this variant"))
        self.keep_all = _button(
            "keep-all", self.tr("Keep all"), self.tr("Keep every variant in its layer")
        )
        self.apply.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in (self.apply, self.compare, self.discard, self.keep_all):
            row.addWidget(button)
        row.addWidget(self._place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.film, self._note, self._buttons):
            column.addWidget(widget, int(widget is self.film))
        column.addStretch(0)

    def _connect(self) -> None:
        browser, film = self._browser, self.film
        browser.changed.connect(self._show)
        film.currentRowChanged.connect(browser.choose)
        film.itemClicked.connect(lambda item: browser.choose(film.row(item)))
        film.itemDoubleClicked.connect(browser.apply)
        film.applied.connect(browser.apply)
        film.flipped.connect(lambda by: browser.next() if by > 0 else browser.previous())
        film.compared.connect(browser.compare)
        self.apply.clicked.connect(browser.apply)
        self.discard.clicked.connect(browser.discard)
        self.keep_all.clicked.connect(browser.keep_all)
        self.compare.pressed.connect(lambda: browser.compare(True))
        self.compare.released.connect(lambda: browser.compare(False))

    @property
    def count(self) -> int:
        return self.film.count()

    @property
    def current(self) -> int:
        """The variant on the canvas; -1 if there is none."""
        return self.film.currentRow()

    def _show(self) -> None:
        edit, was = self._browser.edit, self._shown
        self._shown = edit
        if was is None or edit is None or edit.variants != was.variants:
            if edit is not None and was is not None and _is_changed(was, edit):
                self._late.start()  # the hand goes on: a picture of all of it can wait
            else:
                self._fill()
        chosen = None if edit is None else edit.chosen
        with QSignalBlocker(self.film):
            self.film.setCurrentRow(-1 if chosen is None else chosen)
        leaves = edit is None and self.film.hasFocus()
        self.film.setVisible(edit is not None)
        self._buttons.setVisible(edit is not None)
        self._note.setText(self._words(edit))
        self._note.setVisible(chosen is None)
        self._place.say(self._where(edit))
        for button in (self.apply, self.compare, self.discard):
            button.setEnabled(chosen is not None)
        self.keep_all.setEnabled(self.count > 1)
        if leaves:
            self.done.emit()

    def _fill(self) -> None:
        self._late.stop()
        edit = self._shown
        variants = () if edit is None else edit.variants
        with QSignalBlocker(self.film):
            self.film.clear()
            for index, variant in enumerate(variants):
                assert edit is not None
                picture = variant_thumbnail(edit, index, _PICTURE)
                item = QListWidgetItem(as_icon(picture), "")
                words = self.tr("Seed {}").format(variant.seed)
                item.setToolTip(words)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
                self.film.addItem(item)
        self.film.fit()

    def _pixels_of(self, row: int) -> Pixels | None:
        edit = self._shown
        if edit is None or not 0 <= row < len(edit.variants):
            return None
        return shown_in_box(edit, row)

    def _words(self, edit: Edit | None) -> str:
        if edit is None:
            return self.tr("Variants appear here after a fill.")
        return self.tr("Discarded: click to bring it back.")

    def _where(self, edit: Edit | None) -> str:
        """Which of how many is shown."""
        if edit is None or edit.chosen is None:
            return ""
        return self.tr("{} of {}").format(edit.chosen + 1, len(edit.variants))


def _is_changed(was: Edit, now: Edit) -> bool:
    """Whether it is the same layer with another picture, as after each stroke on it."""
    return was.id == now.id and len(was.variants) == len(now.variants) == 1


class Filmstrip(QListWidget):
    """Thumbnails as large as fits, and the keys that artists expect on them."""

    applied = Signal()
    flipped = Signal(int)
    compared = Signal(bool)
    space_held = Signal(bool)  # it lends the hand to whoever drags the canvas meanwhile

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumHeight(_SMALLEST + 4)
        self.fit()

    def fit(self) -> None:
        """As large as all of them fit without scrolling, within limits."""
        width = self.width() - self.verticalScrollBar().sizeHint().width() - 4
        height, count = self.height() - 4, max(self.count(), 2)
        sides = (min(width // n, height // ceil(count / n)) for n in range(1, count + 1))
        # Those that have to be scrolled fill a row, each somewhat larger than it need be.
        scrolled = width // max(width // _SMALLEST, 1)
        side = max(min(max(*sides, 0), _LARGEST), min(scrolled, _SMALLEST + _SMALLEST // 2))
        self.setIconSize(QSize(side - _CELL_BORDER, side - _CELL_BORDER))
        self.setGridSize(QSize(side, side))

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()  # what is more comes from the room there is

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()  # with Shift, say, a key is another one, which means nothing here
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.compared.emit(True)
                self.space_held.emit(True)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.flipped.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.applied.emit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.compared.emit(False)
                self.space_held.emit(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self.compared.emit(False)  # the key may come up elsewhere
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.space_held.emit(False)
        super().focusOutEvent(event)


def _button(icon: str, name: str, tip: str) -> QToolButton:
    button = configure(QToolButton(), style="secondary", name=name, tip=tip)
    button.setText(name)
    button.setIconSize(QSize(18, 18))
    set_icon(button, icon)
    return button
