from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np

from lazydiff_core.evaluation.interval_plot import interval_plot
from lazydiff_core.evaluation.intervals import Estimate


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, low, high, 10, np.zeros(3))


def test_dots_are_in_order_within_their_whiskers() -> None:
    svg = interval_plot(["one", "<two>"], [estimate(0.2, 0.1, 0.4), estimate(0.5, 0.3, 0.9)], 100)
    ElementTree.fromstring(svg)
    dots = [float(x) for x in re.findall(r'cx="([\d.]+)"', svg)]
    whiskers = [
        (float(a), float(b))
        for a, b in re.findall(r'<line x1="([\d.]+)" x2="([\d.]+)" y1="\d+" y2="\d+" stroke', svg)
    ]
    assert dots[0] < dots[1]
    assert all(a < dot < b for dot, (a, b) in zip(dots, whiskers, strict=True))
    assert "&lt;two&gt;" in svg
    assert ">90<" in svg


def test_negative_values_move_the_axis() -> None:
    svg = interval_plot(["one"], [estimate(-1, -2, 0)])
    assert ">-2<" in svg
