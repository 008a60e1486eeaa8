from __future__ import annotations

from typing import Any

import pytest

from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.config import BUNDLED, XL, LazyConfig


def test_the_papers_sizes() -> None:
    assert (XL.token_pixels, XL.grid, XL.token_width, XL.output_width) == (16, 64, 16, 32)
    assert (XL.width, XL.heads, XL.decoder_blocks, XL.objective) == (1152, 16, 28, "iddpm")


def test_the_bundled_models_sizes() -> None:
    assert BUNDLED.grid * BUNDLED.token_pixels == BUNDLED.side
    assert BUNDLED.output_width == BUNDLED.token_width


@pytest.mark.parametrize("config", [BUNDLED, XL])
def test_it_survives_its_file(config: LazyConfig) -> None:
    assert LazyConfig.from_dict(config.to_dict()) == config
    assert LazyConfig.from_dict(config.to_dict() | {"_comment": "ours"}) == config


@pytest.mark.parametrize("sizes", [{"side": 500}, {"heads": 3}, {"width": 6, "heads": 2}])
def test_sizes_that_do_not_fit(sizes: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="do not fit together"):
        LazyConfig(**sizes)


@pytest.mark.parametrize("values", [{"depth": 3}, {"side": "512"}, {"side": None}])
def test_unknown_or_ill_typed_entries(values: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="not a lazy diffusion model's config"):
        LazyConfig.from_dict(values)
