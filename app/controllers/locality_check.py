"""Whether anything but what was masked has ever changed: counted, and against the original."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QLocale, QObject

from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit, fingerprint
from app.system.background import in_background
from app.ui.messages import Messages
from lazydiff_core.contract import Mask, Pixels


@dataclass(frozen=True)
class Locality:
    """How a picture differs from what it was before all its fills.

    pixels, masked: of the canvas, and in the masks of the fills that are seen. fills: how many are.
    others_kept: all pixels outside the masks are bit by bit those of the picture as it was opened.
    """

    pixels: int
    masked: int
    fills: int
    others_kept: bool

    @classmethod
    def of(cls, pixels: Pixels, edits: tuple[Edit, ...], origin: bytes) -> Locality:
        """pixels: (H, W, 3) the canvas now. origin: `fingerprint` of it before all fills."""
        # Taking a fill away touches its mask alone, so any other pixel stays in what is compared.
        base = EditStack.under(pixels, edits).base
        seen = [edit for edit in edits if edit.chosen is not None]
        masked: Mask = np.zeros(pixels.shape[:2], np.bool_)
        for edit in seen:
            masked[edit.box.slices] |= edit.mask
        return cls(
            pixels=masked.size,
            masked=int(np.count_nonzero(masked)),
            fills=len(seen),
            others_kept=fingerprint(base) == origin,
        )


class LocalityCheck(QObject):
    """Counts on request, and says what was found."""

    def __init__(
        self, document: Document, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._messages = document, messages

    def run(self) -> None:
        document = self._document
        edits = document.edits
        pixels = document.pixels.copy()
        found = in_background(partial(Locality.of, pixels, edits, document.origin))
        if not found.others_kept:
            self._messages.error(
                self.tr(
                    "Something outside the masks is not as it was when the picture was opened. "
                    "Please report this, and save the picture under another name."
                )
            )
            return
        text = self.tr(
            "Checked all {} pixels: {} lie in masks of fills, 0 of the others have changed since "
            "the picture was opened."
        )
        self._messages.news(text.format(_said(found.pixels), _said(found.masked)))


def _said(number: int) -> str:
    return QLocale().toString(number)
