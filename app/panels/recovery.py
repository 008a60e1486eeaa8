"""The work that a crash has left: a list with small pictures, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.journal.recovery import Orphan
from app.thumbnails import as_icon, thumbnail
from app.widgets import dressed

_ICON, _WIDTH, _ROWS = 64, 460, 4


class RecoveryDialog(QDialog):
    """`exec` is true if `chosen` is to be restored; `removed` are those the artist gave up."""

    def __init__(self, orphans: list[Orphan], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Restore unsaved work"))
        self.removed: list[Orphan] = []
        text = QLabel(
            self.tr("LazyDiff ended unexpectedly. This was not saved, and can be restored:")
        )
        text.setWordWrap(True)
        self.list = dressed(QListWidget(), name=self.tr("Unsaved pictures"))
        self.list.setIconSize(QSize(_ICON, _ICON))
        self.list.setSpacing(4)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._orphans = list(orphans)
        for orphan in orphans:
            self.list.addItem(QListWidgetItem(_icon(orphan), self._line(orphan)))
        self.list.setCurrentRow(0)
        self.list.setMinimumSize(_WIDTH, min(len(orphans), _ROWS) * (_ICON + 22))
        self.list.itemDoubleClicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        for widget in (text, self.list, self._buttons()):
            column.addWidget(widget)

    @property
    def chosen(self) -> Orphan:
        return self._orphans[self.list.currentRow()]

    def _buttons(self) -> QDialogButtonBox:
        role = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox()
        self.restore = QPushButton(self.tr("Restore"))
        self.delete = QPushButton(self.tr("Delete…"))
        self.later = QPushButton(self.tr("Not now"))
        self.restore.setDefault(True)
        buttons.addButton(self.restore, role.AcceptRole)
        buttons.addButton(self.later, role.RejectRole)
        buttons.addButton(self.delete, role.DestructiveRole)
        self.restore.clicked.connect(self.accept)
        self.later.clicked.connect(self.reject)
        self.delete.clicked.connect(self._delete)
        return buttons

    def _delete(self) -> None:
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self,
            self.tr("Delete unsaved work"),
            self.tr("Delete {} for good?").format(self._name(self.chosen)),
            button.Yes | button.No,
            button.No,
        )
        if answer == button.Yes:
            self.remove_chosen()

    def remove_chosen(self) -> None:
        """Give the chosen picture up."""
        row = self.list.currentRow()
        self.removed.append(self._orphans.pop(row))
        self.list.takeItem(row)
        if not self._orphans:
            self.reject()

    def _name(self, orphan: Orphan) -> str:
        path = orphan.recovered.path
        return self.tr("Untitled") if path is None else path.name

    def _line(self, orphan: Orphan) -> str:
        recovered = orphan.recovered
        height, width = recovered.picture.size
        count = len(recovered.picture.stack.edits)
        edits = self.tr("1 edit") if count == 1 else self.tr("{} edits").format(count)
        moment = QDateTime.fromSecsSinceEpoch(int(recovered.time))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        return f"{self._name(orphan)}\n{width} x {height} · {edits}\n{when}"


def _icon(orphan: Orphan) -> QIcon:
    return as_icon(thumbnail(orphan.recovered.picture.pixels()))
