"""The field in which a seed is shown and typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.ui.widgets import configure
from lazydiff_core.generation_settings import LIMITS

_LIMITS = LIMITS["seed"]


class SeedField(QWidget):
    """A seed as text: a spin box of Qt holds 32 bits only.

    Text that is no seed stays as it is typed, with a line below it that says why; until it is
    mended `is_valid` is false and `value` is the last seed there was.
    """

    changed = Signal()  # another seed
    typed = Signal()  # by the artist

    def __init__(self, name: str) -> None:
        super().__init__()
        self._value = _LIMITS.low
        tip = self.tr("The same seed gives the same result.")
        self.text = configure(_Digits(str(self._value)), name=name, tip=tip)
        self._fault = configure(QLabel(), style="fault")
        self._fault.setWordWrap(True)
        self._fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.text)
        column.addWidget(self._fault)
        self.setFocusProxy(self.text)
        self.text.textChanged.connect(self._read)
        self.text.textEdited.connect(self.typed)
        self.text.stepped.connect(self._step)

    @property
    def value(self) -> int:
        return self._value

    @property
    def is_valid(self) -> bool:
        """Whether what stands in the field is a seed."""
        return _seed_in(self.text.text()) is not None

    @property
    def fault(self) -> str:
        """Why it is not; empty where it is."""
        return "" if self.is_valid else self._fault.text()

    def set_value(self, seed: int) -> None:
        self.text.setText(str(seed))

    def _step(self, by: int) -> None:
        seed = self._value + by
        if self.is_valid and _LIMITS.allow(seed):
            self.set_value(seed)
            self.typed.emit()

    def _read(self, text: str) -> None:
        seed = _seed_in(text)
        self._fault.setVisible(seed is None)
        if seed is None:
            too_large = text.strip().isdecimal()
            words = self.tr("Too large: {} is the largest seed.") if too_large else ""
            words = words or self.tr("A seed is a whole number from 0 to {}.")
            self._fault.setText(words.format(_LIMITS.high))
        elif seed != self._value:
            self._value = seed
            self.changed.emit()


class _Digits(QLineEdit):
    """A line of text that tells when the keys Up and Down are pressed."""

    stepped = Signal(int)  # 1 or -1

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


def _seed_in(text: str) -> int | None:
    try:
        seed = int(text)
    except ValueError:
        return None
    return seed if _LIMITS.allow(seed) else None
