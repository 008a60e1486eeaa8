"""The main window: puts the parts together and lets them hear each other."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QWidget,
)

from app.actions import ACTIONS, CAN_FILL
from app.actions.keymap import Keymap
from app.actions.menus import Actions, why_not
from app.canvas import saved_settings as canvas_settings
from app.canvas.view import CanvasView
from app.canvas.view_state import look_of, transform_of
from app.controllers.appearance import Appearance
from app.controllers.canvas_only import CanvasOnly
from app.controllers.clipboard import Clipboard
from app.controllers.conditions import holding
from app.controllers.cost_tag import CostTag
from app.controllers.crash_recovery import CrashRecovery
from app.controllers.engine_faults import EngineFaults
from app.controllers.files import Files
from app.controllers.help import Help
from app.controllers.history import HistoryController
from app.controllers.live_fill import LiveFill
from app.controllers.locality_check import LocalityCheck
from app.controllers.mask import MaskController
from app.controllers.models import Models
from app.controllers.queue_overlay import QueueOverlay
from app.controllers.recipe_import import RecipeImport
from app.controllers.sketch import SketchController
from app.controllers.words import WordsController
from app.document.document import Document
from app.document.variants import VariantBrowser
from app.engine.engine_thread import EngineRoom
from app.engine.model_choice import ModelChoice
from app.engine.session import Session
from app.engine.worker import LoadEngine
from app.panels.bars.model_list import ModelsPopup
from app.panels.bars.status_line import StatusLine
from app.panels.bars.toolbars import add_toolbars
from app.panels.dialogs.diagnostics_dialog import DiagnosticsDialog
from app.panels.dialogs.dialogs import Dialogs
from app.panels.fill.fill_panel import WIDTH, FillPanel
from app.panels.fill.prompt_history import PastPrompts
from app.panels.fill.quality_presets import USUAL
from app.panels.fill.queue_panel import QueuePanel
from app.panels.recent_files import RecentFiles
from app.system.diagnostics import report
from app.system.logs import latest, usual_logs
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from app.ui.widgets import configure
from lazydiff_core.contract import EditResult
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.model_store import default_registry, default_taught_words
from lazydiff_core.storage.resources import resource

_STOP_SECONDS = 2.5
_LOG_LINES = 80


class MainWindow(QMainWindow):
    """Canvas in the middle, tools at the left, the fill panel at the right."""

    closed = Signal(bool)  # whether the engine's thread has ended

    def __init__(
        self,
        load: LoadEngine,
        settings: SettingsStore,
        dialogs: Dialogs | None = None,
        journals: Path | None = None,
    ) -> None:
        """`journals`: the folder for crash journals; None = beside the settings."""
        super().__init__()
        dialogs = dialogs or Dialogs(self)
        self.settings = settings
        self.document = Document(self)
        self.view = CanvasView(self.document)
        self.messages = Messages()
        self.variant_browser = VariantBrowser(self.document, self)
        self.past_prompts = PastPrompts(settings)
        self.panel = FillPanel(
            self.document, self.variant_browser, self.view.colours, self.past_prompts
        )
        self.session = Session(self.document, EngineRoom(load, self), self)
        self.queue_panel = QueuePanel(self.session.fills)
        self.queue_overlay = QueueOverlay(self.view, self.session.fills)
        self.cost_tag = CostTag(self.document, self.session, self.panel, settings)
        self.live = LiveFill(self.document, self.session, self.view, self.panel, settings)
        self.locality = LocalityCheck(self.document, self.messages, self)
        self.engine_faults = EngineFaults(self.session, self.messages, self)
        self.history = HistoryController(self.view)
        self.mask_controller = MaskController(self.view, settings, dialogs, self.messages)
        self.canvas_only = CanvasOnly(self)
        self.files = Files(self.document, settings, dialogs, self.messages, self._look)
        self.recipe_import = RecipeImport(self.document, self.files, self.messages)
        self.crash_recovery = CrashRecovery(
            *(self.document, self.files, dialogs, self.messages, self._look),
            folder=journals or settings.folder / "journals",
            undo_bytes=settings.value.undo_megabytes * 2**20,
        )
        self.sketch = SketchController(
            *(self.document, self.view, self.view.colours, dialogs, self.messages, settings)
        )
        self.clipboard = Clipboard(
            *(self.document, self.files, self.sketch, self.mask_controller, dialogs, self.messages)
        )
        self.status = StatusLine()
        self.model_choice = ModelChoice(self.session, default_registry(), settings)
        self.models = Models(self.model_choice, settings, dialogs, self.messages)
        self.words = WordsController(
            self.document, self.session, default_taught_words(), dialogs, self.messages
        )
        self.models_popup = ModelsPopup(self.model_choice, self.status.engine, self)
        self.models_popup.folder_wanted.connect(self.models.choose_folder)
        self.models_popup.removal_wanted.connect(self.models.remove)
        self.appearance = Appearance(self, settings, self.messages)
        self.keymap = Keymap(settings, self)
        self.help = Help(self, self.keymap, lambda: self.actions_by_name)
        self.actions_by_name = Actions(self, self.keymap)
        self._lay_out()
        self._connect()
        self._restore()
        self._on_keys()

    # --- assembling ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side = configure(QScrollArea(), style="side")
        side.setWidgetResizable(True)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(WIDTH)
        side.setWidget(self.panel)
        form = self.panel.history.editor
        show_form = partial(side.ensureWidgetVisible, form)  # once it has its place
        form.opened.connect(lambda: QTimer.singleShot(0, form, show_form))
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
        recent = RecentFiles(self.settings, self)
        recent.chosen.connect(self.files.open_path)
        menus["&File"].insertMenu(actions["save"], recent)
        add_toolbars(self, actions, self.view, self.settings)
        self.panel.add_queue(self.queue_panel)
        self.queue_panel.shown.connect(self.queue_overlay.show_place)
        self.panel.add_buttons(actions["generate"], actions["retry"], actions["cancel"])
        self.panel.sketch.add_buttons(actions["sketch-import"], actions["sketch-clear"])
        self.view.addActions([actions[row.name] for row in ACTIONS if row.canvas])

    def _connect(self) -> None:
        document, session, panel = self.document, self.session, self.panel
        document.mask_changed.connect(self._refresh)
        document.mask_changed.connect(lambda: self.view.show_hint(False))
        document.replaced.connect(self._on_replaced)
        document.path_changed.connect(self._retitle)
        document.undo_stack.cleanChanged.connect(self._retitle)
        document.undo_stack.indexChanged.connect(self._on_step)
        document.undo_stack.undoTextChanged.connect(partial(self._name_step, "undo"))
        document.undo_stack.redoTextChanged.connect(partial(self._name_step, "redo"))
        self.view.tool_changed.connect(self._on_tool)
        self.cost_tag.forecast.changed.connect(self.view.layers.show_outlook)
        self.cost_tag.forecast.changed.connect(self.live.look)
        self.status.check_asked.connect(self.locality.run)
        self.live.changed.connect(self._refresh)
        self.live.landed.connect(self.cost_tag.learn)
        self.live.landed.connect(self._on_finished)
        self.view.dropped.connect(self.clipboard.drop)
        self.view.layers.quick_mask_changed.connect(self.actions_by_name["quick-mask"].setChecked)
        self.canvas_only.changed.connect(self.actions_by_name["canvas-only"].setChecked)
        self.files.opened.connect(lambda: self.view.show_hint(False))
        self.files.view_known.connect(self._look_again)
        self.files.project_lock.show_asked.connect(self._come_forward)
        self.clipboard.model_dropped.connect(self.models.add)
        self.recipe_import.changed.connect(self._refresh)
        self.recipe_import.chosen.connect(panel.reuse_all)
        panel.asked.connect(self._generate)
        panel.asked_first.connect(partial(self._generate, front=True))
        panel.options.scope_changed.connect(session.foresight.set_scope)
        panel.history.replay.connect(session.replay)
        panel.history.replay_stale.connect(session.replay_stale)
        session.replaying.connect(panel.history.show_replaying)
        panel.history.reuse_prompt.connect(panel.reuse_prompt)
        panel.history.reuse_all.connect(panel.reuse_all)
        panel.sketch.colours.chooser_wanted.connect(self.sketch.choose_colour)
        panel.sketch.colours.swap_wanted.connect(self.view.colours.swap)
        panel.sketch.colours.reset_wanted.connect(self.view.colours.reset)
        self.view.pointing.changed.connect(lambda: session.hold(self.view.is_busy))
        self.variant_browser.changed.connect(self._refresh)
        self.variant_browser.compared.connect(self._compare)
        panel.variants.done.connect(self.view.setFocus)
        session.changed.connect(self._refresh)
        session.engine_ready.connect(panel.use_model)
        session.foresight.ready_changed.connect(self._refresh)
        session.foresight.ready_changed.connect(self.status.show_context)
        session.engine_ready.connect(self.status.show_engine_info)
        session.engine_failed.connect(lambda: self.status.show_engine(why_not(CAN_FILL, ())))
        session.progressed.connect(panel.progress.show_progress)
        session.previewed.connect(self.view.layers.show_preview)
        session.finished.connect(self._on_finished)
        session.failed.connect(self.messages.error)
        self.keymap.changed.connect(self._on_keys)

    def _restore(self) -> None:
        value = self.settings.value
        self.resize(1280, 820)
        self.restoreGeometry(QByteArray.fromBase64(value.geometry.encode()))
        canvas_settings.restore(self.view, value)
        self.view.set_tool("brush")
        self.view.setFocus()
        self.panel.options.set_open(value.options_open)
        self.panel.options.set_quality(value.quality)
        self.actions_by_name.check("appearance.choose_theme", value.theme)
        self.actions_by_name.check("appearance.choose_language", value.language)
        self.actions_by_name["quick-mask"].setChecked(self.view.layers.quick_mask)
        self.actions_by_name["pixel-grid"].setChecked(self.view.layers.grid)
        self.actions_by_name["show-tokens"].setChecked(self.view.layers.tokens)
        self.actions_by_name["write-recipes"].setChecked(value.write_recipes)
        self.status.show_size(self.document.size)
        self.status.show_engine(self.tr("Loading the model…"))
        self._retitle()

    # --- what the parts tell each other ----------------------------------------------------------

    def start(self) -> None:
        """Load the engine, and offer what a crash has left, once the window has been drawn."""
        QTimer.singleShot(50, self.session.start)
        QTimer.singleShot(60, lambda: self.crash_recovery.offer(asked=False))
        if self.settings.damaged:
            self.messages.error(
                self.tr(
                    "Your settings could not be read, so the defaults are used. "
                    "What was there is kept in {}."
                ).format(self.settings.damaged_path)
            )

    def _generate(self, settings: GenerationSettings, *, front: bool = False) -> None:
        reason = why_not(
            CAN_FILL,
            holding(
                self.document, self.session, self.variant_browser, self.recipe_import, self.live
            ),
        )
        if reason:
            self.messages.news(reason)
        else:
            self.messages.settle()
            self.past_prompts.remember(settings.prompt)
            was_running = self.session.is_running
            self.session.generate(settings, front=front)
            if not was_running:
                self.panel.progress.wait(self.tr("Starting"))

    def _refresh(self) -> None:
        facts = holding(
            self.document, self.session, self.variant_browser, self.recipe_import, self.live
        )
        self.actions_by_name.refresh(facts)
        if self.session.is_running:
            return
        self.panel.history.set_ready(self.session.info is not None)
        self.view.layers.clear_preview()
        loading = self.session.is_switching or "engine" not in facts
        if loading and "working engine" in facts:
            self.panel.progress.wait(self.tr("Loading the model…"))
        else:
            self.panel.progress.rest(why_not(CAN_FILL, facts) or self._what_next())

    def _what_next(self) -> str:
        if self.document.filled:
            return self.tr("Filled. {} tries another seed.").format(self._call("retry"))
        if self.live.enabled:
            return self._live_says()
        if self.session.foresight.ready:
            return self.tr("Context ready: {} fills the mask.").format(self._call("generate"))
        return self.tr("Ready: {} fills the mask.").format(self._call("generate"))

    def _live_says(self) -> str:
        if self.live.has_preview:
            keep, drop = self._call("accept-live"), self._call("cancel")
            return self.tr("Live: {} keeps it, {} drops it.").format(keep, drop)
        if self.live.is_too_large:
            return self.tr("Live mode rests: the mask takes more than {} tokens.").format(
                self.live.limit
            )
        return self.tr("Live: brush, sketch or type.")

    def cancel(self) -> None:
        """Drop what is shown live or, without, stop what is running."""
        if self.live.has_preview:
            self.live.drop()
        else:
            self.session.cancel()

    def _call(self, action: str) -> str:
        """How to call for an action: its key or, without one, its name."""
        return self.keymap.text(action) or self.actions_by_name[action].text()

    def _on_keys(self) -> None:
        self.view.set_hint_key(self.keymap.text("generate"))
        self._refresh()

    def _compare(self, shown: bool) -> None:
        """Show what the edit that is looked at covered, or stop it."""
        edit = self.variant_browser.edit
        if shown and edit is not None and not self.session.is_running:
            self.view.layers.show_preview(edit.box, edit.before, edit.mask)
        elif not self.session.is_running:
            self.view.layers.clear_preview()

    def _on_finished(self, result: EditResult) -> None:
        self.status.show_result(result)

    def _on_replaced(self) -> None:
        self.messages.settle()
        self.status.show_size(self.document.size)

    def _on_step(self) -> None:
        self._refresh()

    def _name_step(self, action: str, step: str) -> None:
        """Say in the menu what would be undone or redone."""
        words = {"undo": self.tr("Undo"), "redo": self.tr("Redo")}
        self.actions_by_name[action].setText(f"{words[action]} {step}".rstrip())

    def _on_tool(self, name: str) -> None:
        self.actions_by_name.check("view.set_tool", name)
        if name in ("sketch", "sketch-eraser", "picker"):
            self.panel.sketch.set_open(True)

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.files.name()}[*] — LazyDiff")
        self.setWindowModified(self.document.is_modified)

    def _look(self) -> dict[str, float]:
        return look_of(self.view.transform, self.view.size())

    def _look_again(self, look: dict[str, float]) -> None:
        canvas, view = self.document.size, self.view.size()
        self.view.camera.show(transform_of(look, view, canvas))

    def _come_forward(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def switch_focus(self) -> None:
        """From the canvas to the prompt, and from anywhere else to the canvas."""
        reason = Qt.FocusReason.ShortcutFocusReason
        if self.view.hasFocus():
            self.canvas_only.set(False)
            self.panel.prompt.setFocus(reason)
        else:
            self.view.setFocus(reason)

    # --- end -------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowBlocked:
            # A question takes the pointer away: the stroke is what it is, and the pen not stuck.
            self.view.pointing.finish()
        return super().event(event)

    def show_diagnostics(self) -> None:
        DiagnosticsDialog(self._diagnostics, self).open()

    def _diagnostics(self, private: bool) -> str:
        text = report(self.session.info, self.settings.value, private=private)
        return f"{text}\n\n{latest(usual_logs(), _LOG_LINES)}" if private else text

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if not self.files.may_discard():
            event.ignore()
            return
        self.settings.update(
            geometry=self.saveGeometry().toBase64().toStdString(),
            **canvas_settings.remembered(self.view),
            options_open=self.panel.options.is_open,
            quality=self.panel.options.quality or USUAL,
        )
        self.cost_tag.pricing.stop()
        self.hide()
        self.models_popup.end()
        self.crash_recovery.end()
        self.closed.emit(self.session.stop(_STOP_SECONDS))
        event.accept()
