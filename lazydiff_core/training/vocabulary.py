"""Which concepts a model learns, under which prompts (resources/train/concepts.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.references.lexicon import STYLES
from lazydiff_core.training.scenes import Subject
from lazydiff_core.training.stickers import StickerBank

TEMPLATES = ("{}", "a {}")
SURFACES_SECTION = "surfaces"


def read_concepts(path: Path, sections: tuple[str, ...] = ("core",)) -> dict[str, tuple[str, ...]]:
    """Concept name -> prompts, of the named sections."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: tuple(prompts) for part in sections for name, prompts in table[part].items()}
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise TrainingError(f"The vocabulary {path} cannot be read: {error!r}.") from error


def subjects_of(
    bank: StickerBank, concepts: dict[str, tuple[str, ...]], styles: tuple[str, ...] | None = None
) -> tuple[Subject, ...]:
    """One subject a concept in the first style the bank has, or one in each of `styles`."""
    subjects = []
    for name, prompts in concepts.items():
        wanted = styles or STYLES
        found = [i for style in wanted if (i := bank.of(name, style)) is not None]
        subjects += [
            Subject(i, prompts, poses=bank.stickers[i].poses)
            for i in (found if styles else found[:1])
        ]
    return tuple(subjects)


def styled_subjects(bank: StickerBank, concepts: dict[str, tuple[str, ...]]) -> tuple[Subject, ...]:
    """One subject a concept in its usual style, and one in each other style the bank has it in."""
    usual = subjects_of(bank, concepts)
    others = subjects_of(bank, concepts, STYLES)
    known = {subject.sticker for subject in usual}
    return usual + tuple(
        replace(subject, style=bank.stickers[subject.sticker].style)
        for subject in others
        if subject.sticker not in known
    )


def phrases(prompts: tuple[str, ...]) -> tuple[str, ...]:
    """Every wording of a concept's prompts that training uses."""
    return tuple(template.format(prompt) for prompt in prompts for template in TEMPLATES)
