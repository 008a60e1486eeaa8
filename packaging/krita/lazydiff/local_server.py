"""Starts `lazydiff serve` on this computer, and hears its address and token."""

import os
import re
import shutil

from lazydiff.qt import QObject, QProcess, Signal

_SAID = re.compile(r"Serving at (\S+)\s+Token: (\S+)")


class LocalServer(QObject):
    """Ends with Krita."""

    ready = Signal(str, str)  # address, token
    failed = Signal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.readyReadStandardError.connect(self._on_said)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_end)
        self._said = ""
        self._is_ready = False

    @property
    def is_running(self):
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, program):
        """Start a program, `lazydiff` or the path of it, with the arguments of a server."""
        self._said, self._is_ready = "", False
        found = shutil.which(os.path.expanduser(program))
        if found is None:
            self.failed.emit(f"There is no program {program}: install LazyDiff first.")
            return
        self._process.start(found, ["serve", "--port", "0"])

    def _on_said(self):
        self._said += bytes(self._process.readAllStandardError()).decode(errors="replace")
        found = _SAID.search(self._said)
        if found and not self._is_ready:
            self._is_ready = True
            self.ready.emit(*found.groups())

    def _on_error(self, _error):
        self.failed.emit(self._process.errorString())

    def _on_end(self, code, _status):
        if not self._is_ready:
            last = self._said.strip().splitlines()
            self.failed.emit(last[-1] if last else f"LazyDiff ended with code {code}.")
