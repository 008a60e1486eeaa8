"""Teach a model a word from one picture, without training: the lexicon gets one more rendering."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch

from lazydiff_core.cutouts import tight_square
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.model.checkpoint import Checkpoint
from lazydiff_core.model.lexicon import TAUGHT, Lexicon, parts_of
from lazydiff_core.model.looks import looks_of
from lazydiff_core.model.text_encoder import TextEncoder
from lazydiff_core.phrases import phrase_of

STYLE = 0  # the usual one: other words are told in it most often


def teach(
    checkpoint: Checkpoint, word: str, rendering: npt.NDArray[np.uint8], text: TextEncoder
) -> Checkpoint:
    """The same model with one more word, or another look of a word that was taught before.

    word: what the artist calls it (phrases.phrase_of). rendering: (H,W,4) uint8, straight alpha:
    what shows is the thing. text: the plain encoder of the model's prompts. Raises InputError for a
    word or picture that cannot be used, ModelError for a model without a lexicon.
    """
    lexicon = checkpoint.lexicon
    if lexicon is None:
        raise ModelError(f"{checkpoint.name} reads text only: it cannot be taught words.")
    phrase, square = phrase_of(word), tight_square(rendering)
    if square is None:
        raise InputError("Nothing shows in this picture: what it teaches must not be clear.")
    concepts = tuple(dict.fromkeys((*checkpoint.concepts, phrase)))
    taught = _with(without(lexicon, phrase), phrase, square, checkpoint, text)
    return replace(checkpoint, lexicon=taught, concepts=concepts)


def _with(
    lexicon: Lexicon,
    phrase: str,
    square: npt.NDArray[np.uint8],
    checkpoint: Checkpoint,
    text: TextEncoder,
) -> Lexicon:
    looks = looks_of(checkpoint.autoencoder, square[None])
    codes = (parts_of(looks.fields[:, 0]) - lexicon.mean) @ lexicon.axes
    count = len(lexicon.codes)
    return replace(
        lexicon,
        codes=torch.cat([lexicon.codes, codes.to(lexicon.codes)]),
        extents=torch.cat([lexicon.extents, looks.extents[:, 0].to(lexicon.extents)]),
        styles=torch.cat([lexicon.styles, torch.tensor([STYLE])]),
        spans={**lexicon.spans, TAUGHT + phrase: (count, count + 1)},
        phrases={**lexicon.phrases, phrase: TAUGHT + phrase},
        meanings=torch.cat([lexicon.meanings, text.encode([phrase]).pooled.to(lexicon.meanings)]),
    )


def without(lexicon: Lexicon, phrase: str) -> Lexicon:
    """The lexicon as it was before this phrase was taught; as it is, if it never was."""
    word = TAUGHT + phrase
    if word not in lexicon.spans:
        return lexicon
    place, (start, stop) = list(lexicon.spans).index(word), lexicon.spans[word]
    rows = torch.tensor([k for k in range(len(lexicon.codes)) if not start <= k < stop])
    words = torch.tensor([k for k in range(len(lexicon.spans)) if k != place])
    gone = stop - start
    spans = {
        name: (a - gone, b - gone) if a >= stop else (a, b)
        for name, (a, b) in lexicon.spans.items()
        if name != word
    }
    return replace(
        lexicon,
        codes=lexicon.codes[rows],
        extents=lexicon.extents[rows],
        styles=lexicon.styles[rows],
        spans=spans,
        phrases={said: meant for said, meant in lexicon.phrases.items() if meant != word},
        meanings=lexicon.meanings[words],
    )
