"""FID and CLIPScore by tiny stand-ins, against the libraries' own values and our formulas."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn

from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.evaluation.clip import load_clip
from lazydiff_core.evaluation.frechet import frechet_distance, moments
from lazydiff_core.evaluation.paper_scores import load_inception, paper_scores, read_weights

CPU = torch.device("cpu")
CAPTIONS = ("red apple", "cat", "a green tree", "cat on a mat", "x", "sun", "boat", "blue")


class Colours(nn.Module):
    """Features of a picture of any size: its mean colours and how they vary."""

    num_features = 4

    def forward(self, pictures: Tensor) -> Tensor:
        assert pictures.dtype == torch.uint8
        flat = pictures.float().flatten(2)
        return torch.cat([flat.mean(2), flat.std(2).mean(1, keepdim=True)], dim=1)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Nine real pictures and eight fills, of different sizes."""
    source = np.random.default_rng(0)
    for name, count, shift in (("images", 9, 0), ("fills", 8, 60)):
        (tmp_path / name).mkdir()
        for k in range(count):
            pixels = source.integers(0, 190, (24 + k, 30, 3)) + shift
            Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / name / f"{k}.png")
    for k, caption in enumerate(CAPTIONS):
        (tmp_path / "fills" / f"{k}.txt").write_text(f" {caption}\n")
    return tmp_path / "images", tmp_path / "fills"


def pixels_of(folder: Path) -> list[np.ndarray]:
    return [np.array(Image.open(path)) for path in sorted(folder.glob("*.png"))]


def test_the_scores_are_the_libraries(folders: tuple[Path, Path], clip_folder: Path) -> None:
    told: list[tuple[int, int]] = []
    found = paper_scores(
        *folders, Colours(), str(clip_folder), CPU, lambda *news: told.append(news)
    )
    assert (found.pictures, found.real) == (8, 9)
    assert told == [(k, 17) for k in range(1, 18)]
    real, made = (pixels_of(folder) for folder in folders)
    features = [
        torch.cat([Colours()(torch.from_numpy(one).permute(2, 0, 1)[None]) for one in several])
        for several in (real, made)
    ]
    assert found.fid == pytest.approx(frechet_distance(*map(moments, features)), rel=1e-4)
    assert found.fid > 100
    clip = load_clip(str(clip_folder))
    images = [Image.open(path) for path in sorted(folders[1].glob("*.png"))]
    inputs = clip.processor(
        text=list(CAPTIONS), images=images, return_tensors="pt", padding=True, truncation=True
    )
    with torch.inference_mode():
        outputs = clip.model(**inputs)
    cosines = (outputs.image_embeds * outputs.text_embeds).sum(-1)
    assert found.clip_score == pytest.approx(float(cosines.clamp(min=0).mean()), abs=1e-5)
    assert len(made) == len(CAPTIONS)


def test_no_difference_is_no_distance(folders: tuple[Path, Path], clip_folder: Path) -> None:
    fills = folders[1]
    found = paper_scores(fills, fills, Colours(), str(clip_folder), CPU)
    assert found.fid == pytest.approx(0, abs=1e-2)


# --- weights -------------------------------------------------------------------------------------


class Evil:
    def __reduce__(self) -> Any:
        return Path.touch, (Path("pwned"),)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_weights_are_tensors_by_name(tmp_path: Path, suffix: str) -> None:
    path, state = tmp_path / f"w{suffix}", {"a.weight": torch.arange(6.0)}
    (save_file if suffix == ".safetensors" else torch.save)(state, path)
    assert torch.equal(read_weights(path)["a.weight"], state["a.weight"])


def test_a_pickle_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"a": torch.zeros(1), "b": Evil()}, tmp_path / "evil.pth")
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(Evil()))
    for name in ("evil.pth", "plain.pth"):
        with pytest.raises(ModelError, match=rf"{name} cannot be read"):
            read_weights(tmp_path / name)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("content", [[1, 2], {}, {"a": 1}, torch.zeros(2)])
def test_files_without_weights(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "w.pth")
    with pytest.raises(ModelError, match="holds no weights by name"):
        read_weights(tmp_path / "w.pth")


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "w.pth").write_bytes(b"no weights")
    for name in ("w.pth", "gone.pth", "gone.safetensors"):
        with pytest.raises(ModelError, match="cannot be read"):
            read_weights(tmp_path / name)


class TheirInception(nn.Module):
    """torch-fidelity's way of loading: it unpickles whatever the file holds."""

    def __init__(
        self, name: str, features_list: list[str], feature_extractor_weights_path: str
    ) -> None:
        super().__init__()
        assert features_list == ["2048"]
        self.fc = nn.Linear(3, 2048, bias=False)
        self.load_state_dict(torch.load(feature_extractor_weights_path, weights_only=False))

    def forward(self, pictures: Tensor) -> tuple[Tensor]:
        return (self.fc(pictures.float().mean((2, 3))),)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch-fidelity, as far as it is used."""
    module = ModuleType("torch_fidelity.feature_extractor_inceptionv3")
    vars(module)["FeatureExtractorInceptionV3"] = TheirInception
    monkeypatch.setitem(sys.modules, "torch_fidelity", ModuleType("torch_fidelity"))
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.usefixtures("library")
def test_the_library_is_given_nothing_but_tensors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"fc.weight": torch.randn(2048, 3)}
    torch.save(state, tmp_path / "inception.pth")
    network = load_inception(tmp_path / "inception.pth")
    picture = torch.full((1, 3, 5, 7), 2, dtype=torch.uint8)
    assert torch.allclose(network(picture)[0], 2 * state["fc.weight"].sum(1), atol=1e-4)
    monkeypatch.chdir(tmp_path)
    torch.save(state | {"b": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(ModelError, match="it holds more than weights"):
        load_inception(tmp_path / "evil.pth")
    assert not (tmp_path / "pwned").exists()
    torch.save({"fc.weight": torch.randn(5, 3)}, tmp_path / "other.pth")
    with pytest.raises(ModelError, match="another network's weights"):
        load_inception(tmp_path / "other.pth")


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    with pytest.raises(ModelError, match=r"install the extra by `pip install '\.\[fid\]'`"):
        load_inception(tmp_path / "w.pth")


# --- folders -------------------------------------------------------------------------------------


def test_folders_that_cannot_be_compared(
    folders: tuple[Path, Path], clip_folder: Path, tmp_path: Path
) -> None:
    images, fills = folders
    for given in ((tmp_path / "gone", fills), (images, tmp_path / "gone")):
        with pytest.raises(InputError, match="There is no folder"):
            paper_scores(*given, Colours(), str(clip_folder), CPU)
    (tmp_path / "few").mkdir()
    with pytest.raises(InputError, match="too few pictures"):
        paper_scores(images, tmp_path / "few", Colours(), str(clip_folder), CPU)
    (fills / "3.txt").unlink()
    with pytest.raises(InputError, match=r"3\.png has no caption: write what it should show"):
        paper_scores(images, fills, Colours(), str(clip_folder), CPU)
    (fills / "3.txt").write_text("cat")
    with pytest.raises(ModelError, match="There is no CLIP"):
        paper_scores(images, fills, Colours(), str(tmp_path), CPU)
