from __future__ import annotations

from pathlib import Path

import pytest

from lazydiff_core.bench.latent_cost import measure_latents
from lazydiff_core.model.autoencoders import recorded_passes
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.autoencoders.sd_autoencoder import load_sd_autoencoder


def test_exact_crops_have_no_error(tiny_autoencoder: Autoencoder) -> None:
    rows = measure_latents(tiny_autoencoder, 256, (0.02, 0.1), rounds=1)
    assert [(row.direction, row.mask_ratio) for row in rows] == [
        ("encode", 0.02), ("decode", 0.02), ("encode", 0.1), ("decode", 0.1),
    ]  # fmt: skip
    for row in rows:
        assert row.error_max < 1e-3
        assert (row.shift, row.fell_back) == (0, False)
        assert row.full_seconds > 0
        assert row.to_dict()["times_faster"] == row.times_faster


def test_replayed_statistics_have_one_and_fall_back(
    pixart_pipeline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec = load_sd_autoencoder(pixart_pipeline / "vae")
    encode, decode = measure_latents(codec, 512, (0.01,), rounds=1)
    for row in (encode, decode):
        assert row.shift > 0
        assert not row.fell_back
        assert 0 < row.error_mean <= row.error_p99 <= row.error_max
    monkeypatch.setattr(recorded_passes, "MAX_SHIFT", 0.0)
    for row in measure_latents(codec, 512, (0.01,), rounds=1):
        assert row.fell_back
        assert row.error_max < 1e-2
