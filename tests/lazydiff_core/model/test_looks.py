from __future__ import annotations

import numpy as np
import torch

from lazydiff_core.model.autoencoder import Autoencoder
from lazydiff_core.model.looks import CELLS, looks_of
from tests.lazydiff_core.tiny import polygon


def test_parts_hold_the_latents_of_their_place(tiny_autoencoder: Autoencoder) -> None:
    """The tiny autoencoder has 4 pixels a latent: a rendering is 12 x 12 cells, 48 pixels."""
    disc = polygon((220, 30, 30), 60)
    looks = looks_of(tiny_autoencoder, np.stack([disc, disc[::-1]]))
    assert looks.shape == (2, 9, 5 * CELLS**2)
    latents, cover = looks.unflatten(2, (5, CELLS, CELLS)).split([4, 1], dim=2)
    assert cover.min() >= -1
    assert cover.max() <= 1
    assert cover[0, 4].mean() > 0.99  # the middle is all disc
    assert cover[0, 0, 0, 0, 0] < -0.99  # the corner is clear
    assert torch.allclose(cover[0, :3].flip(2), cover[1, 6:], atol=1e-4)  # upside down
    grey = tiny_autoencoder.encode(torch.zeros(1, 3, 48, 48))
    corner = latents[0, 0, :, 0, 0]
    assert torch.allclose(corner, grey[0, :, 0, 0], atol=0.2)


def test_what_is_clear_has_no_colour(tiny_autoencoder: Autoencoder) -> None:
    disc = polygon((220, 30, 30), 60)
    bright = disc.copy()
    bright[disc[..., 3] == 0, :3] = 255
    before, after = (looks_of(tiny_autoencoder, one[None]) for one in (disc, bright))
    assert torch.equal(before, after)
