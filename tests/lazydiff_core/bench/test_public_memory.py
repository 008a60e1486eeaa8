"""The loader's estimates against what the real shapes need."""

from __future__ import annotations

import pytest

from lazydiff_core.backends.cached_dit.cache_settings import Mode
from lazydiff_core.bench.public_memory import COUNTS, Counted, memory_rows
from lazydiff_core.errors import InputError, OutOfMemoryError


@pytest.fixture(scope="module")
def klein() -> Counted:
    return COUNTS["klein4b"](0.1)


@pytest.fixture(scope="module")
def z_image() -> Counted:
    return COUNTS["z-image"](0.1)


@pytest.fixture(scope="module")
def pixart() -> Counted:
    return COUNTS["pixart"](0.1)


def test_the_shapes_are_the_published_ones(
    klein: Counted, z_image: Counted, pixart: Counted
) -> None:
    assert pixart.needs.text.all == 4_762_310_656
    assert (pixart.shape.layers, pixart.shape.width, pixart.steps) == (28, 1152, 20)
    assert klein.needs.denoiser.all == 3_875_544_576
    assert klein.needs.pictures.all == 84_046_115
    assert (klein.shape.layers, klein.shape.width) == (25, 3072)
    assert z_image.needs.denoiser.all == 6_154_908_736
    assert z_image.needs.pictures.all == 83_819_683
    assert (z_image.shape.layers, z_image.shape.width, z_image.steps) == (32, 3840, 8)


def test_the_loader_plans_with_what_is_needed(
    klein: Counted, z_image: Counted, pixart: Counted
) -> None:
    """Never with less, and with no more than a quarter too much."""
    for model in (klein, z_image, pixart):
        for planned, counted in (
            (model.needs.step, model.activations["fill"]),
            (model.needs.work, model.activations["decode"]),
        ):
            assert counted <= planned <= 1.25 * counted
        assert model.activations["step"] < 0.3 * model.activations["fill"]


def test_the_card_that_is_promised(klein: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COUNTS, "klein4b", lambda share: klein)
    rows = memory_rows("klein4b", 0.1, 8 * 10**9)
    assert [row.stage for row in rows] == ["text", "encode", "fill", "step", "decode"]
    assert max(row.peak_gb for row in rows) < 7.5
    assert all("8 bits" in row.plan and "visits" in row.plan for row in rows)
    with pytest.raises(OutOfMemoryError):
        memory_rows("klein4b", 0.1, 10**9)


def test_z_image_on_its_card(z_image: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COUNTS, "z-image", lambda share: z_image)
    assert max(row.peak_gb for row in memory_rows("z-image", 0.1, 12 * 10**9)) < 10
    rows = memory_rows("z-image", 0.1, 8 * 10**9)
    assert max(row.peak_gb for row in rows) < 7
    assert all("4 bits" in row.plan for row in rows)


def test_pixart_leaves_t5_in_main_memory(pixart: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COUNTS, "pixart", lambda share: pixart)
    rows = memory_rows("pixart", 0.1, 6 * 10**9)
    assert max(row.peak_gb for row in rows) < 4.1
    assert all("text encoder stays in main memory" in row.plan for row in rows)
    assert "text encoder" not in memory_rows("pixart", 0.1, 48 * 10**9)[0].plan


def test_reference_pictures_are_counted(klein: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COUNTS, "klein4b", lambda share: klein)
    assert klein.reference <= klein.needs.reference <= 1.3 * klein.reference

    def most(card: int, references: int, mode: Mode = "bank") -> float:
        rows = memory_rows("klein4b", 0.1, card * 10**9, references, mode)
        return max(row.peak_gb for row in rows)

    assert most(8, 0) == most(8, 1) < most(8, 3)
    for references in range(4):
        assert most(12, references) < 12
        assert most(12, references, "reference") < 12
    assert most(8, 0, "reference") < 8, "keys leave room for the decoder"
    plan = memory_rows("klein4b", 0.1, 8 * 10**9, 3)[0].plan
    assert "Room for reference pictures of the full size: 2 of 3." in plan
    with pytest.raises(InputError, match="pixart is shown no reference pictures"):
        memory_rows("pixart", 0.1, 8 * 10**9, 1)
