"""The list of layers, the topmost first: eyes, marks, names, keys, order by dragging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QDragLeaveEvent, QDropEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from app.document.edits import Edit
from app.panels.fill.layer_rows import (
    EDIT,
    ROW_HEIGHT,
    LayerRows,
    badge_of,
    eye_of,
    made_at,
    picture_of,
    summary,
)

_FEWEST_ROWS = 2
_FLAGS = (
    Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsEditable
    | Qt.ItemFlag.ItemIsDragEnabled  # not dropped upon: only between
)


class LayerList(QListWidget):
    """Shows edits and says what is asked of them; it changes none."""

    selected = Signal(UUID)
    eye_clicked = Signal(UUID)
    opened = Signal(UUID)  # its recipe is wanted
    replay_asked = Signal(UUID)
    deleted = Signal(UUID)
    renamed = Signal(UUID, str)
    reordered = Signal(UUID, int)  # the index from the lowest layer that it is to have

    def __init__(self) -> None:
        super().__init__()
        rows = LayerRows(self)
        rows.renamed.connect(self.renamed)
        self.setItemDelegate(rows)
        self.setMinimumHeight(_FEWEST_ROWS * ROW_HEIGHT + 2 * self.frameWidth())
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.itemClicked.connect(lambda item: self.selected.emit(_edit(item).id))
        self.currentItemChanged.connect(self._on_current)

    def show_edits(self, edits: Sequence[Edit]) -> None:
        """Show these, oldest first. Rows that stay keep their place on the screen."""
        row = edits[::-1]
        with QSignalBlocker(self):
            old = [_edit(self.item(k)).id for k in range(self.count())]
            if old != [edit.id for edit in row]:
                self.clear()
                for _ in row:
                    item = QListWidgetItem()
                    item.setFlags(_FLAGS)
                    self.addItem(item)
            for k, edit in enumerate(row):
                if self.item(k).data(EDIT) is not edit:
                    _show(self.item(k), edit)
        self.viewport().update()

    def edit_at(self, at: QPoint) -> Edit | None:
        """The edit of the row at a place of the viewport."""
        item = self.itemAt(at)
        return None if item is None else _edit(item)

    def rename(self) -> None:
        """Open the field with the name of the current row."""
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())
            self.editItem(self.currentItem())

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.selected.emit(_edit(item).id)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self._hit(event):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        at = event.position().toPoint()
        item = self.itemAt(at)
        if item is None or self._hit(event):
            return
        on_picture = picture_of(self.visualItemRect(item)).contains(at)
        if on_picture and _edit(item).recipe is not None:
            self.opened.emit(_edit(item).id)
        else:
            self.editItem(item)

    def _hit(self, event: QMouseEvent) -> bool:
        """Whether a press met an eye or a mark, and has been answered."""
        at = event.position().toPoint()
        item = self.itemAt(at)
        if item is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        edit, row = _edit(item), self.visualItemRect(item)
        if eye_of(row).contains(at):
            self.eye_clicked.emit(edit.id)
            return True
        if edit.stale and edit.can_be_stale and badge_of(row).contains(at):
            self.replay_asked.emit(edit.id)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key, item = event.key(), self.currentItem()
        asked = {
            Qt.Key.Key_Delete: self.deleted,
            Qt.Key.Key_Return: self.opened,
            Qt.Key.Key_Enter: self.opened,
            Qt.Key.Key_Space: self.eye_clicked,
        }.get(Qt.Key(key))
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # the Enter that ends a name
        elif asked is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif item is not None:
            asked.emit(_edit(item).id)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Say where it is to go; the rows follow the document."""
        row, source = self.indexAt(event.position().toPoint()).row(), self.currentRow()
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        gap = self.count() if row < 0 else row + below
        to = gap if gap <= source else gap - 1
        event.setDropAction(Qt.DropAction.IgnoreAction)  # or Qt would remove the row that has moved
        event.accept()
        self.dragLeaveEvent(QDragLeaveEvent())  # ends scrolling, and the line between rows
        if source >= 0 and to != source:
            self.reordered.emit(_edit(self.item(source)).id, self.count() - 1 - to)


def _show(item: QListWidgetItem, edit: Edit) -> None:
    item.setData(EDIT, edit)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, summary(edit))
    item.setToolTip("\n".join((summary(edit), made_at(edit))))


def _edit(item: QListWidgetItem) -> Edit:
    return cast(Edit, item.data(EDIT))
