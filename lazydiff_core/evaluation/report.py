"""An evaluation as JSON and as one HTML page with the definition of every score."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from lazydiff_core.evaluation.definitions import FRECHET, JUDGE_TOP1, Definition
from lazydiff_core.evaluation.interval_plot import interval_plot
from lazydiff_core.evaluation.intervals import Estimate, difference
from lazydiff_core.evaluation.kit import ReferenceScores
from lazydiff_core.evaluation.score_pictures import plain_name, sheets
from lazydiff_core.evaluation.scores.evaluate import Evaluation
from lazydiff_core.images.writing import encode

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1rem;
  color: #222; background: #fff }
table { border-collapse: collapse } th, td { padding: .35rem .8rem; text-align: left;
  border-bottom: 1px solid #ddd; vertical-align: top }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
td small { color: #666 } img { max-width: 100% } svg line { stroke: #555 } svg circle { fill: #16c }
svg text { font-size: 12px; fill: #222 }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 }
  th, td { border-color: #444 } td small { color: #aaa } svg line { stroke: #aaa }
  svg text { fill: #ddd } svg circle { fill: #6af } }
"""


def document(evaluation: Evaluation, reference: ReferenceScores) -> dict[str, Any]:
    """Scores by name, their 95% intervals and trial counts, and the model they belong to."""
    values = {s.name: s.estimate.value for s in evaluation.scores}
    return values | {
        "frechet_floor": 100 * reference.frechet,
        "judge_top1_ceiling": reference.top1,
        "intervals": {s.name: [s.estimate.low, s.estimate.high] for s in evaluation.scores},
        "trials": {s.name: s.estimate.count for s in evaluation.scores},
        "candidates": evaluation.candidates,
        "model": evaluation.model,
        "backend": evaluation.backend,
    }


def comparison(evaluations: Mapping[str, Evaluation], reference: ReferenceScores) -> dict[str, Any]:
    """The documents by name, and what separates each from the first, with paired intervals."""
    first = next(iter(evaluations))
    return {
        "models": {name: document(e, reference) for name, e in evaluations.items()},
        "reference": first,
        "differences": {
            name: {
                d.name: list(difference(_estimate(e, d), _estimate(evaluations[first], d)))
                for d in _common(list(evaluations.values()))
            }
            for name, e in evaluations.items()
            if name != first
        },
    }


def text_table(evaluations: Mapping[str, Evaluation], reference: ReferenceScores) -> str:
    """The scores as lines for a terminal, a column for each model."""
    lines = ["".join([f"{'':44}", *(f"{name:>28}" for name in evaluations)])]
    for definition in _all(list(evaluations.values())):
        cells = [f"{_plain(definition, e):>28}" for e in evaluations.values()]
        lines.append(f"{definition.title:44}" + "".join(cells))
    lines.append(f"Frechet distance of other real renderings: {100 * reference.frechet:.2f}")
    lines.append(f"Of them, those that the judge names: {reference.top1:.1%}")
    return "\n".join(lines)


def page(evaluations: Mapping[str, Evaluation], reference: ReferenceScores) -> str:
    """HTML: the table, the plots where several are compared, and the sheets."""
    names = list(evaluations)
    several = len(names) > 1
    title = "Comparison of " + ", ".join(names) if several else f"Evaluation of {names[0]}"
    body = [
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(_about(name, e))}</p>" for name, e in evaluations.items()),
        _table(evaluations),
        "<p>Other real renderings on the same canvases get, and so would a perfect model: "
        f"{escape(FRECHET.title)} {100 * reference.frechet:.2f}, {escape(JUDGE_TOP1.title)} "
        f"{reference.top1:.1%}.</p>",
        *(_plots(evaluations) if several else ()),
        *(_figures(name, e) for name, e in evaluations.items()),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def report_files(
    evaluations: Mapping[str, Evaluation], reference: ReferenceScores, document: object, out: Path
) -> dict[Path, bytes]:
    """The page, its sheets and the JSON document, to be written to the folder `out`."""
    pictures = {
        out / _sheet_name(name, stem): image
        for name, e in evaluations.items()
        for stem, image in sheets(e).items()
    }
    encoded = {path: encode(image, path) for path, image in pictures.items()}
    return encoded | {
        out / "report.json": (json.dumps(document, indent=1) + "\n").encode(),
        out / "report.html": page(evaluations, reference).encode(),
    }


def _sheet_name(name: str, stem: str) -> str:
    return f"{plain_name(name)}-{stem}.png"


def _about(name: str, evaluation: Evaluation) -> str:
    return (
        f"{name}: model {evaluation.model}, backend {evaluation.backend}, first seed, uncurated; "
        f"the judge chose among {evaluation.candidates} concepts. All intervals are 95%."
    )


def _all(evaluations: Sequence[Evaluation]) -> list[Definition]:
    """Every definition measured anywhere, in the order of the fullest evaluation."""
    seen = {s.name: s.definition for e in evaluations for s in e.scores}
    fullest = max(evaluations, key=lambda e: len(e.scores))
    order = [s.name for s in fullest.scores]
    return [seen[name] for name in (*order, *(n for n in seen if n not in order))]


def _common(evaluations: Sequence[Evaluation]) -> list[Definition]:
    return [d for d in _all(evaluations) if all(e.value(d.name) is not None for e in evaluations)]


def _estimate(evaluation: Evaluation, definition: Definition) -> Estimate:
    return next(s.estimate for s in evaluation.scores if s.name == definition.name)


def _scale(definition: Definition) -> float:
    return 100.0 if definition.unit == "%" else 1.0


def _numbers(definition: Definition, values: Sequence[float]) -> list[str]:
    return [f"{value * _scale(definition):.{definition.digits}f}" for value in values]


def _plain(definition: Definition, evaluation: Evaluation) -> str:
    if evaluation.value(definition.name) is None:
        return "-"
    e = _estimate(evaluation, definition)
    value, low, high = _numbers(definition, (e.value, e.low, e.high))
    return f"{value}{definition.unit and ' ' + definition.unit} [{low}, {high}]"


def _table(evaluations: Mapping[str, Evaluation]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in evaluations)
    rows = []
    for definition in _all(list(evaluations.values())):
        cells = "".join(
            f'<td class="number">{escape(_plain(definition, e))}</td>' for e in evaluations.values()
        )
        wanted = "" if definition.better == "neither" else f" ({definition.better} is better)"
        rows.append(
            f"<tr><td>{escape(definition.title)}{wanted}<br>"
            f"<small>{escape(definition.text)}</small></td>{cells}</tr>"
        )
    return f"<table><tr><th>Score</th>{head}</tr>{''.join(rows)}</table>"


def _plots(evaluations: Mapping[str, Evaluation]) -> list[str]:
    names, measured = list(evaluations), list(evaluations.values())
    return [
        f"<h2>{escape(d.title)}</h2>"
        + interval_plot(names, [_estimate(e, d) for e in measured], _scale(d))
        for d in _common(measured)
    ]


def _figures(name: str, evaluation: Evaluation) -> str:
    return "".join(
        f"<h2>{escape(name)}: {escape(sheet.title)}</h2>"
        f'<img src="{escape(_sheet_name(name, stem))}" alt="{escape(sheet.title)}">'
        for stem, sheet in evaluation.sheets.items()
        if len(sheet.pictures)
    )
