"""The LoRAs that fills are asked for with: files, how strongly each counts, and on or off."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.ui.dial import Dial
from app.ui.icons import set_icon
from app.ui.sentences import in_words
from app.ui.widgets import configure
from lazydiff_core.contract import EngineInfo
from lazydiff_core.errors import InputError
from lazydiff_core.lora_files import MAX_LORA_WEIGHT, Lora, loras_setting, read_loras

_log = logging.getLogger(__name__)
SUFFIX = ".safetensors"
_SLIDER = 2.0  # the field goes further
_OFF = "off "  # before a LoRA that is listed and does not count
_MOST_LETTERS = 16  # of a name: the dock is narrow, the tooltip has the path


@dataclass(frozen=True)
class ListedLora:
    """A LoRA of the list; `on`: fills are asked for with it."""

    lora: Lora
    on: bool = True

    @classmethod
    def parse(cls, text: str) -> ListedLora:
        """Read what `str` wrote; raises InputError."""
        return cls(Lora.parse(text.removeprefix(_OFF)), not text.startswith(_OFF))

    def __str__(self) -> str:
        return f"{'' if self.on else _OFF}{self.lora}"


class LoraList(QWidget):
    """One row a file. Shown as a list only where the loaded model takes LoRAs; else why not."""

    changed = Signal()
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_LoraRow] = []
        self._refusal = ""
        self._faults: Mapping[Path, str] = {}
        self.setAcceptDrops(True)
        self.add_button = configure(
            QToolButton(),
            style="quiet",
            name=self.tr("Add a LoRA…"),
            tip=self.tr(
                "A file made for this model (.safetensors); dropping it here does as well."
            ),
        )
        self.add_button.setText(self.tr("Add…"))
        self.add_button.clicked.connect(self.add_wanted)
        self.note = configure(QLabel(), style="dim", name=self.tr("What is wrong with LoRAs"))
        self.note.setWordWrap(True)
        title = configure(QLabel(self.tr("LoRA")), style="heading")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.add_button)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._list)
        column.addWidget(self.note)
        self._say()

    @property
    def listed(self) -> tuple[ListedLora, ...]:
        """All rows, from above."""
        return tuple(row.value for row in self._rows)

    @property
    def refusal(self) -> str:
        """Why the loaded model takes none; "" = it takes them."""
        return self._refusal

    @property
    def setting(self) -> str:
        """What a fill is asked for with; nothing where the loaded model takes none."""
        on = [row.lora for row in self.listed if row.on]
        return "" if self._refusal else loras_setting(on)

    def restore(self, lines: Iterable[str]) -> None:
        """Show what was listed when the window was last closed; what cannot be read is left out."""
        for line in lines:
            try:
                self._append(ListedLora.parse(line))
            except InputError as error:
                _log.warning("A LoRA is not listed any more: %s", error)
        self._say()

    def add(self, path: Path) -> None:
        """List a file, on; one that is listed already is switched on."""
        known = next((row for row in self._rows if row.value.lora.path == path), None)
        if known is not None:
            known.check.setChecked(True)
            return
        self._append(ListedLora(Lora(path)))
        self._on_change()

    def use(self, setting: str) -> None:
        """Switch exactly the LoRAs of a recipe on, as strong as there."""
        wanted = {lora.path: lora for lora in read_loras(setting)}
        for row in self._rows:
            lora = wanted.pop(row.value.lora.path, None)
            row.show_value(ListedLora(lora or row.value.lora, lora is not None))
        for lora in wanted.values():
            self._append(ListedLora(lora))
        self._on_change()

    def use_model(self, info: EngineInfo) -> None:
        """Follow a model that has just been loaded."""
        self._refusal = info.lora_refusal
        self._say()

    def show_faults(self, faults: Mapping[Path, str]) -> None:
        """Why files do not fit the loaded model."""
        self._faults = faults
        self._say()

    # --- dropping --------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if not self._refusal and _files_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        for path in _files_in(event):
            self.add(path)
        event.acceptProposedAction()

    # --- inside ----------------------------------------------------------------------------------

    def _append(self, value: ListedLora) -> None:
        row = _LoraRow(value)
        row.changed.connect(self._on_change)
        row.removed.connect(partial(self._remove, row))
        self._rows.append(row)
        self._list.addWidget(row)

    def _remove(self, row: _LoraRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._on_change()

    def _on_change(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        takes = not self._refusal
        self.add_button.setVisible(takes)
        faults = []
        for row in self._rows:
            fault = self._faults.get(row.value.lora.path, "")
            row.setVisible(takes)
            row.mark(bool(fault))
            faults += [in_words(fault)] if fault and row.value.on else []
        said = "\n".join(faults) if takes else in_words(self._refusal)
        self.note.setText(said)
        self.note.setVisible(bool(said))


class _LoraRow(QWidget):
    """One file: on or off, its name, how strongly it counts, and away."""

    changed = Signal()
    removed = Signal()

    def __init__(self, value: ListedLora) -> None:
        super().__init__()
        self._path = value.lora.path
        name = self._path.name.removesuffix(SUFFIX)
        self._shown = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
        self.check = configure(
            QCheckBox(self._shown), name=self.tr("Use {}").format(name), tip=str(self._path)
        )
        self.dial = Dial(
            self.tr("Weight of {}").format(name),
            -MAX_LORA_WEIGHT,
            MAX_LORA_WEIGHT,
            step=0.05,
            decimals=2,
            slider_low=-_SLIDER,
            slider_high=_SLIDER,
        )
        self.dial.setToolTip(self.tr("How strongly it counts; below 0, the opposite of it."))
        self.remove = configure(
            QToolButton(), style="quiet", name=self.tr("Take {} off the list").format(name)
        )
        self.remove.setToolTip(self.tr("Take it off the list; the file stays."))
        self.remove.setIconSize(QSize(14, 14))
        set_icon(self.remove, "discard")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.check, 1)
        line.addWidget(self.dial, 1)
        line.addWidget(self.remove)
        self.show_value(value)
        self.check.toggled.connect(self.changed)
        self.dial.changed.connect(self.changed)
        self.remove.clicked.connect(self.removed)

    @property
    def value(self) -> ListedLora:
        return ListedLora(Lora(self._path, self.dial.value), self.check.isChecked())

    def show_value(self, value: ListedLora) -> None:
        self.check.setChecked(value.on)
        self.dial.set_value(value.lora.weight)

    def mark(self, faulty: bool) -> None:
        """Show whether it cannot be used with the loaded model."""
        self.check.setText(f"⚠ {self._shown}" if faulty else self._shown)


def _files_in(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix == SUFFIX and path.is_file()]
