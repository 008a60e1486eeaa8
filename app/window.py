"""The main window: puts the parts together and lets them hear each other."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMessageBox,
    QScrollArea,
    QWidget,
)

from app import theme
from app.actions import CAN_FILL
from app.canvas.view import CanvasView
from app.conditions import holding
from app.dialogs import Dialogs
from app.document import Document
from app.editing import Editing
from app.files import Files
from app.icons import retint
from app.menus import Actions, why_not
from app.messages import Messages
from app.panels.fill import WIDTH, FillPanel
from app.panels.shortcuts import ShortcutsDialog
from app.panels.status import StatusLine
from app.panels.toolbars import add_toolbars
from app.session import Fill, Session, Wishes
from app.settings import SettingsStore
from app.widgets import dressed
from app.worker import EngineRoom, LoadEngine
from lazydiff_core.resources import resource

_STOP_SECONDS = 2.5


class MainWindow(QMainWindow):
    """Canvas in the middle, tools at the left, the fill panel at the right."""

    closed = Signal(bool)  # whether the engine's thread has ended

    def __init__(
        self, load: LoadEngine, settings: SettingsStore, dialogs: Dialogs | None = None
    ) -> None:
        super().__init__()
        self.settings = settings
        self.document = Document(self)
        self.view = CanvasView(self.document)
        self.messages = Messages()
        self.panel = FillPanel()
        self.session = Session(self.document, EngineRoom(load, self), self)
        self.editing = Editing(self.document, self.view)
        self.files = Files(self.document, settings, dialogs or Dialogs(self), self.messages)
        self.status = StatusLine()
        self.actions_by_name = Actions(self)
        self._lay_out()
        self._connect()
        self._restore()
        self._refresh()

    # --- assembling ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side = dressed(QScrollArea(), style="side")
        side.setWidgetResizable(True)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(WIDTH)
        side.setWidget(self.panel)
        middle = QGridLayout()
        middle.addWidget(self.view, 0, 0)
        # Over the canvas, so that nothing moves under the pen when a message comes.
        middle.addWidget(self.messages, 0, 0, Qt.AlignmentFlag.AlignTop)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(middle, 1)
        row.addWidget(side)
        self.setCentralWidget(centre)
        self.setStatusBar(self.status)
        self.setWindowIcon(QIcon(str(resource("icons/lazydiff.svg"))))
        actions = self.actions_by_name
        menus = actions.fill_menus(self.menuBar())
        self._recent = QMenu(self.tr("Open recent"), self)
        self._recent.aboutToShow.connect(self._list_recent)
        menus["&File"].insertMenu(actions["save"], self._recent)
        add_toolbars(self, actions, self.view)
        self.panel.add_buttons(actions["generate"], actions["retry"], actions["cancel"])
        self.view.addActions([actions["previous-variant"], actions["next-variant"]])

    def _connect(self) -> None:
        document, session, panel = self.document, self.session, self.panel
        document.mask_changed.connect(self._refresh)
        document.replaced.connect(self._on_replaced)
        document.path_changed.connect(self._retitle)
        document.undo_stack.cleanChanged.connect(self._retitle)
        document.undo_stack.indexChanged.connect(self._on_step)
        document.undo_stack.undoTextChanged.connect(partial(self._name_step, "undo"))
        document.undo_stack.redoTextChanged.connect(partial(self._name_step, "redo"))
        self.view.tool_changed.connect(self._on_tool)
        self.view.dropped.connect(self.files.drop)
        self.files.opened.connect(lambda: self.view.show_hint(False))
        panel.asked.connect(self._generate)
        panel.variants.chosen.connect(session.flip_to)
        session.changed.connect(self._refresh)
        session.engine_ready.connect(panel.options.use_defaults_of)
        session.engine_ready.connect(self.status.show_engine_info)
        session.engine_failed.connect(self.messages.error)
        session.progressed.connect(panel.progress.show_progress)
        session.previewed.connect(self.view.layers.show_preview)
        session.finished.connect(self._on_finished)
        session.failed.connect(self.messages.error)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)

    def _restore(self) -> None:
        value = self.settings.value
        self.resize(1280, 820)
        self.restoreGeometry(QByteArray.fromBase64(value.geometry.encode()))
        self.view.set_brush_size(value.brush_size)
        self.view.set_tool("brush")
        self.view.setFocus()
        self.panel.options.set_open(value.options_open)
        self.actions_by_name.check("choose_theme", value.theme)
        self.status.show_size(self.document.size)
        self.status.show_engine(self.tr("Loading the model…"))
        self._retitle()

    # --- what the parts tell each other ----------------------------------------------------------

    def start(self) -> None:
        """Load the engine once the window has been drawn."""
        QTimer.singleShot(50, self.session.start)

    def _generate(self, wishes: Wishes) -> None:
        reason = why_not(CAN_FILL, holding(self.document, self.session))
        if reason:
            self.messages.news(reason)
        else:
            self.messages.dismiss()
            self.session.generate(wishes)
            self.panel.progress.wait(self.tr("Starting"))

    def _refresh(self) -> None:
        facts = holding(self.document, self.session)
        self.actions_by_name.refresh(facts)
        if self.session.is_running:
            return
        self.view.layers.clear_preview()
        if "engine" not in facts and "working engine" in facts:
            self.panel.progress.wait(self.tr("Loading the model…"))
        else:
            self.panel.progress.rest(why_not(CAN_FILL, facts) or self._what_next())

    def _what_next(self) -> str:
        if self.document.filled:
            return self.tr("Filled. Ctrl+R tries another seed.")
        return self.tr("Ready: Ctrl+Enter fills the mask.")

    def _on_finished(self, fill: Fill) -> None:
        self.panel.variants.show_result(fill.result)
        self.status.show_result(fill.result)

    def _on_replaced(self) -> None:
        self.messages.dismiss()
        self.panel.variants.clear()
        self.status.show_size(self.document.size)

    def _on_step(self) -> None:
        fill = self.session.fill
        if fill is not None:
            self.panel.variants.show_current(fill.shown_in(self.document.pixels))
        self._refresh()

    def _name_step(self, action: str, step: str) -> None:
        """Say in the menu what would be undone or redone."""
        words = {"undo": self.tr("Undo"), "redo": self.tr("Redo")}
        self.actions_by_name[action].setText(f"{words[action]} {step}".rstrip())

    def _on_tool(self, name: str) -> None:
        self.actions_by_name.check("view.set_tool", name)

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.files.name()}[*] — LazyDiff")
        self.setWindowModified(self.document.is_modified)

    def _list_recent(self) -> None:
        self._recent.clear()
        for name in self.settings.value.recent_files:
            path = Path(name)
            action = self._recent.addAction(path.name)
            action.setToolTip(name)
            action.triggered.connect(partial(self._open_recent, path))
        if self._recent.isEmpty():
            self._recent.addAction(self.tr("No recent files")).setEnabled(False)

    def _open_recent(self, path: Path, _checked: bool) -> None:
        self.files.open_path(path)

    # --- theme, help, end ------------------------------------------------------------------------

    def choose_theme(self, name: str) -> None:
        self.settings.update(theme=name)
        self._dress()

    def _dress(self) -> None:
        theme.apply(self.settings.value.theme)
        retint(self)

    def show_shortcuts(self) -> None:
        ShortcutsDialog(self).exec()

    def show_about(self) -> None:
        QMessageBox.about(self, self.tr("About LazyDiff"), self._about())

    def _about(self) -> str:
        return self.tr(
            "<h3>LazyDiff</h3><p>Paint a mask, say what should appear: that region, and only that "
            "region, is generated, at a cost set by the mask.</p>"
        )

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if not self.files.may_discard():
            event.ignore()
            return
        self.settings.update(
            geometry=self.saveGeometry().toBase64().toStdString(),
            brush_size=self.view.brush_size,
            options_open=self.panel.options.is_open,
        )
        self.hide()
        self.closed.emit(self.session.stop(_STOP_SECONDS))
        event.accept()
