"""Examines this machine in a process of its own: it loads torch, and may be stopped at any time."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from PySide6.QtCore import QProcess
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.widgets import configure

_STEP = re.compile(r"(\d+)/(\d+) (.+)")  # as `lazydiff doctor` tells it


def doctor_command() -> list[str]:
    """`lazydiff doctor` of this very program, installed or packed."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "doctor"]
    return [sys.executable, "-m", "lazydiff_core.cli", "doctor"]


class DoctorDialog(QDialog):
    """What `lazydiff doctor` says, to read and to copy. command: the program and its arguments."""

    def __init__(self, command: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._command, self._said = list(command), ""
        self.setWindowTitle(self.tr("Check this machine"))
        self.resize(760, 520)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.bar = configure(QProgressBar(), name=self.tr("Progress"))
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.text = configure(
            QPlainTextEdit(),
            name=self.tr("What was found"),
            tip=self.tr("Each failure is followed by the command that mends it"),
        )
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.full = configure(
            QCheckBox(self.tr("Thoroughly: training and every kind of model too, for a minute")),
            tip=self.tr("With tiny random weights; nothing is downloaded"),
        )
        self._lay_out()
        self.process = QProcess(self)
        self.process.readyReadStandardError.connect(self._on_news)
        self.process.finished.connect(self._on_finished)
        self.process.errorOccurred.connect(self._on_error)
        self._show(self.tr("What this machine can run, what is wrong, and what mends it."))

    def _lay_out(self) -> None:
        role, standard = QDialogButtonBox.ButtonRole, QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Close)
        self.act = buttons.addButton("", role.ActionRole)
        self.act.clicked.connect(self._act)
        self.copy: QPushButton = buttons.addButton(self.tr("Copy"), role.ActionRole)
        self.copy.setToolTip(self.tr("Put the report on the clipboard"))
        self.copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.text.toPlainText())
        )
        close = buttons.button(standard.Close)
        close.setToolTip(self.tr("Close, and stop what is under way"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        for widget in (self.note, self.bar, self.text, self.full, buttons):
            column.addWidget(widget)

    def begin(self) -> None:
        """Start the examination; what was found before goes."""
        program, *arguments = self._command
        self._said = ""
        self.text.clear()
        self.process.start(program, [*arguments, *(["--full"] if self.full.isChecked() else [])])
        self._show(self.tr("Starting…"))

    def stop(self) -> None:
        """End it at once; it changes nothing, so nothing is left half done."""
        if self._runs():
            self.process.kill()
            self.process.waitForFinished(2000)

    def done(self, result: int) -> None:
        """However the dialog is closed."""
        self.stop()
        super().done(result)

    def _act(self) -> None:
        if self._runs():
            self.stop()
        else:
            self.begin()

    def _runs(self) -> bool:
        return self.process.state() != QProcess.ProcessState.NotRunning

    def _on_news(self) -> None:
        self._said += bytes(self.process.readAllStandardError().data()).decode("utf-8", "replace")
        steps = _STEP.findall(self._said)
        if steps:
            place, of, name = steps[-1]
            self.bar.setRange(0, int(of))
            self.bar.setValue(int(place) - 1)
            self._show(self.tr("Checking: {}").format(name))

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        found = bytes(self.process.readAllStandardOutput().data()).decode("utf-8", "replace")
        self.text.setPlainText(found.strip())
        if status == QProcess.ExitStatus.CrashExit:
            self._show(self.tr("Stopped."))
        elif code == 0:
            self._show(self.tr("All that is needed works here."))
        elif found:
            self._show(self.tr("Something is wrong: the lines that begin with NO say what to do."))
        else:
            self.text.setPlainText(self._said.strip())
            self._show(self.tr("The examination itself failed."))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._show(self.tr("It cannot be started: {}.").format(self.process.errorString()))

    def _show(self, note: str) -> None:
        runs = self._runs()
        self.note.setText(note)
        self.bar.setVisible(runs)
        if not runs:
            self.bar.setRange(0, 0)
        self.act.setText(self.tr("Stop") if runs else self.tr("Check"))
        self.act.setToolTip(self.act.text())
        self.copy.setEnabled(bool(self.text.toPlainText()))
        self.full.setEnabled(not runs)
