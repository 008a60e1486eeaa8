"""What the model is shown: what the mask covers, to be changed, and pictures to refer to."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.ui.icons import set_icon
from app.ui.widgets import configure
from lazydiff_core.contract import EngineInfo
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.reference_files import read_references, references_setting

_MOST_LETTERS = 24  # of a name: the dock is narrow, the tooltip has the path


class ReferenceSection(QWidget):
    """To be seen only where the loaded model edits, or takes pictures."""

    changed = Signal()
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[Path, ...] = ()
        self._edits, self._most = False, 0
        self.setAcceptDrops(True)
        self.instruct = configure(
            QCheckBox(self.tr("Change what is there")),
            name=self.tr("Change what is there"),
            tip=self.tr(
                "The prompt is an instruction, such as “make it winter”: the model sees what "
                "the mask covers. Nothing outside the mask changes."
            ),
        )
        self.add_button = configure(
            QToolButton(),
            style="quiet",
            name=self.tr("Add a reference picture…"),
            tip=self.tr(
                "A picture that the prompt refers to, such as “this robot”; dropping it here does "
                "as well."
            ),
        )
        self.add_button.setText(self.tr("Add…"))
        self.add_button.clicked.connect(self.add_wanted)
        self.instruct.toggled.connect(self.changed)
        self._pictures = QWidget()
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._lay_out()
        self._follow()

    @property
    def edit(self) -> bool:
        """Whether fills are asked for as changes of what is there."""
        return self._edits and self.instruct.isChecked()

    @property
    def references(self) -> str:
        """The pictures, as the setting of this name; none where the model takes none."""
        return references_setting(self._paths[: self._most])

    @property
    def room(self) -> int:
        """How many more pictures the model takes."""
        return max(0, self._most - len(self._paths))

    @property
    def last(self) -> Path | None:
        """The picture that was added last."""
        return self._paths[-1] if self._paths else None

    def use_model(self, info: EngineInfo) -> None:
        """Follow a model that has just been loaded; what was chosen waits for the next that can."""
        self._edits, self._most = info.edits, info.references
        self._follow()

    def use(self, settings: GenerationSettings) -> None:
        """Take over what an edit was made with."""
        self.instruct.setChecked(settings.edit)
        self._show(read_references(settings.references))

    def add(self, path: Path) -> None:
        """Add a picture, if there is room and it is not there yet."""
        if self.room and path not in self._paths:
            self._show((*self._paths, path))

    # --- dropping --------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if self.room and _files_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        for path in _files_in(event):
            self.add(path)
        event.acceptProposedAction()

    # --- inside ----------------------------------------------------------------------------------

    def _show(self, paths: tuple[Path, ...]) -> None:
        if paths == self._paths:
            return
        self._paths = paths
        while (item := self._list.takeAt(0)) is not None:
            row = item.widget()
            assert row is not None
            row.setParent(None)
            row.deleteLater()
        for path in paths:
            self._list.addWidget(self._row(path))
        self._follow()
        self.changed.emit()

    def _row(self, path: Path) -> QWidget:
        name = path.name
        shown = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
        label = configure(QLabel(shown), name=name, tip=str(path))
        remove = configure(
            QToolButton(), style="quiet", name=self.tr("Take {} off the list").format(name)
        )
        remove.setToolTip(self.tr("Take it off the list; the file stays."))
        remove.setIconSize(QSize(14, 14))
        set_icon(remove, "discard")
        remove.clicked.connect(partial(self._remove, path))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label, 1)
        line.addWidget(remove)
        return row

    def _remove(self, path: Path) -> None:
        self._show(tuple(other for other in self._paths if other != path))

    def _follow(self) -> None:
        self.instruct.setVisible(self._edits)
        self._pictures.setVisible(self._most > 0)
        self.add_button.setEnabled(self.room > 0)

    def _lay_out(self) -> None:
        title = configure(QLabel(self.tr("Reference pictures")), style="heading")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.add_button)
        inner = QVBoxLayout(self._pictures)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        inner.addLayout(head)
        inner.addLayout(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.instruct)
        column.addWidget(self._pictures)


def _files_in(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]
