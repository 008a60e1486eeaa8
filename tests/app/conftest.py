"""The window under test: no screen, no settings of anyone's, and no thread left behind."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from PySide6.QtCore import QCoreApplication, QLocale, QThread, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.document.document import Document
from app.engine.worker import engine_loader
from app.system.garbage import collect_due
from app.system.settings import SettingsStore
from app.ui import theme, translation
from app.ui.messages import Messages
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, show_ready

# A busy machine is no fault of the code.
hypothesis_settings.register_profile(
    "patient", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("patient")


@pytest.fixture(autouse=True)
def garbage_is_collected_here() -> Iterator[None]:
    """As in the program: never on a thread that Qt's objects do not belong to."""
    gc.disable()
    yield
    collect_due()


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a QThread running."""
    yield
    application = QCoreApplication.instance()
    main = application.thread() if application is not None else None
    # By type: isinstance would ask each object for its class, and some of them warn when asked.
    threads = [found for found in gc.get_objects() if issubclass(type(found), QThread)]
    running = [t for t in threads if isValid(t) and t != main and t.isRunning()]
    for thread in running:
        thread.quit()
        thread.wait(PATIENCE_MS)
    assert not running, f"left running: {[thread.objectName() for thread in running]}"


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    translation.install(qapp, "de")
    yield
    for made in qapp.findChildren(QTranslator):
        QCoreApplication.removeTranslator(made)
        made.deleteLater()
    QLocale.setDefault(before)


@pytest.fixture
def messages(qtbot: QtBot) -> Messages:
    made = Messages()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def document(qapp: object) -> Document:
    return Document()


@pytest.fixture
def settings(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings" / "window.json")


@pytest.fixture
def dialogs() -> ScriptedDialogs:
    return ScriptedDialogs()


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore, dialogs: ScriptedDialogs) -> Iterator[MainWindow]:
    """A shown window whose engine, the fake one, is ready."""
    theme.apply("light")
    made = MainWindow(engine_loader("fake", None, None), settings, dialogs)
    made.resize(1100, 800)
    show_ready(qtbot, made)
    yield made
    made.document.undo_stack.setClean()
    made.close()


@pytest.fixture(autouse=True)
def no_models_of_anyone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty registry, whatever models the user who runs the tests has added."""
    folder = tmp_path / "registry"
    monkeypatch.setattr("lazydiff_core.model_store.registry.user_data_path", lambda *a, **k: folder)
    return folder
