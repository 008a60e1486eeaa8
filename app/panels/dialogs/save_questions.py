"""The questions before a file is overwritten, or before work is lost."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.ui.sentences import in_words
from app.ui.translation import translate


class Unsaved(Enum):
    """What closing a picture would lose."""

    CHANGES = auto()
    CHANGES_AND_HISTORY = auto()  # and saving where it came from would lose the latter
    HISTORY = auto()  # the pixels are saved


class Answer(Enum):
    """What to do with unsaved changes."""

    SAVE = auto()
    PROJECT = auto()
    DISCARD = auto()
    KEEP = auto()


class Changed(Enum):
    """What to do about a file that another program has changed."""

    REPLACE = auto()
    OTHER_NAME = auto()
    KEEP = auto()


def ask_unsaved(parent: QWidget, name: str, lost: Unsaved) -> Answer:
    """Whether what is not saved may be lost."""
    role, button = QMessageBox.ButtonRole, QMessageBox.StandardButton
    box = QMessageBox(parent)
    box.setWindowTitle(translate("Dialogs", "Unsaved changes"))
    answers: dict[object, Answer] = {}
    if lost is Unsaved.HISTORY:
        box.setText(translate("Dialogs", "Keep how {} was made?").format(name))
        why = translate(
            "Dialogs",
            "The picture is saved. Its layers with all variants and the sketch are in a project "
            "only, and lost without one.",
        )
    else:
        box.setText(translate("Dialogs", "Save the changes to {} first?").format(name))
        why = translate("Dialogs", "They are lost if you do not save them.")
        answers[box.addButton(button.Save)] = Answer.SAVE
    if lost is Unsaved.CHANGES_AND_HISTORY:
        why = translate(
            "Dialogs",
            "They are lost if you do not save them. Layers, variants and sketch are kept by a "
            "project only.",
        )
    box.setInformativeText(why)
    if lost is not Unsaved.CHANGES:
        text = translate("Dialogs", "Save as a project…")
        answers[box.addButton(text, role.AcceptRole)] = Answer.PROJECT
    answers[box.addButton(button.Discard)] = Answer.DISCARD
    box.addButton(button.Cancel)
    first = next(iter(answers))
    assert isinstance(first, QPushButton)
    box.setDefaultButton(first)
    box.exec()
    return answers.get(box.clickedButton(), Answer.KEEP)


def ask_changed(parent: QWidget, name: str) -> Changed:
    """What to do about a file that is not as it was opened or saved here."""
    role = QMessageBox.ButtonRole
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(translate("Dialogs", "Changed by another program"))
    box.setText(translate("Dialogs", "{} was changed by another program.").format(name))
    box.setInformativeText(
        translate("Dialogs", "If you replace it, what that program has saved there is lost.")
    )
    replace = box.addButton(translate("Dialogs", "Replace it"), role.DestructiveRole)
    other = box.addButton(translate("Dialogs", "Save as…"), role.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(other)
    box.exec()
    answers: dict[object, Changed] = {replace: Changed.REPLACE, other: Changed.OTHER_NAME}
    return answers.get(box.clickedButton(), Changed.KEEP)


def ask_losses(parent: QWidget, name: str, lost: tuple[str, ...]) -> bool:
    """Whether to save a picture in a file that cannot keep all of it."""
    box = QMessageBox(parent)
    box.setWindowTitle(translate("Dialogs", "Not all of it can be kept"))
    box.setText(translate("Dialogs", "A file called {} cannot keep this:").format(name))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText("\n".join(f"• {in_words(part)}" for part in lost))
    save = box.addButton(
        translate("Dialogs", "Save all the same"), QMessageBox.ButtonRole.AcceptRole
    )
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(save)
    box.exec()
    return box.clickedButton() is save
