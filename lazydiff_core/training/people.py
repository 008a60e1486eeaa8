"""References of people, made of the same sets as the sticker bank, in five tones of skin.

No weights are trained on them: a model that paints what it is told paints people, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.references.lexicon import STYLES, Lexicon, in_bytes
from lazydiff_core.model.references.reference_latents import references_of
from lazydiff_core.prompts.skin import TONED
from lazydiff_core.training.stickers import Sticker, render_stickers

SECTION: Final = "people"
_TONES: Final = ("1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF")  # in the order of `skin.TONES`
_LEANING: Final = ("hand", "body")  # what a kind of picture that may be turned begins with
_BATCH: Final = 32


def build_people(
    assets: Path, concepts: Mapping[str, tuple[str, ...]], codec: LatentCodec
) -> Lexicon:
    """These people in the usual style: a row for each tone of those who have tones.

    TrainingError where the set lacks one of them.
    """
    rows = _listing(assets)
    wanted = [one for name in concepts for one in _stickers(rows, name)]
    drawn = render_stickers(assets, wanted)
    if len(drawn) < len(wanted):
        lacking = {one.name for one in wanted} - {one.name for one, _ in drawn}
        raise TrainingError(f"The set of {STYLES[0]} lacks {', '.join(sorted(lacking))}.")
    _order(drawn)
    spans: dict[str, tuple[int, int]] = {}
    for row, (sticker, _) in enumerate(drawn):
        spans[sticker.concept] = spans.get(sticker.concept, (row, row))[0], row + 1
    found = [
        one
        for first in range(0, len(drawn), _BATCH)
        for batch in [np.stack([image for _, image in drawn[first : first + _BATCH]])]
        for one in references_of(codec, batch, [0] * len(batch))
    ]
    cells, scales = in_bytes(torch.stack([one.cells for one in found]))
    return Lexicon(
        cells,
        scales,
        torch.tensor([one.extents for one in found]).half(),
        torch.tensor([one.turns for one in found]).half(),
        torch.zeros(len(found), dtype=torch.long),
        torch.zeros(0, cells.shape[1] - 1, 1, 1, dtype=torch.int8),
        torch.zeros(0, cells.shape[1] - 1),
        spans,
        {},
        {said: _word(rows, name) for name, phrases in concepts.items() for said in phrases},
        {},
        frozenset(one.concept for one, _ in drawn if one.kind.startswith(_LEANING)),
        frozenset(),
    )


def _order(drawn: list[tuple[Sticker, npt.NDArray[np.uint8]]]) -> None:
    """Put the lighter one of the two tones beside the middle first: the set has most of them the
    other way round."""
    for k, (sticker, image) in enumerate(drawn):
        if _TONES[2].lower() in sticker.codepoint and _light(image) > _light(drawn[k - 1][1]):
            drawn[k - 1 : k + 1] = drawn[k], drawn[k - 1]


def _light(image: npt.NDArray[np.uint8]) -> float:
    """Mean level of what a picture (S,S,4) shows."""
    return float(image[image[..., 3] > 128, :3].mean())


def _listing(assets: Path) -> dict[str, dict[str, Any]]:
    """Short name -> what emoji-datasource says of it."""
    try:
        table = json.loads((assets / "node_modules/emoji-datasource/emoji.json").read_text())
    except OSError as error:
        raise TrainingError(f"{assets} lacks emoji-datasource ({error}).") from error
    return {short: row for row in table for short in row["short_names"]}


def _word(rows: Mapping[str, dict[str, Any]], name: str) -> str:
    return TONED + name if "skin_variations" in rows[name] else name


def _stickers(rows: Mapping[str, dict[str, Any]], name: str) -> Iterator[Sticker]:
    row = rows[name]
    tones = row.get("skin_variations")
    for code in [tones[tone]["unified"] for tone in _TONES] if tones else [row["unified"]]:
        yield Sticker(
            _word(rows, name), code.lower(), STYLES[0], row["name"].lower(), row["subcategory"]
        )
