from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.document.edits import Edit, Recipe, Variant
from app.panels.fill.layer_rows import details, made_at, prompt_of, summary
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings, ResolvedSettings

PIXELS = np.zeros((4, 4, 3), np.uint8)
EDIT = Edit(
    box=Box(0, 0, 4, 4),
    mask=np.ones((4, 4), np.bool_),
    before=PIXELS,
    recipe=Recipe(ResolvedSettings("a cat", seed=5)),
    variants=(Variant(PIXELS, 5), Variant(PIXELS, 6)),
    chosen=1,
    created=1_700_000_000.0,
)


def test_words_of_a_row(qapp: object) -> None:
    assert prompt_of(EDIT.recipe.settings) == "a cat"
    assert prompt_of(GenerationSettings()) == "fill from the surroundings"
    assert details(EDIT) == "seed 6 · 2 variants"
    assert details(replace(EDIT, variants=EDIT.variants[:1], chosen=0)) == "seed 5"
    assert details(replace(EDIT, chosen=None)) == "discarded"
    assert summary(replace(EDIT, stale=True)) == "a cat, seed 6 · 2 variants, needs a replay"
    assert "23" in made_at(EDIT)
