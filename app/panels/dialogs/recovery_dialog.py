"""The work that a crash has left: a list with small pictures, and what to do about it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QDateTime, QLocale, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
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

from app.panels.thumbnails import as_icon
from app.storage.journal.recovery import Orphan
from app.ui.chequer import over_chequer
from app.ui.qimage import image_of
from app.ui.widgets import configure
from lazydiff_core.contract import RGB, Cover

_ICON, _WIDTH, _ROWS = 64, 460, 4
_MASK_COLOUR = np.array((230, 40, 60), np.uint8)


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
        self.list = configure(
            QListWidget(),
            name=self.tr("Unsaved pictures"),
            tip=self.tr("Choose one; a double click restores it"),
        )
        self.list.setIconSize(QSize(_ICON, _ICON))
        self.list.setSpacing(4)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._orphans = list(orphans)
        for orphan in orphans:
            self.list.addItem(QListWidgetItem(_icon(orphan), self._line(orphan)))
        self.list.setCurrentRow(0)
        self.list.setMinimumWidth(_WIDTH)
        self.list.setFixedHeight(min(len(orphans), _ROWS) * (_ICON + 12) + 10)
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
        self.restore.setToolTip(self.tr("Open the chosen picture as it was"))
        self.delete.setToolTip(self.tr("Delete the chosen picture for good"))
        self.later.setToolTip(self.tr("The File menu and the next start offer them again"))
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
    """The whole picture in a square, with its mask and sketch: they may be all there is."""
    picture = orphan.recovered.picture
    height, width = picture.size
    # No larger than is needed: a picture of many millions of pixels is looked at for a moment.
    step = max(1, max(height, width) // (4 * _ICON))
    small = np.s_[::step, ::step]
    pixels = over_chequer(picture.pixels()[small]).copy()
    if picture.sketch is not None:
        _lay_over(pixels, picture.sketch[small][..., :3], picture.sketch[small][..., 3])
    if not picture.filled:
        _lay_over(pixels, _MASK_COLOUR, picture.cover[small] // 2)
    image = image_of(pixels)
    ratio, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return as_icon(QPixmap.fromImage(image.scaled(2 * _ICON, 2 * _ICON, ratio, smooth)))


def _lay_over(pixels: RGB, colour: RGB, alpha: Cover) -> None:
    """Mix a colour, (3,) or (H, W, 3), into (H, W, 3) pixels by (H, W) alpha, in place."""
    rows = np.flatnonzero(alpha.any(axis=1))
    for row in rows:
        weight = alpha[row, :, None].astype(np.int32)
        over = np.broadcast_to(colour, pixels.shape)[row]
        pixels[row] = (pixels[row] * (255 - weight) + over * weight) // 255
