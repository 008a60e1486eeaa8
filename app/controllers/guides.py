"""What fills are shown besides the canvas: reference pictures, and a picture to follow."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.controllers.control import ControlController
from app.controllers.references import References
from app.engine.generation import Generation
from app.panels.dialogs.dialogs import Dialogs
from app.panels.docks import Docks
from app.panels.fill.fill_panel import FillPanel
from app.ui.messages import Messages


class Guides(QObject):
    """The controllers of both sections in the options."""

    def __init__(
        self,
        panel: FillPanel,
        generation: Generation,
        dialogs: Dialogs,
        docks: Docks,
        messages: Messages,
    ) -> None:
        super().__init__(generation)
        self.references = References(panel.options.references, generation, dialogs)
        self.control = ControlController(
            *(panel.options.control, generation, dialogs, docks, messages)
        )
