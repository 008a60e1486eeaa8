from __future__ import annotations

import json
from pathlib import Path

import pytest

from lazydiff_core.backends import BACKENDS
from lazydiff_core.backends.declared import own_backend
from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.pipelines import BACKEND_OF


@pytest.mark.parametrize(
    ("config", "backend"),
    [
        ({"lazy": {"architecture": "regenerate_image"}}, "regenerate_image"),
        ({"lazy": {"architecture": "regenerate_crop"}}, "regenerate_crop"),
        ({"lazy": {"architecture": "magic"}}, "lazydiffusion"),
        ({"lazy": {}}, "lazydiffusion"),
        ({"lazy": 3}, "lazydiffusion"),
        ([], "lazydiffusion"),
    ],
)
def test_model_folders(config: object, backend: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert own_backend(str(tmp_path)) == backend


@pytest.mark.parametrize(
    ("index", "backend"),
    [
        ('{"_class_name": "StableDiffusionXLInpaintPipeline"}', "sdxl_inpaint"),
        ('{"_class_name": "StableDiffusionInpaintPipeline"}', "sd2_crop"),
        ('{"_class_name": "PixArtSigmaPipeline"}', "cached_dit"),
        ("{", "cached_dit"),
    ],
)
def test_pipelines(index: str, backend: str, tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text(index)
    assert own_backend(str(tmp_path)) == backend


def test_names() -> None:
    assert own_backend("bundled") == "lazydiffusion"
    assert own_backend("fake") == "fake"


def test_nothing_there(tmp_path: Path) -> None:
    assert own_backend(str(tmp_path)) == "lazydiffusion"  # which says what is missing
    with pytest.raises(ModelError, match="no model"):
        own_backend(str(tmp_path / "none"))


def test_what_is_offered_for_download_can_be_run() -> None:
    from lazydiff_core.backends.cached_dit.family import FAMILIES

    assert set(BACKEND_OF.values()) < set(BACKENDS)
    lazy = {kind for kind, backend in BACKEND_OF.items() if backend == "cached_dit"}
    assert lazy == {kind for kind in FAMILIES if kind.endswith("Pipeline")}
