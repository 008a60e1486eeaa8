from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.engine.estimate.cost_model import Curve, Line
from app.panels.fill.cost_label import PriceTag, megabytes
from lazydiff_core.contract import Tokens

CURVE = Curve(Line(0.01, 0.0005), Line(0.1, 0), Line(0.05, 0), Line(1e6, 1e6))
TOKENS = Tokens(1024, 36)


@pytest.fixture
def tag(qtbot: QtBot) -> PriceTag:
    made = PriceTag()
    qtbot.addWidget(made)
    return made


def test_tokens_are_known_before_seconds_are(tag: PriceTag) -> None:
    tag.show_price(TOKENS, None, steps=20, variants=4, ready=False)
    assert tag.text() == "Time not measured yet"
    assert "36 of 1024 tokens" in tag.toolTip()
    assert "20 steps" in tag.toolTip()


def test_where_it_is_narrow_it_ends_in_an_ellipsis(qtbot: QtBot, tag: PriceTag) -> None:
    tag.show_price(TOKENS, None, steps=20, variants=4, ready=False)
    tag.show()
    with qtbot.waitSignal(tag.elided):
        tag.resize(40, tag.height())


def test_the_price_is_seconds_and_the_tooltip_has_the_rest(tag: PriceTag) -> None:
    tag.show_price(TOKENS, CURVE, steps=10, variants=1, ready=False)
    assert tag.text() == "about 0.4 s"
    assert "36 of 1024 tokens" in tag.toolTip()
    assert "About 37 MB" in tag.toolTip()
    tag.show_price(TOKENS, CURVE, steps=10, variants=8, ready=True)
    assert tag.text() == "about 2.3 s for 8 variants"
    assert "About 289 MB" in tag.toolTip()
    tag.clear_price()
    assert tag.text() == ""


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 MB"), (25_400_000, "25 MB"), (1_260_000_000, "1.3 GB")]
)
def test_bytes_as_people_say_them(count: int, text: str) -> None:
    assert megabytes(count) == text
