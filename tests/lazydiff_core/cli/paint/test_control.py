"""`fill --control`: a control network for Z-Image, and the picture or sketch that it follows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lazydiff_core.images.recipe_notes import edits_in
from tests.lazydiff_core import public_layouts as layouts
from tests.lazydiff_core.cli.driving import Pictures, Run

pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type:DeprecationWarning", "ignore:__array__ implementation:DeprecationWarning"
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "z-image"
    layouts.z_image(folder, layers=6)
    layouts.z_image_control(folder.parent / "union.safetensors", "2.1", 6)
    return folder


def test_a_fill_follows_a_picture_or_the_sketch(
    model: Path, lazydiff: Run, pictures: Pictures
) -> None:
    network, sketch = model.parent / "union.safetensors", pictures.folder / "sketch.png"
    strokes = np.zeros((64, 96, 4), np.uint8)
    strokes[30, 10:60] = (200, 30, 30, 255)
    Image.fromarray(strokes).save(sketch)
    fill = [*pictures.fill[:-1], model, "--device", "cpu", "--steps", "2", "--json"]
    painted = []
    for more in (
        [],
        ["--control", network, pictures.image],
        ["--control", f"{network}:0.3", pictures.image],
        ["--control", network, "sketch", "--sketch", sketch],
        ["--control", network, "sketch", "--sketch", sketch, "--strength", "0.5"],
    ):
        outcome = lazydiff(*fill, *more)
        assert outcome.code == 0, outcome.err
        assert outcome.document["pixels_changed_outside_mask"] == 0
        painted.append(pictures.out.read_bytes())
    assert len(set(painted)) == len(painted)


def test_the_recipe_names_the_files_without_their_folders(
    model: Path, lazydiff: Run, pictures: Pictures
) -> None:
    network = model.parent / "union.safetensors"
    fill = [*pictures.fill[:-1], model, "--device", "cpu", "--steps", "1", "--write-recipe"]
    outcome = lazydiff(*fill, "--control", network, pictures.image)
    assert outcome.code == 0, outcome.err
    with Image.open(pictures.out) as picture:
        notes = [text for text in picture.info.values() if isinstance(text, str)]
    (edit,) = (edit for note in notes for edit in edits_in(note))
    assert edit["recipe"]["control"] == f"union.safetensors:0.75\n{pictures.image.name}"


def test_what_cannot_be_asked_for(model: Path, lazydiff: Run, pictures: Pictures) -> None:
    network, other = model.parent / "union.safetensors", model / "vae"
    weights = next(other.glob("*.safetensors"))
    fill = [*pictures.fill[:-1], model, "--device", "cpu"]
    for given, control, said in (
        (pictures.fill, (network, pictures.image), "follows no control picture here"),
        (fill, (weights, pictures.image), "is no control network for Z-Image, by its tensors"),
        (fill, (f"{network}:9", pictures.image), "must lie between 0 and 2"),
        (fill, (network, "sketch"), "to follow the sketch, and there is none"),
        (fill, (network, pictures.folder / "gone.png"), "gone.png"),
    ):
        outcome = lazydiff(*given, "--control", *control)
        assert (outcome.code, outcome.out) == (2, "")
        assert said in outcome.err
