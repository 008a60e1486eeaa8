from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.formats.raster import SIDE, pack, planes_of, tiles_of, unpack
from lazydiff_core.errors import ProjectError


@given(
    st.integers(1, 40), st.integers(1, 40), st.sampled_from((1, 3, 4)), st.booleans(), st.booleans()
)
def test_what_is_packed_is_unpacked(
    height: int, width: int, channels: int, flat: bool, quick: bool
) -> None:
    rng = np.random.default_rng(height * 41 + width)
    pixels = rng.integers(0, 256, (height, width, channels), np.uint8)
    if flat:
        pixels[:] = pixels[0, 0]
    assert np.array_equal(unpack(pack(pixels, quick=quick), pixels.shape), pixels)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (256, 256), (257, 511), (600, 30)])
def test_tiles_cover_everything_once(height: int, width: int) -> None:
    count = np.zeros((height, width), int)
    for box in tiles_of((height, width)):
        count[box.slices] += 1
        assert max(box.width, box.height) <= SIDE
    assert (count == 1).all()


def test_flat_tiles_become_small_and_noise_is_not_laboured_at() -> None:
    flat = np.full((256, 256, 3), 77, np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, flat.shape, np.uint8)
    assert len(pack(flat, quick=True)) < 2000
    assert noise.nbytes < len(pack(noise, quick=True)) < noise.nbytes * 1.01


def test_a_tile_is_never_packed_smaller_than_asked() -> None:
    flat = np.zeros((256, 256, 3), np.uint8)
    packed = pack(flat, least=20_000)
    assert len(packed) >= 20_000
    assert np.array_equal(unpack(packed, flat.shape), flat)


@pytest.mark.parametrize("damage", ["cut", "changed", "longer", "empty"])
def test_damaged_pixels_never_pass_for_sound_ones(damage: str) -> None:
    packed = pack(np.random.default_rng(0).integers(0, 256, (30, 30, 3), np.uint8))
    broken = {
        "cut": packed[:-1],
        "changed": packed[:500] + bytes([packed[500] ^ 1]) + packed[501:],
        "longer": zlib.compress(bytes(2701)),
        "empty": b"",
    }[damage]
    with pytest.raises(ProjectError, match="pixels"):
        unpack(broken, (30, 30, 3))


def test_masks_have_one_plane_of_zeros_and_ones() -> None:
    planes = planes_of(np.eye(3, dtype=np.bool_))
    assert planes.shape == (3, 3, 1)
    assert planes[..., 0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
