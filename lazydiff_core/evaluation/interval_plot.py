"""A plot of estimates with their intervals as SVG, one row per model."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lazydiff_core.evaluation.intervals import Estimate

WIDTH, ROW, LABEL, PAD = 560, 30, 150, 16


def interval_plot(names: Sequence[str], estimates: Sequence[Estimate], scale: float = 1.0) -> str:
    """Dots with whiskers on a common axis; values are multiplied by `scale`."""
    lows = [min(e.low, e.value) * scale for e in estimates]
    highs = [max(e.high, e.value) * scale for e in estimates]
    start, end = min(*lows, 0.0) if lows else 0.0, max(*highs, 1e-9)

    def x(value: float) -> float:
        return LABEL + (value - start) / (end - start) * (WIDTH - LABEL - 2 * PAD)

    height = ROW * len(names) + 24
    rows = [
        _row(k, name, x(low), x(e.value * scale), x(high))
        for k, (name, e, low, high) in enumerate(zip(names, estimates, lows, highs, strict=True))
    ]
    axis = (
        f'<line x1="{LABEL}" x2="{WIDTH - 2 * PAD}" y1="{height - 20}" y2="{height - 20}"/>'
        f'<text x="{LABEL}" y="{height - 5}">{start:.3g}</text>'
        f'<text x="{WIDTH - 2 * PAD}" y="{height - 5}" text-anchor="end">{end:.3g}</text>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
        f'aria-label="Estimates with 95% intervals">{"".join(rows)}{axis}</svg>'
    )


def _row(index: int, name: str, low: float, value: float, high: float) -> str:
    y = ROW * index + ROW // 2
    return (
        f'<text x="{LABEL - 8}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke-width="2"/>'
        f'<circle cx="{value:.1f}" cy="{y}" r="5"/>'
    )
