from __future__ import annotations

import numpy as np
import pytest

from app.panels.fill.sketch_preview import noised_start


@pytest.fixture
def scene() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pixels = np.full((200, 300, 3), 240, np.uint8)
    mask = np.zeros((200, 300), np.bool_)
    mask[50:150, 100:200] = True
    sketch = np.zeros((200, 300, 4), np.uint8)
    sketch[50:150, 100:200] = (200, 30, 40, 255)
    return pixels, mask, sketch


def test_no_noise_is_the_sketch(scene: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    shown, counts = noised_start(*scene, 0.0, 64)
    assert counts
    assert max(shown.shape) == 64
    assert shown[32, 32].tolist() == [200, 30, 40]
    assert shown[0, 0].tolist() == [240, 240, 240], "the surroundings are seen as they are"


def test_the_sketch_fades_into_noise(scene: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    means, spreads = [], []
    for strength in (0.0, 0.5, 1.0):
        inside = noised_start(*scene, strength, 64)[0][20:44, 20:44, 0].astype(float)
        means.append(inside.mean())
        spreads.append(inside.std())
    assert means[0] > means[1] > means[2] > 110
    assert spreads[0] < spreads[1] < spreads[2]


def test_what_is_not_sketched_starts_from_the_picture(
    scene: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    pixels, mask, sketch = scene
    sketch[:, 150:] = 0
    shown = noised_start(pixels, mask, sketch, 0.0, 64)[0]
    assert shown[32, 20].tolist() == [200, 30, 40]
    assert shown[32, 44].tolist() == [240, 240, 240]


def test_it_is_the_same_each_time(scene: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    assert np.array_equal(noised_start(*scene, 0.7, 64)[0], noised_start(*scene, 0.7, 64)[0])


def test_a_sketch_beside_the_mask_does_not_count(
    scene: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    pixels, mask, sketch = scene
    assert not noised_start(pixels, mask, np.roll(sketch, 100, axis=1), 0.5, 64)[1]
    assert not noised_start(pixels, np.zeros_like(mask), sketch, 0.5, 64)[1]


def test_a_mask_at_the_edge_and_a_tiny_one(
    scene: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    pixels, _, sketch = scene
    for box in (np.s_[0:3, 297:300], np.s_[199:200, 0:1], np.s_[:, :]):
        mask = np.zeros((200, 300), np.bool_)
        mask[box] = True
        shown, _ = noised_start(pixels, mask, sketch, 0.5, 64)
        assert 0 < min(shown.shape[:2]) <= max(shown.shape[:2]) <= 64
