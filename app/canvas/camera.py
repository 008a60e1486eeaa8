"""The part of the canvas that the view shows, with its zoom, angle and mirroring."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPointF, QSize, Signal
from PySide6.QtWidgets import QWidget

from app.canvas.transform import Transform, centred, fitted, next_stop
from app.canvas.view_state import look_of, transform_of
from app.document.document import Document

_FIT_MARGIN = 24
_TURN = 15.0


class Camera(QObject):
    """Zooms, pans, turns and mirrors the canvas in a widget."""

    moved = Signal()
    zoom_changed = Signal(float)
    turned = Signal()  # angle or mirroring has changed

    def __init__(self, document: Document, view: QWidget) -> None:
        super().__init__(view)
        self._document = document
        self._view = view
        self._fits = True
        self.transform = Transform()

    @property
    def zoom(self) -> float:
        """Screen pixels per canvas pixel."""
        return self.transform.scale * self._view.devicePixelRatioF()

    # --- zoom and place --------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole canvas, and keep it fitted when the view is resized."""
        self._set(
            fitted(self._document.size, self._view.size(), _FIT_MARGIN, self.transform), fits=True
        )

    def show_actual_size(self) -> None:
        scale = 1 / self._view.devicePixelRatioF()
        self._set(centred(self._document.size, self._view.size(), scale, self.transform))

    def zoom_in(self) -> None:
        self.zoom_to(next_stop(self.zoom, up=True), self._middle())

    def zoom_out(self) -> None:
        self.zoom_to(next_stop(self.zoom, up=False), self._middle())

    def zoom_to(self, zoom: float, anchor: QPointF) -> None:
        """Zoom to screen pixels per canvas pixel; the place under view point `anchor` stays."""
        scale = zoom / self._view.devicePixelRatioF()
        self._set(self._kept_in_view(self.transform.scaled_to(scale, anchor)))

    def pan(self, by: QPointF) -> None:
        """Move the canvas by an offset in view points."""
        self._set(self._kept_in_view(self.transform.moved(by)))

    def show(self, transform: Transform) -> None:
        """Apply a saved transform."""
        self._set(self._kept_in_view(transform))
        self.turned.emit()

    def saved(self) -> dict[str, float]:
        """The view state, for `restore`; `fits`: 1 if the canvas is kept fitted to the view."""
        return look_of(self.transform, self._view.size()) | {"fits": float(self._fits)}

    def restore(self, saved: Mapping[str, float]) -> None:
        """Apply a view state from `saved`, possibly taken in a view of another size."""
        self.show(transform_of(saved, self._view.size(), self._document.size))
        if saved.get("fits") == 1.0:
            self.fit()

    def follow_resize(self, old: QSize, new: QSize) -> None:
        """Handle a resize of the view: the same canvas point stays in the middle."""
        if self._fits:
            self.fit()
        elif old.isValid():
            grown = new - old
            self.pan(QPointF(grown.width() / 2, grown.height() / 2))

    # --- angle -----------------------------------------------------------------------------------

    def turn_left(self) -> None:
        self._turn_by(-_TURN)

    def turn_right(self) -> None:
        self._turn_by(_TURN)

    def turn_back(self) -> None:
        """Turn the canvas upright; mirroring stays."""
        self.turn_to(0.0, self._middle())

    def turn_to(self, angle: float, anchor: QPointF) -> None:
        """Turn to `angle`, degrees clockwise, keeping the place under the view point `anchor`."""
        self._set(self._kept_in_view(self.transform.turned_to(angle, anchor)), fits=False)
        self.turned.emit()

    def mirror(self) -> None:
        """Mirror the view left to right; the picture itself is unchanged."""
        self._set(self.transform.flipped(self._middle()), fits=self._fits)
        self.turned.emit()

    def _turn_by(self, degrees: float) -> None:
        self.turn_to(self.transform.angle + degrees, self._middle())

    # --- inside ----------------------------------------------------------------------------------

    def _kept_in_view(self, transform: Transform) -> Transform:
        return transform.kept_in_view(self._document.size, self._view.size())

    def _set(self, transform: Transform, *, fits: bool = False) -> None:
        self._fits = fits
        was, self.transform = self.transform, transform
        self.moved.emit()
        if was.scale != transform.scale:
            self.zoom_changed.emit(self.zoom)

    def _middle(self) -> QPointF:
        return QPointF(self._view.width() / 2, self._view.height() / 2)
