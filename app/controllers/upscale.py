"""Image > Upscale: a larger picture whose details the model draws anew."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QSize

from app.controllers.image import ImageController
from app.engine.estimate.calibration import CostCalibration
from app.engine.generation import Generation
from app.engine.requests import redraw_request
from app.panels.dialogs.dialogs import Dialogs
from app.panels.dialogs.upscale_dialog import UpscaleCost
from app.panels.fill.fill_panel import FillPanel
from lazydiff_core.contract import Box, Tokens
from lazydiff_core.generation_settings import REDRAW_STRENGTH
from lazydiff_core.geometry.pieces import pieces_of


class UpscaleController(QObject):
    """Scales the picture in one step, then has its details drawn as an edit of their own.

    So that edit can be cancelled, hidden, faded and undone; what is scaled stays then.
    """

    def __init__(
        self,
        image: ImageController,
        generation: Generation,
        calibration: CostCalibration,
        panel: FillPanel,
        dialogs: Dialogs,
    ) -> None:
        super().__init__(generation)
        self._image = image
        self._generation, self._calibration = generation, calibration
        self._panel, self._dialogs = panel, dialogs

    def ask(self) -> None:
        options, now = self._panel.options, self._image.size
        if not options.can_read(new_seed=False):
            options.show_fault()
            return
        wanted = self._dialogs.ask_upscale(now, self._cost)
        if wanted is None:
            return
        shape = now.height() * wanted.factor, now.width() * wanted.factor
        if self._image.scale(self.tr("Upscale"), shape):
            settings = options.read(wanted.prompt, new_seed=False)
            request = redraw_request(self._image.pixels, settings)
            if request is not None:
                self._generation.fill_as_asked(request, self.tr("Redrawn details"))

    def _cost(self, size: QSize) -> UpscaleCost | None:
        """What drawing a picture of this size anew takes; None while no model is loaded."""
        info, options = self._generation.info, self._panel.options
        if info is None:
            return None
        mask = np.ones((size.height(), size.width()), np.bool_)
        whole = Box.of(mask.shape)
        tiles = len(pieces_of(mask, whole, info.native_side, info.token_pixels, scope="tiles"))
        side = info.native_side // info.token_pixels
        tokens = Tokens(side * side, side * side // 4)  # a tile is half as wide as what is seen
        steps = max(1, round(options.steps * REDRAW_STRENGTH))
        return UpscaleCost(tokens, steps, tiles, self._calibration.curve)
