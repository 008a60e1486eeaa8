"""The main window: puts the parts together and lets them hear each other."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from app.actions import ACTIONS
from app.actions.action import LAYER, PANELS
from app.actions.app import App
from app.actions.keymap import Keymap
from app.actions.menus import Actions
from app.actions.state import ENGINE_WORKS, AppState, why_not
from app.canvas.view import CanvasView
from app.controllers import window_settings
from app.controllers.appearance import Appearance
from app.controllers.canvas_only import CanvasOnly
from app.controllers.clipboard import Clipboard
from app.controllers.cost_tag import CostTag
from app.controllers.crash_recovery import CrashRecovery
from app.controllers.engine_faults import EngineFaults
from app.controllers.files import Files
from app.controllers.fill import FillController
from app.controllers.fill_preview import FillPreview
from app.controllers.focus import Focus, is_escape
from app.controllers.guides import Guides
from app.controllers.help import Help
from app.controllers.history import HistoryController
from app.controllers.image import ImageController
from app.controllers.live_fill import LiveFill
from app.controllers.locality_check import LocalityCheck
from app.controllers.loras import Loras
from app.controllers.mask import MaskController
from app.controllers.memory import Memory
from app.controllers.models import Models
from app.controllers.network import Network
from app.controllers.prompt_words import PromptWords
from app.controllers.queue_overlay import QueueOverlay
from app.controllers.recipe_import import RecipeImport
from app.controllers.sketch import SketchController
from app.controllers.state_tracker import StateTracker
from app.controllers.transform import TransformController
from app.controllers.upscale import UpscaleController
from app.controllers.words import WordsController
from app.document.document import Document
from app.document.variants import VariantBrowser
from app.engine.generation import Generation
from app.engine.jobs import LoadEngine
from app.engine.model_choice import ModelChoice
from app.engine.prompt_reading import PromptReading
from app.panels.bars.model_list import ModelsPopup
from app.panels.bars.status_line import StatusLine
from app.panels.bars.toolbars import add_toolbars
from app.panels.dialogs.dialogs import Dialogs
from app.panels.docks import Docks
from app.panels.fill.fill_panel import FillPanel
from app.panels.fill.prompt_history import PastPrompts
from app.panels.fill.queue_panel import QueuePanel
from app.panels.recent_files import RecentFiles
from app.panels.words.known import Words
from app.panels.words.pictures import WordPictures
from app.panels.words.vocabulary_panel import VocabularyPanel
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from app.ui.translation import reading_language
from lazydiff_core.model_store import default_registry, default_taught_words
from lazydiff_core.storage.resources import resource

_STOP_SECONDS = 2.5


class MainWindow(QMainWindow):
    """Canvas in the middle, tools at the left, panels in docks around it."""

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
        self.generation = Generation(self.document, load, self)
        self.queue_panel = QueuePanel(self.generation)
        taught = default_taught_words()
        language = reading_language(settings.value.language)
        self.known_words = Words(WordPictures(taught.path), language, self)
        self.vocabulary = VocabularyPanel(self.known_words)
        self.docks = Docks(self, self._panels())
        self.prompt_reading = PromptReading(language, self)
        self.prompt_words = PromptWords(
            *(self.prompt_reading, self.generation, self.panel, self.known_words),
            *(self.vocabulary, self.docks, self.messages),
        )
        self.queue_overlay = QueueOverlay(self.view, self.generation)
        self.cost_tag = CostTag(self.document, self.generation, self.panel, settings)
        self.live = LiveFill(self.document, self.generation, self.view, self.panel, settings)
        self.locality = LocalityCheck(self.document, self.messages, self)
        self.model_choice = ModelChoice(self.generation, default_registry(), settings)
        self.engine_faults = EngineFaults(self.generation, self.model_choice, self.messages)
        self.history = HistoryController(self.view)
        self.mask_controller = MaskController(self.view, settings, dialogs, self.messages)
        self.image = ImageController(self.view, self.generation, self.panel, dialogs, self.messages)
        self.upscale = UpscaleController(
            self.image, self.generation, self.cost_tag.calibration, self.panel, dialogs
        )
        self.canvas_only = CanvasOnly(
            *(self, self.docks, self.view, self.panel.prompt, self.messages)
        )
        self.files = Files(self.document, settings, dialogs, self.messages, self.view.camera.saved)
        self.recipe_import = RecipeImport(self.document, self.files, self.messages)
        self.crash_recovery = CrashRecovery(
            *(self.document, self.files, dialogs, self.messages, self.view.camera.saved),
            folder=journals or settings.folder / "journals",
            undo_bytes=settings.value.undo_megabytes * 2**20,
        )
        self.sketch = SketchController(
            *(self.document, self.view, self.view.colours, dialogs, self.messages, settings)
        )
        self.transform = TransformController(
            *(self.view, self.generation, self.variant_browser),
            *(self.cost_tag.calibration, self.messages),
        )
        self.clipboard = Clipboard(
            *(self.document, self.files, self.sketch, self.mask_controller, dialogs, self.messages),
            *(self.variant_browser, self.transform.transform),
        )
        self.status = StatusLine(self.messages, self.document.undo_stack)
        self.models = Models(self.model_choice, settings, dialogs, self.messages)
        self.loras = Loras(
            *(self.panel.options.loras, self.generation, settings),
            *(dialogs, self.docks, self.messages),
        )
        self.network = Network(settings, self)
        self.guides = Guides(self.panel, self.generation, dialogs, self.docks, self.messages)
        self.memory = Memory(self.document, self.generation, settings, self.messages)
        self.words = WordsController(self.document, self.generation, taught, dialogs, self.messages)
        self.models_popup = ModelsPopup(self.model_choice, self.status.engine, self)
        self.appearance = Appearance(self, settings, self.messages)
        self.keymap = Keymap(settings, self)
        self.help = Help(
            *(self, self.keymap, self.generation, settings), actions=lambda: self.actions_by_name
        )
        self.state_tracker = StateTracker(
            *(self.document, self.generation, self.variant_browser),
            *(self.recipe_import, self.live, self.view.objects),
        )
        self.fill = FillController(
            *(self.generation, self.live, self.variant_browser, self.view.objects, self.panel),
            *(self.past_prompts, self.state_tracker, self.keymap, self.messages),
            may_paint=(self.loras.may_paint, self.prompt_words.may_paint),
        )
        self.fill_preview = FillPreview(
            *(self.view.layers, self.generation, self.variant_browser, self.state_tracker)
        )
        self.focus = Focus(self, self.view, self.panel.variants.film, self.messages)
        self.actions_by_name = Actions(self._app(), self.keymap, self)
        self._lay_out()
        self._connect()
        self._restore()

    # --- assembling ------------------------------------------------------------------------------

    def _panels(self) -> dict[str, QWidget]:
        panel = self.panel
        return {
            "prompt": panel,
            "variants": panel.variants,
            "layers": panel.layers,
            "queue": self.queue_panel,
            "options": panel.options,
            "sketch": panel.sketch,
            "words": self.vocabulary,
        }

    def _app(self) -> App:
        return App(
            window=self,
            view=self.view,
            generation=self.generation,
            variant_browser=self.variant_browser,
            files=self.files,
            crash_recovery=self.crash_recovery,
            history=self.history,
            clipboard=self.clipboard,
            mask=self.mask_controller,
            image=self.image,
            layers=self.panel.layers,
            transform=self.transform,
            upscale=self.upscale,
            sketch=self.sketch,
            canvas_only=self.canvas_only,
            docks=self.docks,
            appearance=self.appearance,
            panel=self.panel,
            fill=self.fill,
            live=self.live,
            locality=self.locality,
            words=self.words,
            prompt_words=self.prompt_words,
            models=self.models_popup,
            memory=self.memory,
            network=self.network,
            recipe_import=self.recipe_import,
            help=self.help,
        )

    def _lay_out(self) -> None:
        self.setCentralWidget(self.view)
        self.setStatusBar(self.status)
        self.setWindowIcon(QIcon(str(resource("icons/lazydiff.svg"))))
        actions = self.actions_by_name
        menus = actions.fill_menus(self.menuBar())
        recent = RecentFiles(self.settings, self)
        recent.chosen.connect(self.files.open_path)
        menus["&File"].insertMenu(actions["save"], recent)
        add_toolbars(self, actions, self.view, self.settings)
        self.queue_panel.counted.connect(self.docks["queue"].set_count)
        self.queue_panel.shown.connect(self.queue_overlay.show_place)
        self.panel.add_buttons(actions["generate"], actions["retry"], actions["cancel"])
        self.panel.add_browser(actions["browse-words"])
        in_menu = [actions[row.id] for row in ACTIONS if row.menu == LAYER]
        on_bar = ("layer-duplicate", "layer-merge", "layer-delete")
        self.panel.layers.add_actions([actions[name] for name in on_bar], in_menu)
        self.panel.sketch.add_buttons(actions["sketch-import"], actions["sketch-clear"])
        self.view.addActions([actions[row.id] for row in ACTIONS if row.canvas])
        self.panel.variants.film.addActions([actions["remove"], actions["discard-variant"]])

    def _connect(self) -> None:
        document, generation, panel, view = self.document, self.generation, self.panel, self.view
        actions, layers = self.actions_by_name, self.view.layers
        document.mask_changed.connect(partial(view.show_hint, False))
        document.replaced.connect(self.messages.settle)
        document.reshaped.connect(lambda: self.status.show_size(document.size))
        document.path_changed.connect(self._retitle)
        document.undo_stack.cleanChanged.connect(self._retitle)
        self.state_tracker.changed.connect(actions.refresh)
        self.history.undo_named.connect(actions["undo"].setText)
        self.history.redo_named.connect(actions["redo"].setText)
        layers.quick_mask_changed.connect(actions["quick-mask"].setChecked)
        self.transform.reblend.tell_by(actions["reblend"])
        self.canvas_only.changed.connect(actions["canvas-only"].setChecked)
        view.tool_changed.connect(partial(actions.choose, "tool"))
        view.tool_changed.connect(panel.sketch.follow_tool)
        panel.way_changed.connect(lambda way: self.settings.update(without_prompt=way))
        panel.sketch.wanted.connect(partial(self.docks.bring, "sketch", reopen=False))
        panel.layers.wanted.connect(partial(self.docks.bring, "layers"))
        panel.options.wanted.connect(partial(self.docks.bring, "options"))
        self.docks.toggled.connect(lambda name, on: actions[f"panel-{name}"].setChecked(on))
        view.pointing.changed.connect(lambda: generation.hold(view.is_busy))
        view.objects.failed.connect(self.messages.error)
        view.told.connect(self.messages.news)
        view.chosen_layer = lambda: self.variant_browser.selected
        view.hands_drops_to(self.clipboard.drop)
        # Queued: the gesture that asks is still under way.
        view.crop_asked.connect(self.image.crop, Qt.ConnectionType.QueuedConnection)
        self.clipboard.model_dropped.connect(self.models.add)
        self.clipboard.lora_dropped.connect(self.loras.add)
        self.models_popup.folder_wanted.connect(self.models.choose_folder)
        self.models_popup.file_wanted.connect(self.models.choose_file)
        self.models_popup.offline_wanted.connect(self.network.set_offline)
        self.models_popup.removal_wanted.connect(self.models.remove)
        self.models_popup.server_wanted.connect(self.models.choose_server)
        self.files.begun.connect(partial(view.show_hint, True))
        self.files.view_known.connect(view.camera.restore)
        self.files.prompt_known.connect(panel.prompt.setPlainText)
        panel.prompt.textChanged.connect(
            lambda: self.crash_recovery.journal.follow_prompt(panel.prompt.toPlainText())
        )
        self.files.project_lock.show_asked.connect(self._come_forward)
        self.recipe_import.chosen.connect(panel.reuse_all)
        self.cost_tag.token_estimator.changed.connect(layers.show_token_estimate)
        self.cost_tag.token_estimator.changed.connect(self.live.update_tokens)
        self.live.landed.connect(self.cost_tag.learn)
        self.live.landed.connect(self.status.show_result)
        self.status.network.clicked.connect(self.network.set_offline)
        for show in (self.status.show_network, self.models_popup.show_offline):
            self.network.changed.connect(show)
        self.network.changed.connect(actions["offline"].setChecked)
        self.status.check_asked.connect(self.locality.run)
        panel.options.scope_changed.connect(generation.prefetcher.set_scope)
        panel.layers.replay.connect(generation.replay)
        generation.replays.wanted.connect(self.messages.settle)
        panel.layers.replay_stale.connect(generation.replay_stale)
        panel.sketch.colours.chooser_wanted.connect(self.sketch.choose_colour)
        panel.variants.done.connect(view.setFocus)
        generation.state_changed.connect(panel.layers.follow)
        generation.loader.loaded.connect(panel.use_model)
        generation.loader.loaded.connect(self.status.show_engine_info)
        generation.loader.measuring.connect(self.status.show_measuring)
        generation.loader.load_failed.connect(self._on_engine_failed)
        generation.loader.released.connect(self.status.show_released)
        generation.prefetcher.ready_changed.connect(self.status.show_context)
        generation.progressed.connect(panel.progress.show_progress)
        generation.landed.connect(self.status.show_result)
        generation.failed.connect(self.messages.error)
        self.fill.asked.connect(self.focus.fill_asked)
        generation.landed.connect(self.focus.fill_landed)
        self.keymap.changed.connect(self._on_keys)

    def _restore(self) -> None:
        window_settings.restore(
            *(self, self.view, self.docks, self.panel.options),
            *(self.actions_by_name, self.settings),
        )
        self.panel.choose_way(self.settings.value.without_prompt)
        self.view.set_tool("brush")
        self.view.setFocus()
        self.status.show_size(self.document.size)
        self.status.show_engine(self.tr("Loading the model…"))
        self.network.tell()
        self._retitle()
        self._on_keys()
        self.state_tracker.stir()
        self.state_tracker.settle()

    # --- start and end ---------------------------------------------------------------------------

    def start(self) -> None:
        """Load the engine, and offer what a crash has left, once the window has been drawn."""
        QTimer.singleShot(50, self.generation.start)
        self.prompt_reading.warm_up(self.known_words.pictures.load)
        QTimer.singleShot(60, lambda: self.crash_recovery.offer(asked=False))
        if self.settings.damaged:
            self.messages.error(window_settings.damaged(self.settings))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowBlocked:
            # A question takes the pointer away: the stroke is what it is, and the pen not stuck.
            self.view.pointing.finish()
        elif event.type() == QEvent.Type.ShortcutOverride:
            # What a key can do is what can be done now, not what could be before.
            self.state_tracker.settle()
            assert isinstance(event, QKeyEvent)
            if is_escape(event) and self.focus.escape(only_asked=True):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not (is_escape(event) and self.focus.escape()):
            super().keyPressEvent(event)

    def createPopupMenu(self) -> QMenu:  # noqa: N802
        """What a right click on a title, a tab or a bar offers: the panels."""
        menu = QMenu(self)
        menu.addActions([self.actions_by_name[row.id] for row in ACTIONS if row.menu == PANELS])
        return menu

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        event.ignore()  # whatever goes wrong with saving, the picture stays on the screen
        try:
            if not self.files.may_discard():
                return
        except Exception:
            sys.excepthook(*sys.exc_info())  # to the log, and in one sentence to the artist
            return
        self.canvas_only.set(False)  # what it hides is not what the artist has closed
        window_settings.remember(self, self.view, self.docks, self.panel.options, self.settings)
        self.cost_tag.calibration.stop()
        self.hide()
        self.models_popup.end()
        self.view.objects.stop()
        self.prompt_reading.stop()
        self.crash_recovery.end()
        self.closed.emit(self.generation.stop(_STOP_SECONDS))
        event.accept()

    # --- what the window itself shows ------------------------------------------------------------

    def _on_keys(self) -> None:
        self.view.set_hint_key(self.keymap.text("generate"))

    def _on_engine_failed(self) -> None:
        self.status.show_engine(why_not((ENGINE_WORKS,), AppState()))

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.files.name()}[*] — LazyDiff")
        self.setWindowModified(self.document.is_modified)

    def _come_forward(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
