from __future__ import annotations

from app.document.brush_colours import BLACK, MAX_RECENT, SWATCHES, WHITE, BrushColours


def test_swap_and_default(qapp: object) -> None:
    box = BrushColours()
    first = box.colour
    box.swap()
    assert (box.colour, box.other) == (WHITE, first)
    box.reset()
    assert (box.colour, box.other) == (BLACK, WHITE)


def test_used_colours_stay_at_hand_the_latest_first(qapp: object) -> None:
    box = BrushColours()
    colours = [(10, number, 20) for number in range(MAX_RECENT + 2)]
    for colour in (*colours, colours[5]):
        box.use(colour)
        box.used()
    assert box.recent[:2] == (colours[5], colours[-1])
    assert len(box.recent) == len(set(box.recent)) == MAX_RECENT


def test_a_swatch_is_at_hand_anyway(qapp: object) -> None:
    box = BrushColours()
    box.use(SWATCHES[8])
    box.used()
    assert box.recent == ()
