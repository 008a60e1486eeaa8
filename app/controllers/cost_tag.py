"""The cost tag: what is foretold of the mask, times what tokens cost here."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.document.document import Document
from app.engine.estimate.calibration import CostCalibration, machine_is_quiet
from app.engine.estimate.token_estimate import TokenEstimator
from app.engine.generation import Generation
from app.panels.fill.fill_panel import FillPanel
from app.system.settings import SettingsStore
from lazydiff_core.contract import CONTENT_AWARE, EditResult, EngineInfo


class CostTag(QObject):
    """Keeps the panel's cost tag up to date, and what it is made from."""

    def __init__(
        self,
        document: Document,
        generation: Generation,
        panel: FillPanel,
        settings: SettingsStore,
    ) -> None:
        super().__init__(generation)
        self._document, self._generation, self._panel = document, generation, panel
        self.token_estimator = TokenEstimator(document, self)
        self.calibration = CostCalibration(settings, generation, self._is_idle)
        generation.loader.loaded.connect(self._use)
        generation.landed.connect(self.learn)
        generation.prefetcher.ready_changed.connect(self._show)
        panel.options.scope_changed.connect(self.token_estimator.set_scope)
        panel.options.cost_changed.connect(self._show)
        self.token_estimator.changed.connect(self._show)
        self.calibration.changed.connect(self._show)

    def _use(self, info: EngineInfo) -> None:
        self.token_estimator.use(info)
        self.calibration.use(info)

    def _is_idle(self) -> bool:
        """Nobody waits for the engine now, and nobody seems about to."""
        waiting = self._document.has_mask and not self._document.is_spent
        return not (self._generation.is_running or waiting) and machine_is_quiet()

    def learn(self, result: EditResult) -> None:
        """A fill has landed."""
        self._generation.prefetcher.on_filled(result.box)
        if result.backend != CONTENT_AWARE:  # its seconds say nothing of the model
            self.calibration.learn(result)

    def _show(self) -> None:
        estimate, options = self.token_estimator.estimate, self._panel.options
        if estimate is None:
            self._panel.price.clear_price()
            return
        options.set_tokens(estimate.tokens)
        self._panel.price.show_price(
            estimate.tokens,
            self.calibration.curve,
            steps=options.steps,
            variants=options.variants,
            ready=self._generation.prefetcher.ready,
        )
