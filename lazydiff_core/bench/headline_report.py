"""The headline as text and as a plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from lazydiff_core.bench.headline import HeadlineRow
from lazydiff_core.bench.latency_report import png_of, pyplot

_UNITS: Final = {"flops": ("TFLOP", 1e12), "seconds": ("s", 1.0)}
_BASE: Final = "whole_canvas"
_RIVAL: Final = "crop_and_stitch"
_MASK: Final = 0.1
_COLOURS: Final = "tab20"  # more than there are ways
_TITLES: Final = {"first_image": "first image", "next_variant": "next variant"}


def kind_of(rows: Sequence[HeadlineRow]) -> str:
    """What the rows are compared by: "seconds", or "flops" where nothing was timed."""
    return "seconds" if "seconds" in rows[0].amounts else "flops"


def times_less(rows: Sequence[HeadlineRow], total: str) -> list[float]:
    """For each row, how many times less it takes than the whole canvas for the same hole.

    total: "first_image" or "next_variant".
    """
    kind = kind_of(rows)
    base = {
        (row.canvas, row.mask_ratio): row.amounts[kind][total]
        for row in rows
        if row.backend == _BASE
    }
    return [base[row.canvas, row.mask_ratio] / row.amounts[kind][total] for row in rows]


def headline_text(rows: Sequence[HeadlineRow]) -> str:
    """The rows as a Markdown table, and what they come to."""
    kind = kind_of(rows)
    unit, size = _UNITS[kind]
    heads = [
        "canvas", "mask", "way", "tokens", "text", f"first image, {unit}", "times less",
        f"with what is made ahead, {unit}", f"next variant, {unit}", "times less",
    ]  # fmt: skip
    counted = "bytes" in rows[0].amounts
    heads += ["GB moved"] if counted else []
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    less = {total: times_less(rows, total) for total in _TITLES}
    for number, row in enumerate(rows):
        of = row.amounts[kind]
        cells = [f"{row.canvas}", f"{100 * row.mask_ratio:.3g}%", row.label]
        cells += [f"{row.tokens}", f"{row.text_tokens}"]
        for total in _TITLES:
            cells += [f"{of[total] / size:.1f}", f"{less[total][number]:.1f} x"]
        cells.insert(7, f"{of['first_image_ahead'] / size:.1f}")
        if counted:
            cells.append(f"{row.amounts['bytes']['next_variant'] / 1e9:.0f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *findings(rows)])


def findings(rows: Sequence[HeadlineRow]) -> list[str]:
    """How the next variant of a tenth of the smallest canvas compares, as sentences."""
    kind, least = kind_of(rows), min(row.canvas for row in rows)
    less = zip(rows, times_less(rows, "next_variant"), strict=True)
    here = [(x, row) for row, x in less if (row.canvas, row.mask_ratio) == (least, _MASK)]
    sentences = []
    for rival, _ in ((x, row) for x, row in here if row.backend == _RIVAL):
        ours = (pair for pair in here if pair[1].backend in ("bank", "reference"))
        times, best = max(ours, key=lambda pair: pair[0])
        sentences.append(
            f"A {_MASK:.0%} mask of {least}^2, next variant: {best.label} takes {times:.1f} "
            f"times less than {_BASE}, {_RIVAL} {rival:.1f} times less."
        )
        for large in rows:
            same = large.mask_ratio * (large.canvas / least) ** 2
            if (large.label, round(same, 3)) == (best.label, _MASK) and large.canvas > least:
                grown = large.amounts[kind]["next_variant"] / best.amounts[kind]["next_variant"]
                sentences.append(f"The same hole in {large.canvas}^2 takes {grown:.2f} of that.")
    return sentences


def headline_plot(rows: Sequence[HeadlineRow]) -> bytes:
    """A PNG with a column for each canvas: how many times less than the whole canvas, by mask.

    Raises InputError without matplotlib.
    """
    plt, canvases = pyplot(), sorted({row.canvas for row in rows})
    figure, axes = plt.subplots(
        len(_TITLES), len(canvases), figsize=(5.5 * len(canvases), 8), squeeze=False, sharey="row"
    )
    for line, (total, title) in enumerate(_TITLES.items()):
        for column, canvas in enumerate(canvases):
            _panel(axes[line][column], rows, total, canvas)
            axes[line][column].set_title(f"{canvas} x {canvas}, {title}")
        axes[line][0].set_ylabel(f"times less {kind_of(rows)} than the whole canvas")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncol=3, fontsize=9)
    figure.suptitle(f"{rows[0].model}, {rows[0].steps} steps")
    figure.tight_layout(rect=(0, 0.11, 1, 1))
    return png_of(plt, figure)


def _panel(axis: Any, rows: Sequence[HeadlineRow], total: str, canvas: int) -> None:
    for number, (label, points) in enumerate(_curves(rows, total, canvas)):
        axis.plot(
            [100 * ratio for ratio, _ in points],
            [less for _, less in points],
            color=pyplot().get_cmap(_COLOURS)(2 * number % 20 + number // 10),
            marker="ov^s"[number % 4],
            markersize=5,
            linestyle="--" if label.startswith((_BASE, _RIVAL)) else "-",
            label=label,
        )
    axis.set(xscale="log", yscale="log", xlabel="mask, % of the canvas")
    ticks = sorted({100 * row.mask_ratio for row in rows if row.canvas == canvas})
    axis.set_xticks(ticks, [f"{tick:.3g}" for tick in ticks], rotation=45)
    axis.set_xticks([], minor=True)
    axis.yaxis.set_major_formatter("{x:g}")
    axis.grid(alpha=0.3, which="both")


def _curves(
    rows: Sequence[HeadlineRow], total: str, canvas: int
) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Label -> (mask ratio, times less) of each way."""
    less = list(zip(rows, times_less(rows, total), strict=True))
    for label in dict.fromkeys(row.label for row in rows):
        yield label, [(r.mask_ratio, x) for r, x in less if (r.label, r.canvas) == (label, canvas)]
