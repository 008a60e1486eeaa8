"""Where a token finds its part of a look, and what a rendering's look is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lazydiff_core.geometry.tokens import token_frames, token_mask
from lazydiff_core.images.cutouts import extents_of, premultiplied, straight, tight_square
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
from lazydiff_core.model.files.config import BUNDLED, LazyConfig
from lazydiff_core.model.references.reference_latents import (
    look_features,
    looks_at_tokens,
    looks_of,
    posed_looks,
)
from lazydiff_core.model.references.variations import PLAIN, POSES, Pose, posed, turns_of
from lazydiff_core.model.text.prompt import Looks
from lazydiff_core.model_store.locate import locate_model
from tests.lazydiff_core.tiny import polygon

CONFIG = replace(BUNDLED, look_styles=2)  # tokens of 32 pixels, objects an even number across


def box_frames(left: int, top: int, right: int, bottom: int) -> torch.Tensor:
    """Of a rectangular hole in pixels; all tokens of the window."""
    mask = np.zeros((512, 512), np.bool_)
    mask[top:bottom, left:right] = True
    everything = np.ones((16, 16), np.bool_)
    assert token_mask(mask, 32).any()
    return torch.from_numpy(token_frames(mask, everything, 32))[None]


def looks(extents: tuple[float, float]) -> Looks:
    """Channel 0 counts the cells; the second style is not known."""
    fields = torch.zeros(1, 2, 17, 12, 12)
    fields[0, 0, 0] = torch.arange(1.0, 145).view(12, 12)
    shape = torch.zeros(1, 2, 2)
    shape[0, 0] = torch.tensor(extents)
    return Looks(fields, shape, torch.ones(1, 2, 2, 4))


def cells_of(found: torch.Tensor) -> torch.Tensor:
    """(32,32): channel 0 of the first style at every latent cell of the window."""
    by_token = found[0, :, :-2].view(16, 16, 2, 2, 2, 17)[:, :, 0, :, :, 0]
    return by_token.permute(0, 2, 1, 3).reshape(32, 32)


def test_an_object_of_six_tokens_meets_the_cells_exactly() -> None:
    """A hole of 212 pixels about the corner (256, 256): the largest even extent is six tokens."""
    found = looks_at_tokens(looks((1, 1)), box_frames(150, 150, 362, 362), CONFIG)
    assert found.shape == (1, 256, look_features(CONFIG))
    cells = cells_of(found)
    expected = torch.zeros(32, 32)
    expected[10:22, 10:22] = torch.arange(1.0, 145).view(12, 12)
    assert torch.allclose(cells, expected, atol=1e-3)
    assert torch.equal(found[0, :, -2:], torch.tensor([1.0, 0.0]).expand(256, 2))


@pytest.mark.parametrize(
    ("box", "extents", "tokens"),
    [
        ((106, 106, 406, 406), (1, 1), 8),  # 300 pixels hold 256, not 320
        ((60, 150, 452, 362), (1, 1), 6),  # as high as its hole allows
        ((60, 150, 452, 362), (1, 0.5), 10),  # a wide thing in a wide hole
        ((150, 60, 362, 452), (0.5, 1), 10),
        ((226, 226, 286, 286), (1, 1), 2),  # never less
    ],
)
def test_a_thing_is_as_large_as_its_hole_has_room_for(
    box: tuple[int, int, int, int], extents: tuple[float, float], tokens: int
) -> None:
    full = looks(extents).map(torch.sign)
    given = Looks(full.fields, looks(extents).extents, full.turns)
    cells = cells_of(looks_at_tokens(given, box_frames(*box), CONFIG))
    rows, columns = (cells > 0.5).nonzero().T
    for found in (rows, columns):
        assert int(found.max() - found.min()) + 1 == 2 * tokens
        assert int(found.max() + found.min()) + 1 == 32  # in the middle


def test_a_model_without_a_grid_leaves_a_margin() -> None:
    anywhere = replace(CONFIG, object_grid=0)
    full = looks((1, 1)).map(torch.sign)
    cells = cells_of(looks_at_tokens(full, box_frames(146, 146, 366, 366), anywhere))
    assert int((cells > 0.5).sum()) == 12**2  # 220 pixels, of which 191 are filled


def test_each_blob_has_the_thing() -> None:
    mask = np.zeros((512, 512), np.bool_)
    mask[16:176, 16:176] = True
    mask[336:496, 336:496] = True
    everything = np.ones((16, 16), np.bool_)
    frames = torch.from_numpy(token_frames(mask, everything, 32))[None]
    cells = cells_of(looks_at_tokens(looks((1, 1)), frames, CONFIG))
    assert torch.allclose(cells[2:10, 2:10], cells[22:30, 22:30], atol=1e-3)
    assert cells[2:10, 2:10].min() > 0.5


# --- renderings ---------------------------------------------------------------------------------


def test_a_rendering_and_what_it_covers(
    tiny_autoencoder: Autoencoder, tiny_config: LazyConfig
) -> None:
    """The tiny autoencoder has 4 pixels a latent: a rendering is 12 x 12 cells, 48 pixels."""
    disc = polygon((220, 30, 30), 60)
    found = looks_of(tiny_autoencoder, np.stack([disc, disc[::-1]]))
    assert found.fields.shape == (2, 1, tiny_config.latent_channels + 1, 12, 12)
    cover = found.fields[:, 0, -1]
    assert cover.min() >= 0
    assert cover.max() <= 1
    assert cover[0, 5:7, 5:7].min() > 0.99  # the middle is all disc
    assert cover[0, 0, 0] < 0.01  # the corner is clear
    assert torch.allclose(cover[0].flip(0), cover[1], atol=1e-4)  # upside down
    assert found.fields[0, 0, :-1, 5, 5].abs().max() > 0.1


def test_nothing_looks_like_nothing(tiny_autoencoder: Autoencoder) -> None:
    clear = np.zeros((1, 256, 256, 4), np.uint8)
    clear[..., :3] = 255  # what is clear has no colour
    assert looks_of(tiny_autoencoder, clear).fields.abs().max() < 1e-6


def test_extents_over_the_square(tiny_autoencoder: Autoencoder) -> None:
    wide = np.zeros((256, 256, 4), np.uint8)
    wide[64:192, :] = 255
    found = looks_of(tiny_autoencoder, np.stack([wide, wide.transpose(1, 0, 2)]))
    assert found.extents.tolist() == [[[1.0, 0.5]], [[0.5, 1.0]]]


@pytest.fixture(scope="module")
def bundled_autoencoder() -> LatentCodec:
    return load_checkpoint(locate_model("bundled")).autoencoder


@pytest.mark.parametrize("pose", POSES)
def test_a_posed_look_is_the_look_of_the_posed_thing(
    pose: Pose, bundled_autoencoder: LatentCodec
) -> None:
    """Though it is made of latents, a cover of 16 pixels a cell and four numbers a turn."""
    arrow = np.zeros((256, 256, 4), np.uint8)
    arrow[40:200, 60:120] = (220, 40, 60, 255)
    arrow[40:90, 120:220] = (40, 90, 220, 255)
    given = tight_square(arrow)
    assert given is not None
    ready = premultiplied(given)
    moved = straight(posed(ready, extents_of(given), pose, turns_of(ready[..., 3])))
    wanted = looks_of(bundled_autoencoder, moved[None])
    found = posed_looks(bundled_autoencoder, looks_of(bundled_autoencoder, given[None]), pose)
    assert found.extents == pytest.approx(wanted.extents, abs=0.01)
    assert (found.fields - wanted.fields).norm() < 0.25 * wanted.fields.norm()


def test_styles_that_a_thing_is_not_known_in_stay_so(tiny_autoencoder: Autoencoder) -> None:
    known = looks((1, 0.5))
    fields = known.fields[:, :, : tiny_autoencoder.channels + 1]
    given = Looks(fields, known.extents, known.turns)
    found = posed_looks(tiny_autoencoder, given, Pose(mirrored=True))
    assert found.extents.tolist() == given.extents.tolist()
    assert not found.fields[:, 1].any()
    assert found.fields[:, 0].any()
    assert posed_looks(tiny_autoencoder, given, PLAIN) is given
