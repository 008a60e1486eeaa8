"""What the artist brought comes back from `lazydiff fill` and `remove`."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lazydiff_core.backends import load_backend
from lazydiff_core.cli.paint import fill
from lazydiff_core.contract import EditRequest, EditResult, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.images import xmp as xmps
from lazydiff_core.images.masks import read_mask
from lazydiff_core.images.reading import read_picture


def outside(pictures: Any) -> np.ndarray:
    return ~read_mask(pictures.mask).hole


def test_transparency_is_kept_and_a_fill_is_opaque(lazydiff: Any, pictures: Any) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 96, 4), np.uint8)
    Image.fromarray(pixels).save(pictures.image)
    assert lazydiff(*pictures.fill).code == 0

    after = np.asarray(Image.open(pictures.out))
    assert np.array_equal(after[outside(pictures)], pixels[outside(pictures)])
    assert (after[~outside(pictures)][:, 3] == 255).all()


def test_sixteen_bits_profile_and_metadata_are_kept(lazydiff: Any, pictures: Any) -> None:
    deep = np.random.default_rng(1).integers(0, 65536, (64, 96, 3)).astype(np.uint16)
    said = PngInfo()
    said.add_text("parameters", "a cat\nSteps: 20")
    marked = BytesIO()
    Image.new("RGB", (1, 1)).save(marked, "PNG", pnginfo=said, dpi=(300, 300))
    chunks = marked.getvalue()[33 : marked.getvalue().index(b"IDAT") - 4]
    data = cv2.imencode(".png", deep[..., ::-1])[1].tobytes()
    pictures.image.write_bytes(data[:33] + chunks + data[33:])
    assert lazydiff(*pictures.fill).code == 0

    after = read_picture(pictures.out)
    assert after.original is not None
    assert np.array_equal(after.original.samples[outside(pictures)], deep[outside(pictures)])
    assert after.metadata.text == (("parameters", "a cat\nSteps: 20"),)
    assert after.metadata.dpi == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize("command", ["fill", "remove"])
def test_the_picture_says_that_parts_were_generated(
    lazydiff: Any, pictures: Any, command: str
) -> None:
    prompt = ["--prompt", "x", "--model", "fake"] if command == "fill" else []
    arguments = [command, pictures.image, "--mask", pictures.mask, "--out", pictures.out, *prompt]
    assert lazydiff(*arguments).code == 0
    assert xmps.source_type(read_picture(pictures.out).metadata.xmp) == xmps.COMPOSITE

    assert lazydiff(*arguments, "--no-source-type").code == 0
    assert read_picture(pictures.out).metadata.xmp == b""


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".avif"])
def test_recipes_are_added_when_asked_for(lazydiff: Any, pictures: Any, suffix: str) -> None:
    out = pictures.out.with_suffix(suffix)
    assert lazydiff(*pictures.fill, "--out", out).code == 0
    assert read_picture(out).metadata.recipes == ""
    for prompt in ("a red mushroom", "a blue cat"):
        asked = [*pictures.fill, "--prompt", prompt, "--out", out, "--write-recipe"]
        assert lazydiff(*asked).code == 0
        pictures.image.write_bytes(out.read_bytes())

    edits = json.loads(read_picture(out).metadata.recipes)["edits"]
    assert [edit["recipe"]["prompt"] for edit in edits] == ["a red mushroom", "a blue cat"]
    assert edits[0]["box"] == [30, 20, 60, 44]
    assert edits[0]["recipe"]["colour_space"] == "sRGB"


def test_what_cannot_be_kept_is_said_before_anything_is_computed(
    lazydiff: Any, pictures: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Engine):
        """An engine that ends where computing would begin."""

        def run(self, request: EditRequest, on_progress: Any, *_: object) -> EditResult:
            on_progress(Progress(request.id, "context"))
            raise OutOfMemoryError("There is no room.")

    pixels = np.full((64, 96, 4), 128, np.uint8)
    Image.fromarray(pixels).save(pictures.image)
    fake = load_backend("fake", "fake", "cpu")
    monkeypatch.setattr(fill, "load_engine", lambda *_: (Stopped(fake), 0.0))
    outcome = lazydiff(*pictures.fill, "--out", pictures.folder / "o.jpg")

    assert "o.jpg will not keep: transparency" in outcome.err
    assert "compressed again" in outcome.err
    assert outcome.code == 2


def test_a_film_is_not_replaced_by_its_first_frame(lazydiff: Any, pictures: Any) -> None:
    film = pictures.folder / "film.webp"
    frames = [Image.new("RGB", (96, 64), colour) for colour in ("red", "blue")]
    frames[0].save(film, save_all=True, append_images=frames[1:])
    asked = ["fill", film, "--mask", pictures.mask, "--prompt", "x", "--model", "fake"]
    before = film.read_bytes()

    refused = lazydiff(*asked, "--out", film)
    assert refused.code == 2
    assert "1 more frame, which would be lost" in refused.err
    assert film.read_bytes() == before
    taken = lazydiff(*asked, "--out", pictures.out)
    assert taken.code == 0
    assert "will not keep: 1 more frame" in taken.err


def test_a_picture_that_is_replaced_by_its_fill_is_kept(lazydiff: Any, pictures: Any) -> None:
    before = pictures.image.read_bytes()
    assert lazydiff(*pictures.fill, "--out", pictures.image).code == 0

    assert pictures.image.read_bytes() != before
    assert (pictures.folder / "in.png~").read_bytes() == before


def test_a_soft_mask_fills_softly_and_an_inverted_one_the_rest(
    lazydiff: Any, pictures: Any
) -> None:
    soft = cv2.GaussianBlur(np.asarray(Image.open(pictures.mask)), (0, 0), 4)
    Image.fromarray(soft).save(pictures.mask)
    outcome = lazydiff(*pictures.fill, "--json")
    assert "soft edges" in outcome.document["mask"]
    before, after = (
        read_picture(path).pixels.astype(int) for path in (pictures.image, pictures.out)
    )
    faint = (soft > 0) & (soft < 20)
    full = soft == 255
    assert np.abs(after - before)[faint].mean() < np.abs(after - before)[full].mean() / 4

    Image.fromarray(np.where(soft > 127, 255, 0).astype(np.uint8)).save(pictures.mask)
    lazydiff(*pictures.fill, "--invert-mask")
    after = read_picture(pictures.out).pixels
    assert np.array_equal(after[soft > 127], before[soft > 127])


def test_a_picture_with_erased_parts_is_its_own_mask(lazydiff: Any, pictures: Any) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 96, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[10:30, 40:70, 3] = 0
    Image.fromarray(pixels).save(pictures.image)
    asked = ["fill", pictures.image, "--mask", pictures.image, "--prompt", "x", "--model", "fake"]
    outcome = lazydiff(*asked, "--out", pictures.out, "--json")

    assert "what is transparent in the picture" in outcome.document["mask"]
    assert (read_picture(pictures.out).pixels[..., 3] == 255).all()
