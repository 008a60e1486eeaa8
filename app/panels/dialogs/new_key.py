"""The row below the list of shortcuts where a new key is pressed."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS, Action
from app.actions.keymap import Keymap, plain
from app.actions.menus import title_of
from app.ui.widgets import configure

_TITLES = {row.id: row for row in ACTIONS}
# The hand on the canvas and the way through the controls need them.
_HELD_BACK = {"Space", "Tab", "Shift+Backtab", "Shift+Tab"}


class NewKey(QWidget):
    """Gives the action that is shown another key, if need be taking it from the one that has it."""

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self._row: Action | None = None
        self._heading = configure(QLabel(), style="heading")
        self.field = configure(QKeySequenceEdit(), name=self.tr("New key"))
        self.field.setMaximumSequenceLength(1)
        self.field.setToolTip(self.tr("Click here or press Enter in the list, then press the key"))
        inner = self.field.findChild(QLineEdit)
        if inner is not None:
            configure(inner, name=self.tr("New key"), tip=self.field.toolTip())
        self.keep = configure(
            QCheckBox(self.tr("Keep its other keys")),
            name=self.tr("Keep its other keys"),
            tip=self.tr("Add the new key instead of putting it in place of the others"),
        )
        self.assign = _button(self.tr("Assign"), self.tr("Give the action this key"))
        self.remove = _button(self.tr("Remove keys"), self.tr("Leave the action without a key"))
        self.reset = _button(self.tr("Reset"), self.tr("Give the action the keys of the preset"))
        self.note = configure(QLabel(), style="dim")
        self.note.setWordWrap(True)
        self._lay_out()
        self.field.keySequenceChanged.connect(self._judge)
        self.assign.clicked.connect(self._assign)
        self.remove.clicked.connect(lambda: self._change(()))
        self.reset.clicked.connect(self._reset)
        keymap.changed.connect(self._judge)
        self.show_action(None)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.field, self.assign, self.remove, self.reset):
            row.addWidget(widget)
        row.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._heading)
        column.addLayout(row)
        column.addWidget(self.keep)
        column.addWidget(self.note)

    def show_action(self, row: Action | None) -> None:
        """The action to change; None is something whose keys are fixed."""
        self._row = row
        self._heading.setText(self.tr("Fixed keys") if row is None else title_of(row))
        for widget in (self.field, self.keep, self.assign, self.remove, self.reset):
            widget.setEnabled(row is not None)
        self.field.clear()
        self._judge()

    def begin(self) -> None:
        """Wait for the key."""
        if self._row is not None:
            self.field.clear()
            self.field.setFocus()

    @property
    def _key(self) -> str:
        return plain(self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText))

    def _judge(self) -> None:
        """Say what assigning would do."""
        if self._row is None:
            self.note.setText(
                self.tr("This belongs to the canvas and is the same in every preset.")
            )
            return
        name, key = self._row.id, self._key
        owner = self._keymap.owner(key) if key else None
        held_back = key in _HELD_BACK and not (self._row.canvas and key == "Tab")
        self.assign.setEnabled(bool(key) and not held_back and owner != name)
        taking = owner is not None and owner != name and not held_back
        self.assign.setText(self.tr("Take over") if taking else self.tr("Assign"))
        self.remove.setEnabled(bool(self._keymap.keys(name)))
        self.reset.setEnabled(self._keymap.is_own(name))
        self.note.setText(self._verdict(key, owner, held_back=held_back))

    def _verdict(self, key: str, owner: str | None, *, held_back: bool) -> str:
        shown = self.field.keySequence().toString(QKeySequence.SequenceFormat.NativeText)
        if not key:
            return self.tr("Press a key, alone or with Ctrl, Shift and Alt.")
        if held_back:
            return self.tr("{} is needed by the canvas and the controls.").format(shown)
        if owner is None:
            return self.tr("{} is free.").format(shown)
        title = title_of(_TITLES[owner])
        if self._row is not None and owner == self._row.id:
            return self.tr("{} is this action's key already.").format(shown)
        return self.tr("{} belongs to “{}”, which would lose it.").format(shown, title)

    def _assign(self) -> None:
        if self._row is not None:
            kept = self._keymap.keys(self._row.id) if self.keep.isChecked() else ()
            self._change((*kept, self._key))

    def _change(self, keys: tuple[str, ...]) -> None:
        if self._row is not None:
            self.field.clear()
            self._keymap.set(self._row.id, keys)

    def _reset(self) -> None:
        if self._row is not None:
            self.field.clear()
            self._keymap.reset(self._row.id)


def _button(text: str, tip: str) -> QPushButton:
    button = configure(QPushButton(text), name=text, tip=tip)
    button.setAutoDefault(False)
    return button
