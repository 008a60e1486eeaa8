"""The questions the window asks before it can go on."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.panels.new_canvas import NewCanvasDialog
from lazydiff_core.images import FORMATS

_READ = "*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif *.ppm *.tga"


class Answer(Enum):
    """What to do with unsaved changes."""

    SAVE = auto()
    DISCARD = auto()
    KEEP = auto()


class Dialogs:
    """Modal questions; each returns None when the artist thinks better of it."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def ask_open(self, folder: Path) -> Path | None:
        """Which picture to open."""
        filters = ";;".join((_tr("Pictures ({})").format(_READ), _tr("All files (*)")))
        name, _ = QFileDialog.getOpenFileName(
            self._parent, _tr("Open a picture"), str(folder), filters
        )
        return Path(name) if name else None

    def ask_save(self, suggested: Path) -> Path | None:
        """Where to save; a name without a suffix takes that of the chosen format."""
        filters = _save_filters()
        dialog = QFileDialog(self._parent, _tr("Save the picture"), str(suggested.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(filters))
        dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(filters[text][0]))
        now = (text for text, ends in filters.items() if suggested.suffix.lower() in ends)
        dialog.selectNameFilter(next(now, next(iter(filters))))
        dialog.setDefaultSuffix(filters[dialog.selectedNameFilter()][0])
        dialog.selectFile(suggested.name)
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None

    def ask_size(self, now: QSize) -> QSize | None:
        """How large a new canvas is to be."""
        dialog = NewCanvasDialog(now, self._parent)
        return dialog.chosen_size() if dialog.exec() else None

    def ask_unsaved(self, name: str) -> Answer:
        """Whether changes may be lost."""
        button = QMessageBox.StandardButton
        box = QMessageBox(self._parent)
        box.setWindowTitle(_tr("Unsaved changes"))
        box.setText(_tr("Save the changes to {} first?").format(name))
        box.setInformativeText(_tr("They are lost if you do not save them."))
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        answers = {button.Save: Answer.SAVE, button.Discard: Answer.DISCARD}
        return answers.get(button(box.exec()), Answer.KEEP)


def _save_filters() -> dict[str, list[str]]:
    """A line for each format that can be written, with its suffixes."""
    names = dict.fromkeys(row.name for row in FORMATS.values())
    suffixes = {
        name: [suffix for suffix, row in FORMATS.items() if row.name == name] for name in names
    }
    return {f"{name} (*{' *'.join(ends)})": ends for name, ends in suffixes.items()}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)
