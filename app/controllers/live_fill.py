"""Live mode: what a fill would look like, shown while the artist still brushes and types."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.canvas.view import CanvasView
from app.document.commands import add_edit
from app.document.document import Document
from app.engine.estimate.token_estimate import TokenEstimate
from app.engine.generation import Generation
from app.engine.generation_state import GenerationState
from app.engine.jobs import RunRequest
from app.engine.requests import edit_from, request_for
from app.engine.timetable import Kind, Row
from app.panels.fill.fill_panel import FillPanel
from app.system.settings import SettingsStore
from lazydiff_core.contract import Box, EditRequest, EditResult
from lazydiff_core.geometry.box import EMPTY, bounds_of
from lazydiff_core.geometry.window import visible_to_model

_REST_MS = 250


@dataclass(frozen=True, eq=False)
class Shown:
    """A result, and the part of the canvas that its request holds."""

    request: EditRequest
    result: EditResult
    part: Box


class LiveFill(QObject):
    """Fills small masks by few steps, over and over: the newest wins, and none of it is kept.

    What is seen lies on a layer of its own. `accept` makes it an edit, `drop` takes it away, and
    so does anything that changes what it was made for. While fills run or wait it rests.
    """

    changed = Signal()  # on or off, something to be accepted or nothing
    landed = Signal(object)  # EditResult, now on the canvas

    def __init__(
        self,
        document: Document,
        generation: Generation,
        view: CanvasView,
        panel: FillPanel,
        settings: SettingsStore,
    ) -> None:
        super().__init__(generation)
        self._document, self._generation = document, generation
        self._view, self._panel, self._settings = view, panel, settings
        self._tokens = 0
        self._part = EMPTY  # of the canvas, that the request holds
        self._shown: Shown | None = None
        self.enabled = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)
        document.region_changed.connect(self._on_canvas)
        document.sketch_changed.connect(self._on_canvas)
        document.reshaped.connect(self.drop)
        generation.state_changed.connect(self._on_state)
        panel.options.live_limit_changed.connect(self.set_limit)
        for signal in (
            panel.prompt.textChanged,
            panel.options.changed,
            panel.sketch.strength.changed,
        ):
            signal.connect(self._wait)
        generation.serve(Kind.LIVE, self)

    # --- what the artist does --------------------------------------------------------------------

    def set_enabled(self, enabled: bool) -> None:
        self.enabled = enabled
        self._panel.options.show_live(enabled, self.limit)
        self.drop()
        self._wait()
        self.changed.emit()

    @property
    def has_preview(self) -> bool:
        """There is something to be accepted."""
        return self._shown is not None

    def accept(self) -> None:
        """Make what is seen an edit."""
        shown, info = self._shown, self._generation.info
        if shown is None or info is None:
            return
        now = self._document.pixels[shown.part.slices]
        edit = edit_from(shown.request, shown.result, info, now)
        box = edit.box.shift(shown.part.left, shown.part.top)
        self._forget()
        add_edit(self._document, self.tr("Live fill"), replace(edit, box=box))
        self.landed.emit(replace(shown.result, box=box))

    def drop(self) -> None:
        """Show nothing, and stop what would be shown."""
        self._rest.stop()
        self._forget()

    # --- what it is about ------------------------------------------------------------------------

    @property
    def limit(self) -> int:
        """So many tokens a mask may take."""
        return self._settings.value.live_tokens

    def set_limit(self, tokens: int) -> None:
        self._settings.update(live_tokens=tokens)
        self._wait()
        self.changed.emit()

    @property
    def is_too_large(self) -> bool:
        return self._tokens > self.limit

    def update_tokens(self, estimate: TokenEstimate | None) -> None:
        """Update how many tokens the mask needs."""
        was, self._tokens = self.is_too_large, 0 if estimate is None else estimate.tokens.hole
        if was != self.is_too_large:
            self.changed.emit()

    def _on_canvas(self) -> None:
        """What was made for another mask, canvas or sketch is not worth keeping."""
        if self.enabled:
            self._forget()
            self._wait()

    def _on_state(self, state: GenerationState) -> None:
        if state.is_running:
            self.drop()

    def _wait(self) -> None:
        if self.enabled:
            self._rest.start()

    @property
    def _is_wanted(self) -> bool:
        document = self._document
        waiting = document.has_mask and not document.is_spent
        return (
            self.enabled and waiting and not self._generation.is_running and not self.is_too_large
        )

    def _ask(self) -> None:
        if self._view.is_busy:
            self._wait()
        elif self._is_wanted:
            self._generation.ask(Kind.LIVE)

    def _forget(self) -> None:
        self._generation.drop(Kind.LIVE)
        if self._shown is not None:
            self._shown = None
            self._view.layers.clear_live()
            self.changed.emit()

    # --- what the generation calls ---------------------------------------------------------------

    def work(self, row: Row) -> RunRequest | None:
        """The mask and the panel as they are now."""
        document, info = self._document, self._generation.info
        if info is None or not self._is_wanted:
            return None
        settings = replace(self._panel.peek(), variants=1, steps=self._settings.value.live_steps)
        hole = bounds_of(document.mask)
        self._part = visible_to_model(hole, document.box, info.native_side, settings.scope)
        if settings.control:  # its picture shows the whole canvas
            self._part = document.box
        return RunRequest(request_for(document, settings, part=self._part))

    def land(self, row: Row, value: EditResult) -> None:
        assert isinstance(row.work, RunRequest)
        request = row.work.request
        self._shown = Shown(request, value, self._part)
        box = value.box.shift(self._part.left, self._part.top)
        hole = request.mask[value.box.slices]
        self._view.layers.show_live(box, value.patches[0], hole)
        self.changed.emit()

    def fail(self, row: Row, sentence: str) -> None:
        """The request that the artist asks for will say why."""
        self._forget()
