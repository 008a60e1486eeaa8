"""Contact sheets of an evaluation, to see whether the judge and the eye agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lazydiff_core.contract import RGB
from lazydiff_core.evaluation.judge import crop_hole
from lazydiff_core.evaluation.scores import Evaluation, Judged
from lazydiff_core.images.contact_sheet import contact_sheet
from lazydiff_core.images.image_files import encode

COLUMNS, WIDTH = 8, 168
CAPTIONS = {
    "judged-right": "fills that the judge named as asked",
    "judged-wrong": "fills that it named otherwise (asked: named)",
    "held-out": "held-out concept x style",
    "context": "one of several alike objects regenerated",
    "no-prompt": "holes in bare background, no prompt",
}
LOOSE = 0.15  # margin around the hole, of its box


def sheets(evaluation: Evaluation) -> dict[str, RGB]:
    """File stem -> sheet; those that would be empty are left out."""
    prompts = evaluation.prompts
    made = {
        "judged-right": _judged(evaluation.prompted, True, prompts),
        "judged-wrong": _judged(evaluation.prompted, False, prompts),
        "held-out": _judged(evaluation.heldout, None, prompts),
        "context": _context(evaluation),
        "no-prompt": _bare(evaluation),
    }
    return {
        name: contact_sheet(images, captions, COLUMNS, WIDTH)
        for name, (images, captions) in made.items()
        if images
    }


Entries = tuple[Sequence[RGB], Sequence[str]]


def _judged(judged: Judged, right: bool | None, prompts: Mapping[str, str]) -> Entries:
    """The fills that the judge called right or wrong, or all, with what was asked and named."""
    rows = [
        (fill, named, hit)
        for fill, named, hit in zip(
            judged.fills, judged.verdict.named, judged.verdict.right, strict=True
        )
        if right is None or hit == right
    ]
    crops = [crop_hole(f.image, f.trial.mask, WIDTH, LOOSE) for f, _, _ in rows]
    captions = [
        f.trial.prompt if hit else f"{f.trial.prompt}: {prompts[named]}" for f, named, hit in rows
    ]
    return crops, captions


def _context(evaluation: Evaluation) -> Entries:
    images = [fill.image for _, fill in evaluation.grids]
    captions = [
        f"{grid.trial.prompt}{', tint' if grid.tinted else ''}" for grid, _ in evaluation.grids
    ]
    return images, captions


def _bare(evaluation: Evaluation) -> Entries:
    return [fill.image for fill in evaluation.bare], [""] * len(evaluation.bare)


def plain_name(name: str) -> str:
    """A model's name, which may be a path, as the name of a file."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name).strip("_") or "model"


def fill_pictures(evaluation: Evaluation, folder: Path) -> Iterator[tuple[Path, bytes, str]]:
    """Every fill as a file with its prompt; the same trials get the same names for any model."""
    kinds = {
        "prompt": evaluation.prompted.fills,
        "heldout": evaluation.heldout.fills,
        "context": [fill for _, fill in evaluation.grids],
        "bare": evaluation.bare,
    }
    for kind, fills in kinds.items():
        for number, fill in enumerate(fills):
            path = folder / f"{kind}-{number:03}.webp"
            yield path, encode(fill.image, path), fill.trial.prompt
