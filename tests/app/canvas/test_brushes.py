from __future__ import annotations

from app.canvas.brushes import LARGEST_BRUSH, Brush, Brushes


def made() -> Brushes:
    brushes = Brushes(("brush", "eraser"))
    brushes.set(size=33, hardness=70, opacity=40, pen_opacity=1, smoothing=20)
    brushes.use("eraser")
    brushes.set(size=12)
    return brushes


def test_what_is_written_is_read(qapp: object) -> None:
    again = Brushes(("brush", "eraser"))
    again.read(made().written())
    assert again.brush == Brush(33, 70, 40, 1, 1, 20)
    again.use("eraser")
    assert again.brush == Brush(12)


def test_what_does_not_fit_is_left_out(qapp: object) -> None:
    brushes = Brushes(("brush",))
    brushes.read(("", "lasso size=9", "brush size=99999 hardness=x colour=3 opacity=-5 pen_size=7"))
    assert brushes.brush == Brush(LARGEST_BRUSH, opacity=1)


def test_values_keep_to_their_limits(qapp: object) -> None:
    brushes = Brushes(("brush",))
    for _ in range(12):
        brushes.soften()
    assert brushes.brush.hardness == 0
    brushes.harden()
    assert brushes.brush.hardness == 10
    brushes.set(smoothing=99, opacity=0)
    assert (brushes.brush.smoothing, brushes.brush.opacity) == (90, 1)


def test_tools_without_a_brush_change_nothing(qapp: object) -> None:
    brushes = made()
    heard: list[Brush] = []
    brushes.changed.connect(heard.append)
    brushes.use("hand")
    assert brushes.brush.size == 12
    brushes.use("brush")
    assert [brush.size for brush in heard] == [33]
