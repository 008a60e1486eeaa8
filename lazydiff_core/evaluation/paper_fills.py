"""The fills that the paper's figures are taken of: samples of shards, filled by any backend.

OUT/images/KEY.png    what was there
OUT/fills/KEY.png     the same with its hole filled, and KEY.txt: what was asked for
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from lazydiff_core.contract import RGB, EditRequest, Mask
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.images.writing import encode
from lazydiff_core.storage.safe_files import make_folder, write_files
from lazydiff_core.training.sources import sample_number
from lazydiff_core.training.webshards import CAPTION, MASK, PICTURES, Files, WebShards


def paper_fills(
    engine: Engine,
    shards: WebShards,
    out: Path,
    count: int,
    settings: GenerationSettings,
    on_fill: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Fill `count` samples, chosen by the settings' seed; returns how many were filled now.

    What is there already is left, so a stop loses one fill. The same shards, settings and model
    give the same pictures, and every model fills the same holes. Raises InputError, TrainingError,
    TargetError and what Engine.run does.
    """
    for folder in (out / "images", out / "fills"):
        make_folder(folder)
    chosen = min(count, len(shards))
    filled = 0
    for place in range(chosen):
        key, files = shards.read(sample_number(place, len(shards), settings.seed or 0))
        name = key.replace("/", "-")
        target = out / "fills" / f"{name}.png"
        if not target.exists():
            image, mask = _decoded(key, files)
            prompt = files[CAPTION].decode("utf-8").strip()
            result = engine.run(
                EditRequest(image, mask, settings=settings, prompt=prompt, seed=place)
            )
            real = out / "images" / f"{name}.png"
            said = target.with_suffix(".txt")
            write_files({real: encode(image, real), said: prompt.encode()})
            write_files({target: encode(result.image, target)})  # last: it says that all is there
            filled += 1
        on_fill(place + 1, chosen)
    return filled


def _decoded(key: str, files: Files) -> tuple[RGB, Mask]:
    name = next((name for name in PICTURES if name in files), None)
    if name is None:
        raise InputError("These shards were encoded: name those they were made of.")
    image = cv2.imdecode(np.frombuffer(files[name], np.uint8), cv2.IMREAD_COLOR_RGB)
    mask = cv2.imdecode(np.frombuffer(files[MASK], np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None or mask is None or image.shape[:2] != mask.shape:
        raise InputError(f"The sample {key} is damaged: prepare the shards again.")
    return image.astype(np.uint8), mask > 127
