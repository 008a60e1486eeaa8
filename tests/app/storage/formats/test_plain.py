"""Plain pictures: what the artist brought comes back, also by way of a project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe, Variant
from app.document.source_file import SourceFile
from app.storage import formats
from app.storage.formats.contents import Opened, Project, Saving
from lazydiff_core.contract import Box
from lazydiff_core.images.reading import read_picture
from tests.app.storage.formats.pictures import odd_profile

HIGH, WIDE = 40, 60
FILLED = Box(10, 10, 30, 30)


def noise(channels: int, kind: type[np.generic] = np.uint8, seed: int = 0) -> np.ndarray:
    most = np.iinfo(kind).max + 1
    return np.random.default_rng(seed).integers(0, most, (HIGH, WIDE, channels), kind)


def filled(opened: Opened) -> Project:
    """The picture with a fill in it."""
    project = opened.picture
    canvas = project.pixels()[FILLED.slices]
    colour = np.array((10, 200, 30, 255), np.uint8)[: project.channels]
    mask = np.ones(FILLED.shape, np.bool_)
    variants = (Variant(np.tile(colour, (*FILLED.shape, 1)), 1),)
    edit = Edit(FILLED, mask, canvas.copy(), Recipe(), variants)
    return replace(project, stack=EditStack(project.stack.base, (edit,)))


def untouched(samples: np.ndarray) -> np.ndarray:
    kept = np.ones((HIGH, WIDE), np.bool_)
    kept[FILLED.slices] = False
    return samples[kept]


def through_project(project: Project, folder: Path) -> Project:
    formats.write(project, folder / "way.lazydiff")
    opened = formats.read(folder / "way.lazydiff")
    assert not opened.problems
    return opened.picture


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    """16 bits a channel with alpha, and something to say."""
    path = tmp_path / "deep.png"
    assert cv2.imwrite(str(path), noise(4, np.uint16))
    return path


@pytest.mark.parametrize("saved_between", [False, True])
def test_16_bits_come_back_where_nothing_was_filled(
    deep: Path, tmp_path: Path, saved_between: bool
) -> None:
    before = read_picture(deep).original
    assert before is not None
    project = filled(formats.read(deep))
    if saved_between:
        project = through_project(project, tmp_path)
    formats.write(project, tmp_path / "out.png")
    after = read_picture(tmp_path / "out.png")
    assert after.original is not None
    assert after.original.samples.dtype == np.uint16
    assert np.array_equal(untouched(after.original.samples), untouched(before.samples))
    assert (after.pixels[FILLED.slices] == (10, 200, 30, 255)).all()


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
@pytest.mark.parametrize("saved_between", [False, True])
def test_profile_texts_and_resolution_come_back(
    tmp_path: Path, suffix: str, saved_between: bool
) -> None:
    profile = odd_profile()
    path = tmp_path / f"odd{suffix}"
    image = Image.fromarray(noise(3))
    extra = {"lossless": True, "exact": True} if suffix == ".webp" else {}
    image.save(path, icc_profile=profile, **extra)
    project = filled(formats.read(path))
    assert not np.array_equal(project.stack.base, noise(3)), "shown as what the numbers mean"
    if saved_between:
        project = through_project(project, tmp_path)
    formats.write(project, path)
    with Image.open(path) as again:
        assert again.info["icc_profile"] == profile
        assert np.array_equal(untouched(np.asarray(again)), untouched(noise(3)))


def test_texts_stay_and_recipes_are_added(tmp_path: Path) -> None:
    path, texts = tmp_path / "a.png", PngInfo()
    texts.add_text("parameters", "a cat, Steps: 20")
    Image.fromarray(noise(3)).save(path, pnginfo=texts, dpi=(300, 300))
    formats.write(filled(formats.read(path)), path, Saving(recipes=True))
    with Image.open(path) as image:
        assert image.info["parameters"] == "a cat, Steps: 20"
        assert round(image.info["dpi"][0]) == 300
    again = filled(formats.read(path))
    formats.write(again, path)
    assert len(formats.read(path).recipes) == 1, "those of an earlier sitting stay"


def test_a_plain_picture_costs_nothing_more(tmp_path: Path) -> None:
    for mode, channels in (("RGB", 3), ("RGBA", 3), ("L", 3)):
        Image.new(mode, (WIDE, HIGH), "white").save(tmp_path / "a.png")
        project = formats.read(tmp_path / "a.png").picture
        assert project.channels == channels
        if mode != "L":
            assert project.source is None


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".ora"])
def test_transparency_comes_back_to_the_hidden_colour(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(noise(4)).save(path)
    project = filled(formats.read(path))
    formats.write(project, tmp_path / f"b{suffix}")
    found = formats.read(tmp_path / f"b{suffix}").picture.pixels()
    assert np.array_equal(found, project.pixels())
    assert np.array_equal(untouched(found), untouched(noise(4)))


def test_what_a_format_cannot_keep_is_told(tmp_path: Path, deep: Path) -> None:
    project = formats.read(deep).picture
    assert formats.losses(project, tmp_path / "a.png") == ()
    assert formats.losses(project, tmp_path / "a.lazydiff") == ()
    assert "depth" in formats.losses(project, tmp_path / "a.ora")[0]
    assert formats.losses(replace(project, source=None), tmp_path / "a.ora") == ()
    told = " ".join(formats.losses(project, tmp_path / "a.jpg"))
    assert "transparency" in told
    assert "16 bits" in told
    assert "JPEG compresses" in told


def test_frames_that_are_not_shown_take_the_name_away(tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    frames = [Image.new("RGB", (WIDE, HIGH), colour) for colour in ("red", "blue", "green")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    opened = formats.read(path)
    assert not opened.is_whole
    assert opened.not_kept == ("2 more frames",)


def test_of_many_pages_only_the_first_is_carried_along(tmp_path: Path) -> None:
    path = tmp_path / "pages.tif"
    first, second = (Image.fromarray(noise(3, seed=seed)) for seed in (1, 2))
    first.save(path, save_all=True, append_images=[second] * 20, dpi=(72, 72))
    opened = formats.read(path)
    assert opened.not_kept
    source = opened.picture.source
    assert source is not None
    assert len(source.data) < path.stat().st_size / 5
    formats.write(filled(opened), tmp_path / "b.tif")
    with Image.open(tmp_path / "b.tif") as image:
        assert round(float(image.info["dpi"][0])) == 72
        assert np.array_equal(untouched(np.asarray(image)), untouched(noise(3, seed=1)))


def test_a_source_of_another_size_gives_its_metadata_alone(deep: Path, tmp_path: Path) -> None:
    """A canvas that was enlarged since has other pixels at the same places."""
    opened = formats.read(deep)
    larger = np.zeros((HIGH + 5, WIDE, 4), np.uint8)
    project = replace(
        opened.picture, stack=EditStack(larger), cover=np.zeros(larger.shape[:2], np.uint8)
    )
    formats.write(project, tmp_path / "out.png")
    assert np.array_equal(read_picture(tmp_path / "out.png").pixels, larger)


def test_a_source_that_cannot_be_read_any_more_is_no_reason_not_to_save(tmp_path: Path) -> None:
    stack = EditStack(noise(3))
    project = Project(stack, np.zeros((HIGH, WIDE), np.uint8), source=SourceFile("a.png", b"?"))
    formats.write(project, tmp_path / "out.png")
    assert np.array_equal(read_picture(tmp_path / "out.png").pixels, noise(3))


def test_generated_parts_are_marked_unless_turned_off(tmp_path: Path) -> None:
    Image.fromarray(noise(3)).save(tmp_path / "a.png")
    opened = formats.read(tmp_path / "a.png")
    cases = (
        (filled(opened), Saving(), True),
        (filled(opened), Saving(marks_generated=False), False),
        (opened.picture, Saving(), False),
    )
    for project, saving, marked in cases:
        formats.write(project, tmp_path / "b.png", saving)
        found = read_picture(tmp_path / "b.png").metadata.xmp
        assert (b"rainedAlgorithmicMedia" in found) is marked
