"""Timings as CSV, a plot and one HTML page, next to what the paper reports."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from lazydiff_core.bench.latency import PAPER_SPEEDUP, LatencyRow, speedups
from lazydiff_core.errors import InputError

STAGES = ("text", "context", "denoise", "decode", "blend", "total")
PAPER_TEXT = (
    "Paper, figure 5 and section 4.2 (A100, 1024x1024, 50 steps): 10x faster than RegenerateImage "
    "at a 10% mask, faster than RegenerateCrop below 25%; one decoder evaluation 374 ms on the "
    "full canvas and 28 ms for a 10% mask (13.4x); once an edit: encoder 73 ms, latent encoder "
    "97 ms, latent decoder 176 ms, T5 21 ms."
)
_STYLE = """body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem;
  padding: 0 1rem; color: #222; background: #fff } table { border-collapse: collapse }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd }
img { max-width: 100% } td:first-child, th:first-child { text-align: left } small { color: #666 }"""


def csv_of(rows: Sequence[LatencyRow]) -> str:
    """The rows as CSV, with one column per stage."""
    names = ["backend", "model", "device", "canvas", "mask_ratio", "tokens", "steps"]
    names += ["extrapolated", "runs"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*names, *STAGES])
    for row in rows:
        cells = [getattr(row, name) for name in names]
        writer.writerow([*cells, *(f"{row.seconds.get(stage, 0.0):.4f}" for stage in STAGES)])
    return out.getvalue()


def text_of(rows: Sequence[LatencyRow]) -> str:
    """The rows as text for a terminal; ~ marks extrapolated rows."""
    times = speedups(rows, "regenerate_image")
    ahead = speedups(rows, "regenerate_image", ahead=True)
    lines = []
    for row in rows:
        key = row.backend, row.mask_ratio, row.steps
        mark = "~" if row.extrapolated else " "
        stages = "  ".join(f"{s} {row.seconds.get(s, 0.0):.3f}" for s in STAGES[:-1])
        lines.append(
            f"{row.backend:18} {row.mask_ratio:4.0%} {row.steps:3} steps {mark}"
            f"{row.seconds['total']:9.3f} s  ({stages})"
            + (
                f"  {times[key]:5.1f} x regenerate_image's speed, {ahead[key]:.1f} x with the "
                "context ahead"
                if key in times
                else ""
            )
        )
    return "\n".join([*lines, *findings(rows)])


def findings(rows: Sequence[LatencyRow]) -> list[str]:
    """The claims of the paper's figure 5 as measured here, as sentences per number of steps."""
    of = {(row.backend, row.mask_ratio, row.steps): row for row in rows}
    times = speedups(rows, "regenerate_image")
    ahead = speedups(rows, "regenerate_image", ahead=True)
    sentences = []
    for steps in sorted({row.steps for row in rows}):
        key = "lazydiffusion", PAPER_SPEEDUP[0], steps
        if key in times:
            sentences.append(
                f"{steps} steps, {key[1]:.0%} mask: lazydiffusion is {times[key]:.1f} times as "
                f"fast as regenerate_image, {ahead[key]:.1f} times with the context ahead."
            )
        faster = [
            ratio
            for (backend, ratio, count), row in of.items()
            if (backend, count) == ("lazydiffusion", steps)
            and (crop := of.get(("regenerate_crop", ratio, steps)))
            and row.seconds["total"] < crop.seconds["total"]
        ]
        if faster:
            sentences.append(
                f"{steps} steps: faster than regenerate_crop at masks of "
                f"{', '.join(f'{ratio:.0%}' for ratio in faster)}."
            )
    return sentences


def plot_of(rows: Sequence[LatencyRow]) -> bytes:
    """A PNG plot of seconds by mask size, with one column per number of steps.

    If `regenerate_image` was measured, a second row shows the speed-up over it, with the paper's
    value. Raises InputError without matplotlib.
    """
    plt = pyplot()
    steps = sorted({row.steps for row in rows})
    times = speedups(rows, "regenerate_image")
    shape = (2, len(steps)) if times else (1, len(steps))
    figure, axes = plt.subplots(
        *shape, figsize=(5 * shape[1], 3.6 * shape[0] + 0.5), squeeze=False, sharex=True
    )
    for column, count in enumerate(steps):
        axes[0][column].set(title=f"{count} steps", yscale="log")
        axes[0][column].yaxis.set_major_formatter("{x:g}")
        axes[0][column].yaxis.set_minor_formatter("{x:g}")
        for backend in dict.fromkeys(row.backend for row in rows):
            points = [row for row in rows if (row.backend, row.steps) == (backend, count)]
            _curve(axes[0][column], points, [row.seconds["total"] for row in points])
            if times:
                faster = [times[backend, row.mask_ratio, count] for row in points]
                _curve(axes[1][column], points, faster)
        ratio, paper_steps, faster_than = PAPER_SPEEDUP
        if times and count == paper_steps:
            axes[1][column].plot(100 * ratio, faster_than, "k*", markersize=11, label="paper")
        axis = axes[-1][column]
        axis.set(xlabel="mask, % of the canvas", xscale="log")
        axis.set_xticks(ticks := sorted({100 * row.mask_ratio for row in rows}))
        axis.set_xticklabels([f"{tick:g}" for tick in ticks])
    for axis in axes.flat:
        axis.grid(alpha=0.3, which="both")
    axes[0][0].set_ylabel("seconds an edit")
    axes[-1][0].set_ylabel("times regenerate_image's speed" if times else "seconds an edit")
    lines, labels = axes[-1][-1].get_legend_handles_labels()
    figure.legend(lines, labels, loc="lower center", ncol=min(4, len(labels)), fontsize=9)
    figure.tight_layout(rect=(0, 0.09, 1, 1))
    return png_of(plt, figure)


def _curve(axis: Any, points: Sequence[LatencyRow], values: Sequence[float]) -> None:
    dashed = any(row.extrapolated for row in points)
    axis.plot(
        [100 * row.mask_ratio for row in points],
        values,
        marker="o",
        linestyle="--" if dashed else "-",
        label=points[0].backend + (" (extrapolated)" if dashed else ""),
    )


def page_of(rows: Sequence[LatencyRow], plot: bytes, machine: str) -> str:
    """One HTML page that needs no other file."""
    times = speedups(rows, "regenerate_image")
    ahead = speedups(rows, "regenerate_image", ahead=True)
    heads = [
        "backend",
        "weights",
        "canvas",
        "mask",
        "tokens",
        "steps",
        *STAGES,
        "x image",
        "x, context ahead",
    ]
    body = []
    for row in rows:
        key = row.backend, row.mask_ratio, row.steps
        cells = [row.backend, row.model, row.canvas, f"{row.mask_ratio:.0%}", row.tokens, row.steps]
        cells += [f"{row.seconds.get(stage, 0.0):.3f}" for stage in STAGES]
        cells[-1] = f"{'~' if row.extrapolated else ''}{cells[-1]}"
        cells += [f"{of[key]:.1f}" if key in of else "" for of in (times, ahead)]
        body.append(_row("td", cells))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Latency</title>'
        f"<style>{_STYLE}</style><h1>Time of an edit by the size of its mask</h1>"
        f"<p>{escape(machine)} Medians of interleaved runs, in seconds; every run is the next edit "
        f"of a session. ~ and dashed lines: calculated from fewer steps. Context ahead: computed "
        f"before the prompt is there, as the window does.</p>"
        f'<img alt="seconds by mask size" src="data:image/png;base64,{b64encode(plot).decode()}">'
        f"<p>{escape(' '.join(findings(rows)))}</p>"
        f"<p>{escape(PAPER_TEXT)}</p><table>{_row('th', heads)}{''.join(body)}</table></html>\n"
    )


def files_of(rows: Sequence[LatencyRow], folder: Path, machine: str) -> dict[Path, bytes]:
    """latency.csv, .png and .html; the command writes latency.json itself."""
    plot = plot_of(rows)
    return {
        folder / "latency.csv": csv_of(rows).encode(),
        folder / "latency.png": plot,
        folder / "latency.html": page_of(rows, plot, machine).encode(),
    }


def _row(tag: str, cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"


def pyplot() -> Any:
    """matplotlib without a window; InputError where it is not installed."""
    try:
        import matplotlib
    except ModuleNotFoundError as error:
        raise InputError(
            "The plot needs matplotlib: install lazydiff[train], or leave out --out."
        ) from error
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    return plt


def png_of(plt: Any, figure: Any) -> bytes:
    """A figure as PNG; it is closed."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=110)
    plt.close(figure)
    return out.getvalue()
