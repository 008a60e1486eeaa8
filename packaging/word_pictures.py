"""Makes resources/words/pictures.webp and .json: a small picture of every word of a model.

    npm install --prefix build/words emoji-datasource@16.0.0
    python packaging/word_pictures.py build/words/node_modules [MODEL]

The pictures are decoded from the references that the model's lexicon holds, in their usual style,
so they show what the model is told. Tiles lie row by row in the order of "words" in the JSON, which
also has the category of each.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from lazydiff_core.model.checkpoint.checkpoint import Checkpoint, load_checkpoint
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.references.reference_latents import grey, picture_of
from lazydiff_core.prompts.parts import bare

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "resources" / "words"
SIDE, COLUMNS = 48, 32
SURFACE = "Surfaces"

Tile = npt.NDArray[np.uint8]


@torch.inference_mode()
def thing(checkpoint: Checkpoint, lexicon: Lexicon, word: str) -> Tile | None:
    """(SIDE, SIDE, 4): a thing as it is known, clear around it."""
    reference = lexicon.reference(word)
    if reference is None:
        return None
    shown = picture_of(checkpoint.autoencoder, reference)
    cover = np.clip(shown[..., 3:], 0, 1)
    # Decoded over grey: what shines through at soft edges is taken out again.
    straight = shown[..., :3] / np.maximum(cover, 0.25)
    pixels = np.concatenate([(straight + 1) / 2, cover], axis=2).clip(0, 1)
    return small(np.rint(pixels * 255).astype(np.uint8))


@torch.inference_mode()
def surface(checkpoint: Checkpoint, lexicon: Lexicon, word: str) -> Tile | None:
    """(SIDE, SIDE, 4): the middle of a surface's first picture."""
    latents = lexicon.surface(word, 0)
    if latents is None:
        return None
    codec = checkpoint.autoencoder
    side = latents.shape[-1] * codec.scale
    shown = codec.decode(latents[None].to(next(codec.parameters())) + grey(codec, side))[0]
    pixels = ((shown.float().clamp(-1, 1).permute(1, 2, 0).numpy() + 1) * 127.5).round()
    quarter = side // 4
    middle = pixels[quarter:-quarter, quarter:-quarter].astype(np.uint8)
    return small(np.dstack([middle, np.full(middle.shape[:2], 255, np.uint8)]))


def small(pixels: Tile) -> Tile:
    return np.asarray(cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def categories(modules: Path) -> dict[str, str]:
    """Short name of a picture -> its category."""
    table = json.loads((modules / "emoji-datasource" / "emoji.json").read_text(encoding="utf-8"))
    return {short: row["category"] for row in table for short in row["short_names"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", type=Path, help="the node_modules folder with the package")
    parser.add_argument("model", type=Path, nargs="?", default=ROOT / "resources/models/bundled")
    args = parser.parse_args()
    checkpoint = load_checkpoint(args.model)
    lexicon = checkpoint.lexicon
    assert lexicon is not None
    found: dict[str, Tile] = {}
    for word in lexicon.spans:
        tile = thing(checkpoint, lexicon, word)
        tile = surface(checkpoint, lexicon, word) if tile is None else tile
        if tile is not None:
            found[word] = tile
    sheet = np.zeros((-(-len(found) // COLUMNS) * SIDE, COLUMNS * SIDE, 4), np.uint8)
    for k, tile in enumerate(found.values()):
        top, left = SIDE * (k // COLUMNS), SIDE * (k % COLUMNS)
        sheet[top : top + SIDE, left : left + SIDE] = tile
    Image.fromarray(sheet).save(OUT / "pictures.webp", quality=72, method=6)
    of = categories(args.modules)
    words = {word: of.get(bare(word), SURFACE) for word in found}
    index = {"side": SIDE, "columns": COLUMNS, "words": words}
    (OUT / "pictures.json").write_text(json.dumps(index, indent=0) + "\n", encoding="utf-8")
    print(f"{len(found)} words, {(OUT / 'pictures.webp').stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
