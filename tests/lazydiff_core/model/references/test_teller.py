"""What a window is told of a subject: where, in which size, pose, colour and style."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
import torch

from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.tokens import token_frames, token_mask
from lazydiff_core.images.colour_names import Colour
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.references import teller as module
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.references.reference_latents import Variation, varied
from lazydiff_core.model.references.reference_text_encoder import Subject
from lazydiff_core.model.references.teller import (
    Teller,
    frames_in_shares,
    is_large,
    places_of,
    shared,
)
from lazydiff_core.model.references.variations import LEANING
from lazydiff_core.prompts.skin import TONED, TONES
from tests.lazydiff_core.tiny import tiny_lexicon, tiny_people


def hole(*boxes: tuple[int, int, int, int], side: int = 64) -> Mask:
    """left, top, right, bottom of each."""
    mask = np.zeros((side, side), np.bool_)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    return mask


@pytest.fixture
def lexicon() -> Lexicon:
    return tiny_lexicon({"disc": "disc", "square": "square", "grass": "grass"})


@pytest.fixture
def teller(tiny_autoencoder: Autoencoder, lexicon: Lexicon, tiny_config: LazyConfig) -> Teller:
    """Windows of 64 pixels, 16 x 16 cells; things are an even number of cells with a margin."""
    return Teller(tiny_autoencoder, lexicon, tiny_config)


def test_a_thing_lies_amid_its_hole(teller: Teller, lexicon: Lexicon) -> None:
    """The square's usual rendering is as wide as its square and half as high: 56 pixels by 28."""
    told = teller.told([Subject("square")], hole((4, 17, 60, 47)), 0)
    assert told is not None
    assert told.styles.tolist() == [[1, 0, 0, 0]]
    reference = lexicon.reference("square")
    assert reference is not None
    wanted = torch.zeros(5, 16, 16)
    wanted[:, 2:14, 2:14] = reference.cells
    assert torch.equal(told.cells[0], wanted)


def test_each_blob_has_the_thing(teller: Teller) -> None:
    told = teller.told([Subject("disc")], hole((0, 0, 24, 24), (40, 40, 64, 64)), 0)
    assert told is not None
    assert told.cells[0, :, :6, :6].any()
    assert torch.equal(told.cells[0, :, :6, :6], told.cells[0, :, 10:, 10:])
    assert not told.cells[0, :, :8, 8:].any()


def test_a_style_of_its_own(teller: Teller) -> None:
    told, usual = (
        teller.told([Subject("disc", style=style)], hole((8, 8, 56, 56)), 0) for style in (2, 1)
    )
    assert told is not None
    assert usual is not None
    assert told.styles.tolist() == [[0, 0, 1, 0]]
    assert usual.styles.tolist() == [[1, 0, 0, 0]]  # it is not known in the second


def test_seeds_take_turns_with_the_poses(teller: Teller) -> None:
    mask = hole((4, 4, 60, 60))
    told = [teller.told([Subject("disc", poses=LEANING)], mask, seed) for seed in range(7)]
    cells = [one.cells for one in told if one is not None]
    assert torch.equal(cells[0], cells[6])
    assert len({one.numpy().tobytes() for one in cells}) == 6


def test_a_colour_is_told(teller: Teller, lexicon: Lexicon, tiny_autoencoder: Autoencoder) -> None:
    red = Subject("square", colour=Colour("red"))
    told = teller.told([red], hole((4, 17, 60, 47)), 0)
    reference = lexicon.reference("square")
    assert told is not None
    assert reference is not None
    wanted = varied(tiny_autoencoder, reference, Variation(colour=Colour("red")), 48)
    assert torch.equal(told.cells[0, :, 2:14, 2:14], wanted)


def test_a_surface_stands_on_the_foot_of_its_hole(teller: Teller, lexicon: Lexicon) -> None:
    """Whole tokens of 8 pixels, two cells each: a sky above a horizon shows its lower part."""
    whole = lexicon.surface("grass", 1)
    assert whole is not None
    for bottom, foot in ((64, 16), (40, 10), (33, 10)):
        told = teller.told([Subject("", "grass")], hole((0, 0, 64, bottom)), 1)
        assert told is not None
        assert torch.equal(told.cells[0, :-1, :foot], whole[:, 16 - foot :])
        assert (told.cells[0, -1, :foot] == 1).all()
        assert not told.cells[0, :, foot:].any()
        assert told.styles.tolist() == [[1, 0, 0, 0]]


def test_surfaces_in_colour(teller: Teller) -> None:
    mask = hole((0, 0, 64, 64))
    subjects = (Subject("", "grass", colour=colour) for colour in (None, Colour("red")))
    usual, red = (teller.told([subject], mask, 0) for subject in subjects)
    assert usual is not None
    assert red is not None
    assert not torch.allclose(usual.cells, red.cells, atol=0.05)


def test_what_is_both_is_the_surface_in_a_large_hole(teller: Teller) -> None:
    both = Subject("disc", "grass")
    masks = (hole((20, 20, 40, 40)), hole((0, 30, 64, 64)))
    small, large = (teller.told([both], mask, 0) for mask in masks)
    assert small is not None
    assert large is not None
    assert small.cells[0, -1].min() == 0
    assert (large.cells[0, -1] == 1).all()


@pytest.mark.parametrize(
    ("box", "large"),
    [
        ((0, 28, 64, 36), True),  # from edge to edge
        ((28, 0, 36, 64), True),
        ((10, 10, 50, 50), True),
        ((0, 0, 30, 30), False),
    ],
)
def test_which_holes_are_large(box: tuple[int, int, int, int], large: bool) -> None:
    assert is_large(hole(box)) == large


def test_what_is_not_known_is_not_told(teller: Teller) -> None:
    assert teller.told([], hole((8, 8, 56, 56)), 0) is None
    assert teller.told([Subject()], hole((8, 8, 56, 56)), 0) is None
    assert teller.told([Subject("", "square")], hole((8, 8, 56, 56)), 0) is None


def test_details_are_stressed_for_painting(
    teller: Teller, lexicon: Lexicon, tiny_autoencoder: Autoencoder, tiny_config: LazyConfig
) -> None:
    painting = Teller(tiny_autoencoder, lexicon, tiny_config, stressed=True)
    there = hole((8, 8, 56, 56))
    found, plain = (one.told([Subject("square")], there, 0) for one in (painting, teller))
    assert found is not None
    assert plain is not None
    assert torch.equal(found.cells[:, -1], plain.cells[:, -1])
    assert not torch.equal(found.cells, plain.cells)


def test_an_outline_lies_where_its_thing_is_told(
    lexicon: Lexicon, tiny_autoencoder: Autoencoder, tiny_config: LazyConfig
) -> None:
    painting = Teller(tiny_autoencoder, lexicon, tiny_config, stressed=True)
    there, subjects = hole((10, 4, 64, 58)), [Subject("disc")]
    told, outline = painting.told(subjects, there, 0), painting.outline(subjects, there, 0)
    assert told is not None
    assert outline is not None
    assert outline.shape == (64, 64)
    cover = told.cells[0, -1].numpy()
    by_cell = outline.reshape(16, 4, 16, 4).mean((1, 3))
    assert by_cell[cover > 0.9].min() > 0.9
    near = cv2.dilate(cover, np.ones((3, 3), np.uint8))
    assert by_cell[near == 0].max() == 0


def test_surfaces_and_what_is_not_known_have_no_outline(teller: Teller) -> None:
    for subjects in ([], [Subject()], [Subject("", "grass")]):
        assert teller.outline(subjects, hole((0, 0, 64, 64)), 0) is None


def test_what_was_made_is_kept(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Variation] = []

    def counted(codec: object, reference: object, variation: Variation, side: int) -> torch.Tensor:
        made.append(variation)
        return varied(codec, reference, variation, side)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "varied", counted)
    monkeypatch.setattr(module, "KEPT", 2)
    for seed in (1, 2, 7, 3, 1):  # the first is forgotten when the third comes
        teller.told([Subject("disc", poses=LEANING)], hole((4, 4, 60, 60)), seed)
    assert [one.pose for one in made] == [LEANING[k] for k in (1, 2, 3, 1)]


def test_things_share_their_hole(teller: Teller) -> None:
    """A disc and a square in the first row, a square in the second."""
    mask, seed = hole((0, 0, 64, 64)), 0
    both = teller.told([Subject("disc"), Subject("square", count=2)], mask, seed)
    disc = teller.told([Subject("disc")], hole((0, 0, 32, 32)), seed)
    assert both is not None
    assert disc is not None
    cover = both.cells[0, -1] != 0
    assert cover[:8, :8].any()
    assert cover[:8, 8:].any()
    assert cover[8:, 4:12].any()  # the third is amid the second row
    assert torch.equal(both.cells[0, :, :8, :8], disc.cells[0, :, :8, :8])


def test_as_many_things_as_blobs_have_one_each(teller: Teller) -> None:
    """From left to right, where others would share each blob."""
    left, right = (0, 34, 28, 62), (40, 2, 64, 26)
    both = teller.told([Subject("disc"), Subject("square")], hole(left, right), 0)
    assert both is not None
    for box, word, columns in ((left, "disc", slice(0, 8)), (right, "square", slice(8, 16))):
        alone = teller.told([Subject(word)], hole(box), 0)
        assert alone is not None
        assert alone.cells.any()
        assert torch.equal(both.cells[..., columns], alone.cells[..., columns])
    assert [box.left for box in places_of(2, hole(left, right), 8)] == [0, 40]
    assert len(places_of(3, hole(left, right), 8)) == 6


@pytest.mark.parametrize(
    ("box", "count", "boxes"),
    [
        (Box(0, 0, 60, 20), 3, [(0, 0, 20, 20), (20, 0, 40, 20), (40, 0, 60, 20)]),
        (Box(10, 0, 30, 40), 2, [(10, 0, 30, 20), (10, 20, 30, 40)]),
        (Box(0, 0, 40, 40), 3, [(0, 0, 20, 20), (20, 0, 40, 20), (10, 20, 30, 40)]),
        (Box(0, 0, 40, 44), 2, [(0, 0, 20, 44), (20, 0, 40, 44)]),  # rather side by side
        (Box(0, 0, 40, 48), 2, [(0, 0, 40, 24), (0, 24, 40, 48)]),
        (Box(5, 6, 40, 40), 1, [(5, 6, 40, 40)]),
    ],
)
def test_shares_of_a_box(box: Box, count: int, boxes: list[tuple[int, int, int, int]]) -> None:
    assert shared(box, count) == [Box(*edges) for edges in boxes]


def test_one_thing_has_the_frames_of_its_blobs() -> None:
    mask = hole((0, 0, 24, 24), (37, 40, 61, 64))
    tokens = token_mask(mask, 8)
    assert np.allclose(frames_in_shares(1, mask, tokens, 8), token_frames(mask, tokens, 8))


def test_each_share_is_a_hole_of_its_own() -> None:
    mask = hole((0, 16, 64, 48))
    tokens = token_mask(mask, 8)
    together = frames_in_shares(2, mask, tokens, 8).reshape(4, 8, 6)
    left = hole((0, 16, 32, 48))
    alone = token_frames(left, token_mask(left, 8), 8).reshape(4, 4, 6)
    assert np.allclose(together[:, :4], alone)
    assert np.allclose(together[:, 4:], alone)


def test_skin_is_what_the_prompt_says_or_the_seed_chooses(
    tiny_autoencoder: Autoencoder, tiny_config: LazyConfig
) -> None:
    teller = Teller(tiny_autoencoder, tiny_people(), tiny_config)
    mask = hole((4, 4, 60, 60))

    def painted(tone: str, seed: int) -> torch.Tensor:
        told = teller.told([Subject(TONED + "cook", tone=tone)], mask, seed)
        assert told is not None
        return told.cells

    tones = [painted(tone, 0) for tone in TONES]
    assert all(not torch.equal(a, b) for a, b in itertools.combinations(tones, 2))
    assert torch.equal(painted("dark", 3), tones[-1])
    chosen = [[torch.equal(painted("", k), tone) for tone in tones].index(True) for k in range(5)]
    assert chosen == [2, 3, 4, 0, 1]


def test_several_people_differ(tiny_autoencoder: Autoencoder, tiny_config: LazyConfig) -> None:
    teller = Teller(tiny_autoencoder, tiny_people(), tiny_config)
    told = teller.told([Subject(TONED + "cook", count=2)], hole((0, 16, 64, 48)), 0)
    assert told is not None
    left, right = told.cells[0, :, :, :8], told.cells[0, :, :, 8:]
    assert left.any()
    assert right.any()
    assert not torch.equal(left, right)
