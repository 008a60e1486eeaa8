"""The pictures of an evaluation: contact sheets, to check the scores by eye, and all fills."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lazydiff_core.contract import RGB
from lazydiff_core.evaluation.scores.evaluate import Evaluation
from lazydiff_core.images.contact_sheet import contact_sheet
from lazydiff_core.images.writing import encode

STUDIED = ("prompt", "heldout", "context", "bare", "surface", "colour", "thing")


def sheets(evaluation: Evaluation) -> dict[str, RGB]:
    """File stem -> sheet, without empty sheets."""
    return {
        stem: contact_sheet(sheet.pictures, sheet.captions, sheet.columns, sheet.width)
        for stem, sheet in evaluation.sheets.items()
        if len(sheet.pictures)
    }


def plain_name(name: str) -> str:
    """A file name for a model's name, which may be a path."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name).strip("_") or "model"


def fill_pictures(evaluation: Evaluation, folder: Path) -> Iterator[tuple[Path, bytes, str]]:
    """Every fill as a file with its prompt; the same trials get the same names for any model."""
    for run in STUDIED:
        for number, fill in enumerate(evaluation.fills.get(run, ())):
            path = folder / f"{run}-{number:03}.webp"
            yield path, encode(fill.image, path), fill.trial.prompt
