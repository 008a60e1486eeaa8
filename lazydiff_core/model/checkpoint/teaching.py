"""Teaches a model words, one picture each, without training: the lexicon gets more renderings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from lazydiff_core.contract import RGBA
from lazydiff_core.errors import ModelError
from lazydiff_core.images.cutouts import thing_in
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
from lazydiff_core.model.references.lexicon import TAUGHT, Lexicon, in_bytes
from lazydiff_core.model.references.reference_latents import references_of
from lazydiff_core.model_store.phrases import phrase_of

STYLE = 0  # the default style, in which most words have looks


def teach(checkpoint: Checkpoint, words: Mapping[str, RGBA]) -> Checkpoint:
    """The model with these words added; a word taught before gets its new look.

    words: name (see phrases.phrase_of) -> (H,W,4) uint8 RGBA, straight alpha, transparent around
           the object.

    Raises InputError for an unusable word or picture, ModelError for a model without a lexicon.
    """
    lexicon = checkpoint.lexicon
    if lexicon is None:
        raise ModelError(f"{checkpoint.name} reads text only: it cannot be taught words.")
    if not words:
        return checkpoint
    squares = {phrase_of(word): thing_in(picture) for word, picture in words.items()}
    for phrase in squares:
        lexicon = without(lexicon, phrase)
    taught = _with(lexicon, squares, checkpoint.autoencoder)
    concepts = tuple(dict.fromkeys((*checkpoint.concepts, *squares)))
    return replace(checkpoint, lexicon=taught, concepts=concepts)


def _with(lexicon: Lexicon, squares: Mapping[str, RGBA], codec: LatentCodec) -> Lexicon:
    phrases, first = list(squares), len(lexicon.cells)
    known = references_of(codec, np.stack(list(squares.values())), [STYLE] * len(squares))
    cells, scales = in_bytes(torch.stack([one.cells for one in known]))
    extents = torch.tensor([one.extents for one in known])
    turns = torch.tensor([one.turns for one in known])
    rows = {TAUGHT + phrase: (first + k, first + k + 1) for k, phrase in enumerate(phrases)}
    return replace(
        lexicon,
        cells=torch.cat([lexicon.cells, cells]),
        scales=torch.cat([lexicon.scales, scales]),
        extents=torch.cat([lexicon.extents, extents.to(lexicon.extents)]),
        turns=torch.cat([lexicon.turns, turns.to(lexicon.turns)]),
        styles=torch.cat([lexicon.styles, torch.full((len(phrases),), STYLE)]),
        spans={**lexicon.spans, **rows},
        phrases={**lexicon.phrases, **{phrase: TAUGHT + phrase for phrase in phrases}},
    )


def without(lexicon: Lexicon, phrase: str) -> Lexicon:
    """The lexicon without a taught phrase; unchanged if the phrase was not taught."""
    word = TAUGHT + phrase
    if word not in lexicon.spans:
        return lexicon
    start, stop = lexicon.spans[word]
    rows = torch.tensor([k for k in range(len(lexicon.cells)) if not start <= k < stop])
    gone = stop - start
    spans = {
        name: (a - gone, b - gone) if a >= stop else (a, b)
        for name, (a, b) in lexicon.spans.items()
        if name != word
    }
    return replace(
        lexicon,
        cells=lexicon.cells[rows],
        scales=lexicon.scales[rows],
        extents=lexicon.extents[rows],
        turns=lexicon.turns[rows],
        styles=lexicon.styles[rows],
        spans=spans,
        phrases={said: meant for said, meant in lexicon.phrases.items() if meant != word},
    )
