"""The rim of a layer generated again, faintly, so that it belongs where it has been moved to."""

from __future__ import annotations

from uuid import UUID

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.document.cutouts import is_cut_out, rim_of
from app.document.document import Document
from app.document.variants import VariantBrowser
from app.engine.estimate.calibration import CostCalibration
from app.engine.estimate.token_estimate import estimated
from app.engine.generation import Generation
from app.panels.fill.progress import seconds
from app.ui.translation import translate
from lazydiff_core.contract import EditRequest, EditResult
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.geometry.pixels import with_alpha

STRENGTH = 0.4  # how far the rim may leave what is there


class Reblend(QObject):
    """Asks for a fill of the ring around the browsed layer; nothing outside it changes."""

    def __init__(
        self,
        document: Document,
        generation: Generation,
        browser: VariantBrowser,
        calibration: CostCalibration,
    ) -> None:
        super().__init__(generation)
        self._document, self._generation = document, generation
        self._browser, self._calibration = browser, calibration
        self._action: QAction | None = None
        self._is_watched = False
        self._things: dict[int, UUID] = {}  # by the requests for their rims
        browser.changed.connect(self.tell)
        calibration.changed.connect(self.tell)
        generation.loader.loaded.connect(self.tell)
        generation.landed.connect(self._select_thing)

    def tell_by(self, action: QAction) -> None:
        """Let an action say what it would cost: in its text and, short, on its button."""
        self._action = action
        self.tell()

    def watch(self, wanted: bool) -> None:
        """Keep the price up to date, or stop doing so: it is computed from the whole canvas."""
        self._is_watched = wanted
        self.tell()

    def run(self) -> None:
        """One undo step, once it has landed: the ring becomes a layer on top."""
        edit = self._browser.edit
        if edit is None or not edit.shows or not is_cut_out(edit) or self._generation.info is None:
            return
        canvas = self._document.pixels.copy()
        rim = rim_of(edit, canvas.shape)
        hole = rim > 0
        sketch = np.where(hole[..., None], with_alpha(canvas), np.uint8(0))
        prompt = "" if edit.recipe is None else edit.recipe.settings.prompt
        seed = 0 if edit.variant is None else edit.variant.seed
        # Feathered: a correction of colours along so thin a ring would reach all across it.
        settings = GenerationSettings(
            prompt=prompt, seed=seed, strength=STRENGTH, blender="feather"
        )
        name = edit.name or prompt
        request = EditRequest(canvas, hole, settings=settings, cover=rim, sketch=sketch)
        self._things[request.id] = edit.id
        self._generation.fill_as_asked(
            request, self.tr("Rim of {}").format(name) if name else self.tr("Rim")
        )

    def _select_thing(self, result: EditResult) -> None:
        """The thing stays chosen, not its rim: the next drag is meant for it."""
        thing = self._things.pop(result.id, None)
        if thing is not None:
            self._browser.select(thing)

    def tell(self) -> None:
        """Say what it would cost now."""
        if self._action is not None:
            title, price = translate("Actions", "Re-blend rim"), self._price()
            about = self.tr("about {}").format(price)
            self._action.setText(f"{title} ({about})" if price else title)
            self._action.setIconText(price or title)

    def _price(self) -> str:
        """Seconds as people say them; "" = not known."""
        edit, info, curve = self._browser.edit, self._generation.info, self._calibration.curve
        if not self._is_watched or info is None or curve is None:
            return ""
        if edit is None or not edit.shows or not is_cut_out(edit):
            return ""
        rim = rim_of(edit, self._document.pixels.shape) > 0
        if not rim.any():
            return ""
        tokens = estimated(rim, info, "auto").tokens.hole
        return seconds(curve.price(tokens, 1, info.default_steps, context_ready=False).seconds)
