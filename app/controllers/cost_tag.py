"""The cost tag: what is foretold of the mask, times what tokens cost here."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.document.document import Document
from app.engine.estimate.calibration import Pricing, machine_is_quiet
from app.engine.estimate.token_estimate import Forecast
from app.engine.session import Session
from app.panels.fill.fill_panel import FillPanel
from app.system.settings import SettingsStore
from lazydiff_core.contract import EditResult, EngineInfo


class CostTag(QObject):
    """Keeps the panel's cost tag up to date, and what it is made from."""

    def __init__(
        self,
        document: Document,
        session: Session,
        panel: FillPanel,
        settings: SettingsStore,
    ) -> None:
        super().__init__(session)
        self._document, self._session, self._panel = document, session, panel
        self.forecast = Forecast(document, self)
        self.pricing = Pricing(settings, self._is_idle, self)
        session.engine_ready.connect(self._use)
        session.finished.connect(self.learn)
        session.changed.connect(self._on_session)
        session.foresight.ready_changed.connect(self._show)
        panel.options.scope_changed.connect(self.forecast.set_scope)
        panel.options.cost_changed.connect(self._show)
        self.forecast.changed.connect(self._show)
        self.pricing.changed.connect(self._show)
        self.pricing.rehearsal.connect(session.room.rehearse)
        session.room.rehearsed.connect(self.pricing.on_rehearsed)

    def _use(self, info: EngineInfo) -> None:
        self.forecast.use(info)
        self.pricing.use(info)

    def _is_idle(self) -> bool:
        """Nobody waits for the engine now, and nobody seems about to."""
        waiting = self._document.has_mask and not self._document.is_spent
        return not (self._session.is_running or waiting) and machine_is_quiet()

    def _on_session(self) -> None:
        if self._session.is_running:
            self.pricing.give_way()

    def learn(self, result: EditResult) -> None:
        """A fill has landed."""
        self._session.foresight.on_filled(result.box)
        self.pricing.learn(result)

    def _show(self) -> None:
        outlook, options = self.forecast.outlook, self._panel.options
        if outlook is None:
            self._panel.price.clear_price()
            return
        options.set_tokens(outlook.tokens)
        self._panel.price.show_price(
            outlook.tokens,
            self.pricing.curve,
            steps=options.steps,
            variants=options.variants,
            ready=self._session.foresight.ready,
        )
