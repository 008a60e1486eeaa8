"""Shows on the canvas what is pending: outlines, labels, and the fills as they grow."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRect, QTimer
from PySide6.QtGui import QPainterPath

from app.canvas.pin_label import PinLabel, show_steps
from app.canvas.pins import Pin, outline_of
from app.canvas.view import CanvasView
from app.engine.generation import Generation
from app.engine.timetable import FillRow
from app.panels.fill.layer_rows import prompt_of
from app.ui.rects import rect_of
from lazydiff_core.contract import Progress

_POINTED_OUT_MS = 1500


class QueueOverlay(QObject):
    """Follows the queue and the camera."""

    def __init__(self, view: CanvasView, generation: Generation) -> None:
        super().__init__(view)
        self._view, self._generation = view, generation
        self._labels: dict[int, PinLabel] = {}
        self._outlines: dict[int, QPainterPath] = {}
        self._shown: int | None = None
        self._until = QTimer(self, singleShot=True, interval=_POINTED_OUT_MS)
        self._until.timeout.connect(lambda: self._point_out(None))
        generation.state_changed.connect(self._follow)
        generation.progressed.connect(self._tell)
        view.camera.moved.connect(self._place)

    def show_place(self, number: int) -> None:
        """Bring a row's mask into sight and point it out for a moment."""
        row = self._generation.state.table.fill(number)
        if row is None:
            return
        place = self._in_view(row)
        if not self._view.rect().contains(place):
            self._view.pan(self._view.middle - QPointF(place.center()))
        self._point_out(number)
        self._until.start()

    def _point_out(self, number: int | None) -> None:
        self._shown = number
        self._pin()

    def _follow(self) -> None:
        rows = {row.id: row for row in self._generation.state.table.fills}
        for number in self._labels.keys() - rows.keys():
            label = self._labels.pop(number)
            label.hide()
            label.deleteLater()
            del self._outlines[number]
        for number, row in rows.items():
            if number not in self._labels:
                self._labels[number] = self._make(row)
                self._outlines[number] = outline_of(row.hole, QPointF(row.box.left, row.box.top))
            news = self._generation.news_of(number)
            self._labels[number].show_state(running=row.running, changed=row.changed, news=news)
        self._view.layers.keep_previews(row.id for row in rows.values() if row.running)
        self._pin()
        self._place()

    def _make(self, row: FillRow) -> PinLabel:
        label = PinLabel(row.id, row.name or prompt_of(row.request.settings), self._view)
        label.cancelled.connect(self._generation.cancel_fill)
        label.refreshed.connect(self._generation.refresh)
        label.show()
        return label

    def _pin(self) -> None:
        pins = [
            Pin(row.box, self._outlines[row.id], _state(row), row.id == self._shown)
            for row in self._generation.state.table.fills
        ]
        self._view.layers.show_pins(pins)

    def _tell(self, news: Progress) -> None:
        if news.id in self._labels:
            show_steps(self._labels[news.id].bar, news)

    def _place(self) -> None:
        inside = self._view.rect().adjusted(4, 4, -4, -4)
        placed: list[QRect] = []
        for number, label in self._labels.items():
            row = self._generation.state.table.fill(number)
            if row is not None:
                label.place_above(self._in_view(row), inside, placed)
                placed.append(label.geometry())

    def _in_view(self, row: FillRow) -> QRect:
        return self._view.transform.rect_to_view(rect_of(row.box)).toAlignedRect()


def _state(row: FillRow) -> str:
    if row.changed:
        return "changed"
    return "running" if row.running else "waiting"
