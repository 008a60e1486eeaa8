"""Pictures with new room at their sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Mask
from lazydiff_core.errors import InputError
from lazydiff_core.images.picture import Original, Picture


@dataclass(frozen=True)
class Margins:
    """New pixels at each side; InputError for a negative number, or if there are none at all."""

    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0

    def __post_init__(self) -> None:
        sides = (self.left, self.right, self.top, self.bottom)
        if min(sides) < 0:
            raise InputError("A picture is extended by pixels to add: give no negative number.")
        if not any(sides):
            raise InputError("Nothing says how far to extend: give a side some pixels.")

    def around(self, picture: Picture) -> Picture:
        """The picture with the margins, its edge pixels repeated in them.

        All that was there, the file's own samples included, is unchanged.
        """
        original = picture.original
        return replace(
            picture,
            pixels=self.around_array(picture.pixels),
            original=None
            if original is None
            else Original(self.around_array(original.samples), original.model),
        )

    def around_array(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """(H, W, C) of any dtype -> the same with the margins, its edge repeated in them."""
        sides = (self.top, self.bottom), (self.left, self.right), (0, 0)
        return np.pad(array, sides, mode="edge")

    def mask(self, size: tuple[int, int]) -> Mask:
        """(H', W') bool for a picture of (H, W): True in the margins."""
        mask = np.ones(
            (size[0] + self.top + self.bottom, size[1] + self.left + self.right), np.bool_
        )
        mask[self.top : self.top + size[0], self.left : self.left + size[1]] = False
        return mask
