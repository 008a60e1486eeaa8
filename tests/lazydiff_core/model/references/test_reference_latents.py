"""What a rendering's reference is, how it is varied, and where it is laid."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from lazydiff_core.contract import Box
from lazydiff_core.images.colour_names import Colour
from lazydiff_core.images.cutouts import extents_of, premultiplied, straight, tight_square
from lazydiff_core.images.recolouring import recoloured
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
from lazydiff_core.model.files.config import BUNDLED, LazyConfig
from lazydiff_core.model.references.reference_latents import (
    Variation,
    covered,
    emphasised,
    grey,
    lay,
    references_of,
    side_in,
    surface_latents,
    varied,
    varied_extents,
)
from lazydiff_core.model.references.variations import POSES, Pose, posed, turns_of
from lazydiff_core.model_store.locate import locate_model
from tests.lazydiff_core.tiny import polygon


@pytest.mark.parametrize(
    ("box", "extents", "side"),
    [
        (Box(150, 150, 362, 362), (1, 1), 192),
        (Box(106, 106, 406, 406), (1, 1), 256),  # 300 pixels hold 256, not 320
        (Box(60, 150, 452, 362), (1, 1), 192),  # as high as its hole allows
        (Box(60, 150, 452, 362), (1, 0.5), 320),  # a wide thing in a wide hole
        (Box(150, 60, 362, 452), (0.5, 1), 320),
        (Box(226, 226, 286, 286), (1, 1), 64),  # never less
    ],
)
def test_a_thing_is_as_large_as_its_hole_has_room_for(
    box: Box, extents: tuple[float, float], side: int
) -> None:
    assert side_in(box, extents, BUNDLED) == side


def test_a_model_without_a_grid_leaves_a_margin() -> None:
    anywhere = replace(BUNDLED, object_grid=0)
    assert side_in(Box(146, 146, 366, 366), (1, 1), anywhere) == 160  # of 220; 191 at most


@pytest.mark.parametrize(
    ("box", "top", "left"),
    [
        (Box(150, 150, 362, 362), 10, 10),
        (Box(155, 145, 367, 357), 10, 10),  # the nearest cell
        (Box(0, 0, 96, 96), -3, -3),  # partly outside
        (Box(448, 300, 512, 364), 15, 24),
    ],
)
def test_cells_lie_over_the_middle_of_a_box(box: Box, top: int, left: int) -> None:
    cells, window = torch.arange(1.0, 145).view(1, 12, 12), torch.zeros(1, 32, 32)
    lay(cells, box, window, 16)
    wide = torch.zeros(1, 56, 56)
    wide[:, 12 + top : 24 + top, 12 + left : 24 + left] = cells
    assert torch.equal(window, wide[:, 12:44, 12:44])


def test_a_rendering_and_what_it_covers(
    tiny_autoencoder: Autoencoder, tiny_config: LazyConfig
) -> None:
    """The tiny autoencoder has 4 pixels a latent: a rendering is 12 x 12 cells, 48 pixels."""
    disc = polygon((220, 30, 30), 60)
    first, second = references_of(tiny_autoencoder, np.stack([disc, disc[::-1]]), [0, 3])
    assert (first.style, second.style) == (0, 3)
    assert first.cells.shape == (tiny_config.latent_channels + 1, 12, 12)
    cover = first.cells[-1]
    assert cover.min() >= 0
    assert cover.max() <= 1
    assert cover[5:7, 5:7].min() > 0.99  # the middle is all disc
    assert cover[0, 0] < 0.01  # the corner is clear
    assert torch.allclose(cover.flip(0), second.cells[-1], atol=1e-4)  # upside down
    assert first.cells[:-1, 5, 5].abs().max() > 0.1


def test_nothing_looks_like_nothing(tiny_autoencoder: Autoencoder) -> None:
    clear = np.zeros((1, 256, 256, 4), np.uint8)
    clear[..., :3] = 255  # what is clear has no colour
    assert references_of(tiny_autoencoder, clear, [0])[0].cells.abs().max() < 1e-6


def test_extents_over_the_square(tiny_autoencoder: Autoencoder) -> None:
    wide = np.zeros((256, 256, 4), np.uint8)
    wide[64:192, :] = 255
    both = references_of(tiny_autoencoder, np.stack([wide, wide.transpose(1, 0, 2)]), [0, 0])
    assert [one.extents for one in both] == [(1.0, 0.5), (0.5, 1.0)]


@pytest.fixture(scope="module")
def bundled_autoencoder() -> LatentCodec:
    return load_checkpoint(locate_model("bundled")).autoencoder


def arrow() -> np.ndarray:
    drawn = np.zeros((256, 256, 4), np.uint8)
    drawn[40:200, 60:120] = (220, 40, 60, 255)
    drawn[40:90, 120:220] = (40, 90, 220, 255)
    square = tight_square(drawn)
    assert square is not None
    return square


def off(found: torch.Tensor, wanted: torch.Tensor) -> float:
    """How far apart two references' cells are, relative to the second."""
    return float((found - wanted).norm() / wanted.norm())


@pytest.mark.parametrize("pose", POSES)
def test_in_another_pose_it_is_what_the_posed_thing_looks_like(
    pose: Pose, bundled_autoencoder: LatentCodec
) -> None:
    """Though it is made of latents, a cover of 16 pixels a cell and four numbers a turn."""
    given = arrow()
    ready = premultiplied(given)
    moved = straight(posed(ready, extents_of(given), pose, turns_of(ready[..., 3])))
    wanted = references_of(bundled_autoencoder, moved[None], [0])[0]
    known = references_of(bundled_autoencoder, given[None], [0])[0]
    variation = Variation(pose)
    assert varied_extents(known, variation) == pytest.approx(wanted.extents, abs=0.01)
    assert off(varied(bundled_autoencoder, known, variation, 192), wanted.cells) < 0.25


@pytest.mark.parametrize("name", ["green", "purple", "yellow"])
def test_in_another_colour_it_is_what_the_recoloured_thing_looks_like(
    name: str, bundled_autoencoder: LatentCodec
) -> None:
    given, colour = polygon((220, 40, 60), 5), Colour(name)
    ready = given.astype(np.float32) / 255
    painted = np.rint(255 * recoloured(ready[..., :3], ready[..., 3], colour)).astype(np.uint8)
    moved = np.dstack([painted, given[..., 3]])
    wanted = references_of(bundled_autoencoder, moved[None], [0])[0]
    known = references_of(bundled_autoencoder, given[None], [0])[0]
    found = varied(bundled_autoencoder, known, Variation(colour=colour), 192)
    assert off(found, wanted.cells) < 0.4 * off(known.cells, wanted.cells)


@pytest.mark.parametrize(("own", "changes"), [((80, 190, 150), True), ((90, 170, 60), False)])
def test_what_is_green_by_name_is_recoloured_where_it_is_not(
    own: tuple[int, int, int], changes: bool, bundled_autoencoder: LatentCodec
) -> None:
    known = references_of(bundled_autoencoder, polygon(own, 5)[None], [0])[0]
    kinds = Variation(colour=Colour("green"), native=True), Variation(colour=Colour("green"))
    by_name, asked = (varied(bundled_autoencoder, known, kind, 128) for kind in kinds)
    plain = varied(bundled_autoencoder, known, Variation(), 128)
    assert torch.equal(by_name, asked if changes else plain)


@pytest.mark.parametrize("side", [128, 256, 320])
def test_in_another_size_it_is_still_the_same(side: int, bundled_autoencoder: LatentCodec) -> None:
    known = references_of(bundled_autoencoder, arrow()[None], [0])[0]
    found = varied(bundled_autoencoder, known, Variation(), side)
    assert found.shape == (17, side // 16, side // 16)
    with torch.no_grad():
        shown = bundled_autoencoder.decode(found[None, :-1] + grey(bundled_autoencoder, side))[0]
        first = bundled_autoencoder.decode(known.cells[None, :-1] + grey(bundled_autoencoder, 192))
    small = torch.nn.functional.interpolate(first, (side, side), mode="bilinear")[0]
    assert (shown - small).abs().mean() < 0.06


def test_as_it_is_known_nothing_is_computed(tiny_autoencoder: Autoencoder) -> None:
    known = references_of(tiny_autoencoder, polygon((220, 30, 30), 60)[None], [0])[0]
    assert varied(tiny_autoencoder, known, Variation(), 48) is known.cells


def test_stressed_detail_is_what_another_pass_would_lose(
    bundled_autoencoder: LatentCodec,
) -> None:
    """Decoded, encoded and decoded again, a stressed thing is nearer to the sharp one."""
    known = references_of(bundled_autoencoder, arrow()[None], [0])[0].cells
    nothing = grey(bundled_autoencoder, 192)

    def again(cells: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            shown = bundled_autoencoder.decode(cells[None, :-1] + nothing)
            return bundled_autoencoder.encode(shown.clamp(-1, 1))[0] - nothing[0]

    stressed, _ = emphasised(bundled_autoencoder, known)
    gained, lost = again(stressed) - known[:-1], again(known) - known[:-1]
    assert (gained * lost).sum() < 0  # what is lost is more than made up for
    assert torch.equal(stressed[-1], known[-1])
    assert torch.equal(stressed[:, known[-1] == 0], known[:, known[-1] == 0])


def test_its_outline_is_that_of_the_thing(bundled_autoencoder: LatentCodec) -> None:
    """To the pixel, where its cells are 16 pixels wide."""
    drawn = arrow()
    known = references_of(bundled_autoencoder, drawn[None], [0])[0].cells
    _, outline = emphasised(bundled_autoencoder, known)
    truth = cv2.resize(drawn[..., 3], outline.shape, interpolation=cv2.INTER_AREA) > 127
    found = outline.numpy() > 0.5
    assert (found & truth).sum() / (found | truth).sum() > 0.9


def test_a_surface_covers_all_of_its_window(tiny_autoencoder: Autoencoder) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    cells = covered(surface_latents(tiny_autoencoder, picture)[0])
    assert cells.shape == (5, 16, 16)
    assert (cells[-1] == 1).all()
    given = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        whole = tiny_autoencoder.encode(given)[0]
    assert torch.allclose(cells[:-1] + grey(tiny_autoencoder, 64)[0], whole, atol=1e-5)
    blank = np.full((64, 64, 3), 127, np.uint8)
    assert surface_latents(tiny_autoencoder, blank).abs().max() < 0.1
