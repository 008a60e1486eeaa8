"""Turns the pictures that a model is shown besides its canvas into tokens."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.abilities import ReferenceFamily
from lazydiff_core.backends.cached_dit.family import DitShape, Family
from lazydiff_core.backends.cached_dit.token_canvas import References
from lazydiff_core.backends.fitting import RESERVED
from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.contract import RGB, Mask
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.model.files.devices import free_bytes

_PICTURES_KEPT = 4


class ReferenceEncoder:
    """Remembers the last few pictures, since they come again with other masks.

    encode: images (1,3,h,w) in [-1,1] -> tokens (1,N,P), as the pipeline encodes references.
    """

    def __init__(self, shape: DitShape, encode: Callable[[Tensor], Tensor]) -> None:
        self.shape, self._encode = shape, encode
        self._known = lru_cache(maxsize=_PICTURES_KEPT)(self._of_bytes)

    def __call__(
        self, model_input: ModelInput, tokens: Tensor, grid: Mask, *, canvas: bool
    ) -> References | None:
        """References in the order of their places; None if the model is shown nothing besides.

        tokens, grid: of the canvas, as in TokenCanvas.
        canvas: show the canvas, too. What the mask covers is shown only to be changed.
        """
        shape, pixels = self.shape, self.shape.side // self.shape.grid
        found: list[tuple[Tensor, Tensor]] = []
        if model_input.before is not None:
            whole = shape.places(1, shape.grid, shape.grid)
            found.append((self._of(model_input.before), whole))
        elif canvas and not grid.all():
            visible = torch.from_numpy(np.flatnonzero(~grid))
            found.append((tokens[:, visible.to(tokens.device)], shape.tokens + visible))
        for picture in model_input.references:
            rows, columns = (length // pixels for length in picture.shape[:2])
            places = shape.places(len(found) + 1, rows, columns)
            found.append((self._known(picture.tobytes(), picture.shape), places))
        if not found:
            return None
        places = torch.cat([places for _, places in found]).to(tokens.device)
        return References(torch.cat([part for part, _ in found], 1), places)

    def _of(self, picture: RGB) -> Tensor:
        pixels = torch.from_numpy(picture).permute(2, 0, 1)[None]
        return self._encode(pixels.float() / 127.5 - 1)

    def _of_bytes(self, pixels: bytes, size: tuple[int, ...]) -> Tensor:
        return self._of(np.frombuffer(pixels, np.uint8).reshape(size).copy())


def make_room(family: Family, tokens: int, forget: Callable[[], None]) -> None:
    """See that a pass of so many tokens, references among them, finds room; `forget` frees some.

    Raises OutOfMemoryError.
    """
    assert isinstance(family, ReferenceFamily)
    needed = round(tokens * family.token_bytes * (1 + RESERVED))
    if needed > free_bytes(family.device):
        forget()
        free = free_bytes(family.device)
        if needed > free:
            raise OutOfMemoryError(
                f"The pictures that the prompt refers to take {needed / 1e9:.1f} GB in a step, and "
                f"{free / 1e9:.1f} GB are free: show fewer or smaller ones."
            )
