"""The questions the window asks before it can go on."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QCursor
from PySide6.QtWidgets import QColorDialog, QFileDialog, QMenu, QMessageBox, QWidget

from app.document.brush_colours import RGBColour
from app.document.colour_shift import ColourShift
from app.document.mask_shapes import Refinement
from app.panels.dialogs.colour_shift_dialog import ColourShiftDialog
from app.panels.dialogs.image_dialogs import (
    CanvasSizeDialog,
    ExtendDialog,
    ImageSizeDialog,
    Sides,
)
from app.panels.dialogs.new_canvas import NewCanvas, NewCanvasDialog
from app.panels.dialogs.recovery_dialog import RecoveryDialog
from app.panels.dialogs.refine_dialog import RefineDialog
from app.panels.dialogs.save_questions import (
    Answer,
    Changed,
    Unsaved,
    ask_changed,
    ask_losses,
    ask_unsaved,
)
from app.panels.dialogs.server_dialog import ServerDialog
from app.panels.dialogs.upscale_dialog import Upscale, UpscaleCost, UpscaleDialog
from app.panels.dialogs.word_dialogs import WordDialog, WordsDialog
from app.storage.formats import FORMATS, READABLE, Format, format_of
from app.storage.journal.recovery import Orphan
from app.ui.sentences import in_words
from app.ui.translation import translate
from lazydiff_core.contract import RGBA
from lazydiff_core.model_store import TaughtWords

_READ = " ".join(f"*{suffix}" for suffix in READABLE)
_MAX_PROBLEMS = 12


class Taken(Enum):
    """What to do about a project that another window has open."""

    SHOW = auto()
    READ = auto()
    KEEP = auto()


class Dropped(Enum):
    """What a picture that is dropped on another one is meant for."""

    PICTURE = auto()
    LAYER = auto()
    SKETCH = auto()
    MASK = auto()
    NOTHING = auto()


def _pictures() -> str:
    """The filters of a dialog that reads pictures."""
    return ";;".join(
        (
            translate("Dialogs", "Pictures ({})").format(_READ),
            translate("Dialogs", "All files (*)"),
        )
    )


class Dialogs:
    """Modal questions; each returns None when the artist thinks better of it."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def ask_open(self, folder: Path) -> Path | None:
        """Which picture to open."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, translate("Dialogs", "Open a picture"), str(folder), _pictures()
        )
        return Path(name) if name else None

    def ask_references(self, folder: Path) -> list[Path]:
        """Which pictures a prompt shall refer to."""
        names, _ = QFileDialog.getOpenFileNames(
            self._parent, translate("Dialogs", "Add reference pictures"), str(folder), _pictures()
        )
        return [Path(name) for name in names]

    def ask_control_network(self, folder: Path) -> Path | None:
        """Which control network to use."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent,
            translate("Dialogs", "Choose a control network"),
            str(folder),
            "Safetensors (*.safetensors)",
        )
        return Path(name) if name else None

    def ask_control_picture(self, folder: Path) -> Path | None:
        """Which picture a fill shall follow."""
        name, _ = QFileDialog.getOpenFileName(
            *(self._parent, translate("Dialogs", "Choose a picture to follow")),
            *(str(folder), _pictures()),
        )
        return Path(name) if name else None

    def ask_save(self, suggested: Path) -> Path | None:
        """Where to save; a name without a suffix takes that of the chosen format.

        `suggested` ends in the suffix of a format.
        """
        return self._ask_place(translate("Dialogs", "Save as"), suggested)

    def ask_export(self, suggested: Path) -> Path | None:
        """Where to write a copy of what is seen, in the same way."""
        return self._ask_place(translate("Dialogs", "Export a copy"), suggested)

    def _ask_place(self, title: str, suggested: Path) -> Path | None:
        filters = {_filter(row): row for row in FORMATS}
        dialog = QFileDialog(self._parent, title, str(suggested.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(filters))
        dialog.filterSelected.connect(
            lambda text: dialog.setDefaultSuffix(filters[text].suffixes[0][1:])
        )
        dialog.selectNameFilter(_filter(format_of(suggested)))
        dialog.setDefaultSuffix(suggested.suffix[1:])
        dialog.selectFile(suggested.name)
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None

    def ask_colour(self, now: RGBColour) -> RGBColour | None:
        """Which colour to sketch and paint with."""
        colour = QColorDialog.getColor(QColor(*now), self._parent, translate("Dialogs", "Color"))
        return (colour.red(), colour.green(), colour.blue()) if colour.isValid() else None

    def ask_save_mask(self, suggested: Path) -> Path | None:
        """Where to save the mask, as PNG."""
        dialog = QFileDialog(
            self._parent, translate("Dialogs", "Save the mask"), str(suggested.parent)
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PNG (*.png)")
        dialog.setDefaultSuffix("png")
        dialog.selectFile(suggested.name)
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None

    def ask_colour_shift(self, show: Callable[[ColourShift], None]) -> ColourShift | None:
        """Which colours a layer is to have; `show` shows each answer on the canvas."""
        dialog = ColourShiftDialog(show, self._parent)
        return dialog.chosen() if dialog.exec() else None

    def ask_refinement(self, show: Callable[[Refinement], None]) -> bool:
        """How the mask's border is to change; `show` shows each answer on the canvas."""
        return bool(RefineDialog(show, self._parent).exec())

    def ask_image_size(self, now: QSize) -> QSize | None:
        """How large the picture is to be scaled."""
        dialog = ImageSizeDialog(now, self._parent)
        return dialog.chosen() if dialog.exec() else None

    def ask_upscale(
        self, now: QSize, cost_of: Callable[[QSize], UpscaleCost | None]
    ) -> Upscale | None:
        """How large the picture is to become, and what it shows."""
        dialog = UpscaleDialog(now, cost_of, self._parent)
        return dialog.chosen() if dialog.exec() else None

    def ask_canvas_size(self, now: QSize) -> Sides | None:
        """What the canvas is to gain or lose at its sides."""
        dialog = CanvasSizeDialog(now, self._parent)
        return dialog.chosen() if dialog.exec() else None

    def ask_extension(self, now: QSize) -> Sides | None:
        """How much new room there is to be at each side."""
        dialog = ExtendDialog(now, self._parent)
        return dialog.chosen() if dialog.exec() else None

    def ask_canvas(self, now: QSize) -> NewCanvas | None:
        """How large a new canvas is to be, and whether it is white or clear."""
        dialog = NewCanvasDialog(now, self._parent)
        return dialog.chosen() if dialog.exec() else None

    def ask_unsaved(self, name: str, lost: Unsaved = Unsaved.CHANGES) -> Answer:
        """Whether what is not saved may be lost."""
        return ask_unsaved(self._parent, name, lost)

    def ask_changed(self, name: str) -> Changed:
        """What to do about a file that is not as it was opened or saved here."""
        return ask_changed(self._parent, name)

    def ask_losses(self, name: str, lost: tuple[str, ...]) -> bool:
        """Whether to save a picture in a file that cannot keep all of it."""
        return ask_losses(self._parent, name, lost)

    def ask_taken(self, name: str) -> Taken:
        """What to do about a project that another window has open."""
        role = QMessageBox.ButtonRole
        box = QMessageBox(self._parent)
        box.setWindowTitle(translate("Dialogs", "Open in another window"))
        box.setText(translate("Dialogs", "{} is open in another window.").format(name))
        box.setInformativeText(
            translate("Dialogs", "Here it can be opened read-only, and saved under another name.")
        )
        show = box.addButton(translate("Dialogs", "Show that window"), role.AcceptRole)
        read = box.addButton(translate("Dialogs", "Open read-only"), role.ActionRole)
        box.addButton(translate("Dialogs", "Cancel"), role.RejectRole)
        box.exec()
        clicked = box.clickedButton()
        return Taken.SHOW if clicked is show else Taken.READ if clicked is read else Taken.KEEP

    def ask_dropped(self, name: str, *, mask: bool) -> Dropped:
        """What to do with a picture that was dropped; `mask`: it could be one."""
        menu = QMenu(self._parent)
        menu.addSection(name)
        rows = {menu.addAction(translate("Dialogs", "Add as layer")): Dropped.LAYER}
        rows[menu.addAction(translate("Dialogs", "Open"))] = Dropped.PICTURE
        rows[menu.addAction(translate("Dialogs", "Use as sketch"))] = Dropped.SKETCH
        if mask:
            rows[menu.addAction(translate("Dialogs", "Use as mask"))] = Dropped.MASK
        menu.addSeparator()
        menu.addAction(translate("Dialogs", "Cancel"))
        chosen = menu.exec(QCursor.pos())
        return rows.get(chosen, Dropped.NOTHING)

    def ask_model_folder(self, folder: Path) -> Path | None:
        """Which folder holds a model."""
        name = QFileDialog.getExistingDirectory(
            self._parent, translate("Dialogs", "Choose a model's folder"), str(folder)
        )
        return Path(name) if name else None

    def ask_model_file(self, folder: Path) -> Path | None:
        """Which file holds a model, or lists ComfyUI's paths."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent,
            translate("Dialogs", "Choose a model\u2019s file"),
            str(folder),
            translate("Dialogs", "Models and lists ({})").format(
                "*.safetensors *.gguf *.yaml *.yml"
            ),
        )
        return Path(name) if name else None

    def ask_loras(self, folder: Path) -> list[Path]:
        """Which LoRAs to add."""
        names, _ = QFileDialog.getOpenFileNames(
            self._parent, translate("Dialogs", "Add LoRAs"), str(folder), "LoRA (*.safetensors)"
        )
        return [Path(name) for name in names]

    def ask_server(self, url: str) -> str | None:
        """Which machine's engine to use, as the URL of remote.Connection; `url`: the last one."""
        dialog = ServerDialog(url, self._parent)
        return dialog.url if dialog.exec() else None

    def ask_delete_model(self, name: str, folder: Path) -> bool:
        """Whether a downloaded model may be deleted."""
        button = QMessageBox.StandardButton
        box = QMessageBox(self._parent)
        box.setWindowTitle(translate("Dialogs", "Delete a model"))
        box.setText(translate("Dialogs", "Delete the model {}?").format(name))
        box.setInformativeText(
            translate("Dialogs", "Its files in {} are deleted; it can be downloaded again.").format(
                folder
            )
        )
        box.setStandardButtons(button.Discard | button.Cancel)
        box.button(button.Discard).setText(translate("Dialogs", "Delete"))
        box.setDefaultButton(button.Cancel)
        return button(box.exec()) == button.Discard

    def ask_word(self, thing: RGBA) -> str | None:
        """What a thing is called that the model is to know."""
        dialog = WordDialog(thing, self._parent)
        return dialog.word if dialog.exec() else None

    def show_words(self, words: TaughtWords) -> list[str]:
        """Show what was taught; returns what was forgotten meanwhile."""
        dialog = WordsDialog(words, self._parent)
        dialog.exec()
        return dialog.forgotten

    def show_damage(self, name: str, problems: tuple[str, ...]) -> None:
        """What of a file could not be read."""
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(translate("Dialogs", "Not all of it could be opened"))
        box.setText(translate("Dialogs", "Some of {} could not be read.").format(name))
        shown = [f"• {in_words(problem)}" for problem in problems[:_MAX_PROBLEMS]]
        if len(problems) > len(shown):
            shown.append(translate("Dialogs", "… and {} more").format(len(problems) - len(shown)))
        hint = translate(
            "Dialogs", "The file itself is left as it is: save what you see under another name."
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText("\n".join((*shown, "", hint)))
        box.exec()

    def ask_recover(self, orphans: list[Orphan]) -> tuple[Orphan | None, list[Orphan]]:
        """Which of these to restore, if any, and which to delete."""
        dialog = RecoveryDialog(orphans, self._parent)
        return (dialog.chosen if dialog.exec() else None), dialog.removed


def _filter(row: Format) -> str:
    return f"{translate('Dialogs', row.name)} (*{' *'.join(row.suffixes)})"
