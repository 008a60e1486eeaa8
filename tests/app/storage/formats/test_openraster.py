from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.document.edit_stack import EditStack
from app.document.edits import Recipe, Variant
from app.storage import formats
from app.storage.formats.contents import Project
from app.storage.formats.openraster import MERGED, layers, patch_of, write_openraster
from lazydiff_core.contract import RGB, RGBA, Box
from lazydiff_core.errors import TargetError
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.geometry.pixels import shown_through
from tests.app.storage.formats.pictures import layered_picture, some_edit, some_picture


def soft_picture(seed: int, edits: int = 3) -> Project:
    """A picture whose soft edits are what a fill makes of them."""
    picture = some_picture(seed, 90, 140, edits=0)
    rng = np.random.default_rng(seed)
    stack = picture.stack
    for number in range(edits):
        edit = some_edit(rng, stack, number)
        if edit.cover is not None:
            cover = np.where(edit.mask, np.maximum(edit.cover, 1), 0).astype(np.uint8)
            shown = tuple(
                Variant(shown_through(v.pixels, edit.before, cover), v.seed) for v in edit.variants
            )
            edit = replace(edit, cover=cover, variants=shown)
        stack = EditStack(stack.base, (*stack.edits, edit))
    return replace(picture, stack=stack)


def opened(path: Path) -> tuple[zipfile.ZipFile, ET.Element]:
    archive = zipfile.ZipFile(path)
    return archive, ET.fromstring(archive.read("stack.xml"))


def png(archive: zipfile.ZipFile, name: str) -> Image.Image:
    return Image.open(BytesIO(archive.read(name)))


def cut_out_picture(seed: int) -> Project:
    """A picture with alpha whose edits are opaque fills, hard and soft."""
    picture = some_picture(seed, 90, 140, edits=0, channels=4)
    rng, stack = np.random.default_rng(seed), picture.stack
    for number in (0, 1, 3):
        edit = some_edit(rng, stack, number)
        cover = np.where(edit.mask, 255 if edit.cover is None else np.maximum(edit.cover, 1), 0)
        cover = cover.astype(np.uint8)
        shown = tuple(
            Variant(shown_through(v.pixels[..., :3], edit.before, cover), v.seed)
            for v in edit.variants
        )
        soft = None if edit.cover is None else cover
        stack = EditStack(stack.base, (*stack.edits, replace(edit, cover=soft, variants=shown)))
    return replace(picture, stack=stack)


def composed_layers(path: Path) -> RGBA:
    """What another program shows: its visible layers, one over the other."""
    archive, image = opened(path)
    canvas = Image.new("RGBA", (int(image.attrib["w"]), int(image.attrib["h"])))
    for layer in reversed(image.findall("stack/layer")):
        if layer.attrib["visibility"] == "visible":
            place = int(layer.attrib["x"]), int(layer.attrib["y"])
            canvas.alpha_composite(png(archive, layer.attrib["src"]).convert("RGBA"), place)
    return np.asarray(canvas)


def composed(path: Path) -> RGB:
    """The same of an opaque picture."""
    return composed_layers(path)[..., :3]


def test_the_archive_is_as_the_specification_has_it(tmp_path: Path) -> None:
    picture = soft_picture(0)
    write_openraster(picture, tmp_path / "a.ora")

    archive, image = opened(tmp_path / "a.ora")
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert archive.read("mimetype") == b"image/openraster"
    head = (tmp_path / "a.ora").read_bytes()[:54]
    assert head[30:].startswith(b"mimetypeimage/openraster"), "where file(1) looks for it"
    assert image.tag == "image"
    assert image.attrib == {"version": "0.0.6", "w": "140", "h": "90"}
    assert np.array_equal(np.asarray(png(archive, "mergedimage.png")), picture.pixels())
    thumbnail = png(archive, "Thumbnails/thumbnail.png")
    assert (thumbnail.size, thumbnail.format) == ((140, 90), "PNG")
    names = [layer.attrib["src"] for layer in image.iter("layer")]
    assert set(names) <= set(archive.namelist())
    assert len(set(archive.namelist())) == len(archive.namelist())


def test_original_edits_and_sketch_are_layers_named_by_their_prompts(tmp_path: Path) -> None:
    picture = soft_picture(1)
    write_openraster(picture, tmp_path / "a.ora")

    _, image = opened(tmp_path / "a.ora")
    found = [(row.attrib["name"], row.attrib["visibility"]) for row in image.iter("layer")]
    assert found == [
        ("Sketch", "hidden"),
        ("a rëd 蘑菇 1", "visible"),
        ("a rëd 蘑菇 0", "visible"),
        ("Original", "visible"),
    ], "the uppermost first; the discarded edit shows nothing"


def test_a_large_picture_has_a_small_thumbnail(tmp_path: Path) -> None:
    write_openraster(some_picture(height=300, width=530), tmp_path / "a.ora")
    archive, _ = opened(tmp_path / "a.ora")
    assert png(archive, "Thumbnails/thumbnail.png").size == (256, 145)


@pytest.mark.parametrize("seed", range(4))
def test_the_layers_together_look_like_the_picture(tmp_path: Path, seed: int) -> None:
    picture = soft_picture(seed)
    write_openraster(picture, tmp_path / "a.ora")
    differing = np.abs(composed(tmp_path / "a.ora").astype(int) - picture.pixels())
    assert differing.max() <= 2, "another program rounds in its own way"


@pytest.mark.parametrize("seed", range(3))
def test_clear_layers_together_look_like_the_picture(tmp_path: Path, seed: int) -> None:
    picture = cut_out_picture(seed)
    write_openraster(picture, tmp_path / "a.ora")
    archive, _ = opened(tmp_path / "a.ora")
    assert np.array_equal(np.asarray(png(archive, "mergedimage.png")), picture.pixels())
    assert png(archive, "Thumbnails/thumbnail.png").mode == "RGBA"
    seen, expected = (
        pixels[..., :3] * (pixels[..., 3:] / 255)
        for pixels in (composed_layers(tmp_path / "a.ora"), picture.pixels())
    )
    assert np.abs(seen - expected).max() <= 3, "another program rounds in its own way"
    alphas = composed_layers(tmp_path / "a.ora")[..., 3].astype(int) - picture.pixels()[..., 3]
    assert np.abs(alphas).max() <= 2


@given(st.integers(0, 10_000))
def test_a_patch_gives_back_what_an_edit_shows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stack = some_picture(seed, 30, 40, edits=0).stack
    edit = some_edit(rng, stack, seed % 2)  # a soft one's colours need not even fit its cover
    patch = patch_of(edit).astype(np.float64)
    share = patch[..., 3:] / 255
    shown = np.rint(edit.before * (1 - share) + patch[..., :3] * share)
    assert np.abs(shown - edit.pixels)[edit.mask].max(initial=0) <= 1
    assert not patch[~edit.mask].any()


def test_soft_edges_are_the_alpha_of_their_layer() -> None:
    edit = soft_picture(3).stack.edits[1]
    assert edit.cover is not None
    assert np.array_equal(patch_of(edit)[..., 3], edit.cover)


def test_an_edit_whose_ground_has_changed_hides_it_where_it_must() -> None:
    edit = soft_picture(3).stack.edits[1]
    assert edit.cover is not None
    patch = patch_of(replace(edit, before=255 - edit.before))
    hidden = (patch[..., 3] == 255) & (edit.cover < 255)
    assert hidden.sum() > edit.mask.sum() / 2
    assert np.array_equal(patch[hidden][:, :3], edit.pixels[hidden])


def test_names_that_xml_cannot_hold_are_cleaned(tmp_path: Path) -> None:
    picture = soft_picture(2)
    odd = Recipe(ResolvedSettings('a <b> & "c"\x00\x1f 蘑'))
    edit = replace(picture.stack.edits[0], recipe=odd)
    write_openraster(replace(picture, stack=EditStack(picture.stack.base, (edit,))), tmp_path / "a")
    _, image = opened(tmp_path / "a")
    assert image.findall("stack/layer")[1].attrib["name"] == 'a <b> & "c" 蘑'


def test_a_fill_without_a_prompt_has_a_name() -> None:
    picture = soft_picture(2, edits=1)
    edit = picture.stack.edits[0]
    plain = replace(edit, recipe=Recipe())
    stack = EditStack(picture.stack.base, (plain,))
    assert [layer.name for layer in layers(Project(stack, picture.cover))] == ["Original", "Fill"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ora"
    write_openraster(soft_picture(0), path)
    before = path.read_bytes()

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(TargetError, match="no space"):
        write_openraster(soft_picture(1), path)
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.ora"]


def test_what_we_write_is_read_as_it_was(tmp_path: Path) -> None:
    picture = layered_picture()
    formats.write(picture, tmp_path / "名 a.ora")

    opened = formats.read(tmp_path / "名 a.ora")

    assert opened.is_whole
    found, made = opened.picture.stack, picture.stack
    assert np.array_equal(found.base, made.base)
    assert np.array_equal(found.pixels(), made.pixels())
    sketch = picture.sketch
    assert sketch is not None
    assert opened.picture.sketch is not None
    assert np.array_equal(opened.picture.sketch, sketch)
    looks = [(edit.visible, edit.blend) for edit in found.edits]
    assert looks == [(edit.visible, edit.blend) for edit in made.edits]
    assert [edit.opacity for edit in found.edits] == [edit.opacity for edit in made.edits]
    assert [layer.name for layer in layers(opened.picture)] == [
        layer.name for layer in layers(picture)
    ]
    for one, other in zip(found.edits, made.edits, strict=True):
        assert other.box.contains(one.box)
        was, now = patch_of(other)[one.box.relative_to(other.box).slices], patch_of(one)
        assert np.array_equal(was * (was[..., 3:] > 0), now * (now[..., 3:] > 0))

    formats.write(opened.picture, tmp_path / "b.ora")
    again = formats.read(tmp_path / "b.ora")
    formats.write(again.picture, tmp_path / "c.ora")
    first, second = zipfile.ZipFile(tmp_path / "b.ora"), zipfile.ZipFile(tmp_path / "c.ora")
    with first, second:
        assert first.namelist() == second.namelist()
        assert all(first.read(name) == second.read(name) for name in first.namelist())


@pytest.mark.parametrize("seed", range(3))
def test_soft_edges_are_read_exactly(tmp_path: Path, seed: int) -> None:
    picture = soft_picture(seed)
    formats.write(picture, tmp_path / "a.ora")
    opened = formats.read(tmp_path / "a.ora")
    assert np.array_equal(opened.picture.pixels(), picture.pixels())


@pytest.mark.parametrize("seed", range(3))
def test_transparency_is_read_as_it_was(tmp_path: Path, seed: int) -> None:
    picture = cut_out_picture(seed)
    formats.write(picture, tmp_path / "a.ora")

    opened = formats.read(tmp_path / "a.ora")

    assert opened.is_whole
    assert np.array_equal(opened.picture.stack.base, picture.stack.base)
    found, made = (p.pixels().astype(int) for p in (opened.picture, picture))
    weight = made[..., 3:] / 255
    assert np.abs((found - made)[..., :3] * weight).max() <= 2
    assert np.abs(found - made)[..., 3].max() <= 1


Stored = dict[str, Image.Image]


def foreign(path: Path, listed: str, pictures: Stored, merged: Image.Image | None = None) -> Path:
    """A file as other programs write it: a 20 x 10 canvas."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", b"image/openraster")
        text = f'<?xml version="1.0"?><image w="20" h="10" version="0.0.3">{listed}</image>'
        archive.writestr("stack.xml", text)
        for name, image in (pictures | ({} if merged is None else {MERGED: merged})).items():
            data = BytesIO()
            image.save(data, "PNG")
            archive.writestr(name, data.getvalue())
    return path


def flat(colour: tuple[int, int, int, int], width: int = 20, height: int = 10) -> Image.Image:
    return Image.new("RGBA", (width, height), colour)


PAPER, RED = flat((250, 250, 240, 255)), flat((255, 0, 0, 255), 8, 4)


def test_layers_of_another_program_are_layers(tmp_path: Path) -> None:
    listed = """<stack>
        <layer name="ink" src="data/2.png" x="2" y="3" opacity="0.5" visibility="visible"
               composite-op="svg:multiply" selected="true"/>
        <layer name="off" src="data/1.png" x="-3" y="8" visibility="hidden"/>
        <layer name="Background" src="data/0.png"/>
    </stack>"""
    pictures = {"data/0.png": PAPER, "data/1.png": RED, "data/2.png": RED}

    opened = formats.read(foreign(tmp_path / "a.ora", listed, pictures))

    assert opened.is_whole
    stack = opened.picture.stack
    assert stack.base.shape == (10, 20, 3)
    off, ink = stack.edits
    assert (off.name, off.visible, off.box) == ("off", False, Box(0, 8, 5, 10))
    assert (ink.name, ink.opacity, ink.blend) == ("ink", 0.5, BlendMode.MULTIPLY)
    assert ink.box == Box(2, 3, 10, 7)
    assert stack.pixels()[4, 4].tolist() == [250, 125, 120]
    beyond = off.variants[0].cutout
    assert beyond is not None, "what lies beyond the canvas comes back when it is moved"
    assert beyond.pixels.shape == (4, 8, 4)


def test_without_a_background_the_picture_is_transparent(tmp_path: Path) -> None:
    listed = '<stack><layer name="red" src="data/1.png" x="1" y="1"/></stack>'
    opened = formats.read(foreign(tmp_path / "a.ora", listed, {"data/1.png": RED}))
    assert opened.is_whole
    assert not opened.picture.stack.base.any()
    assert opened.picture.pixels()[2, 2].tolist() == [255, 0, 0, 255]


def test_groups_and_modes_that_are_not_kept_are_said(tmp_path: Path) -> None:
    listed = """<stack>
        <stack name="plain"><layer name="a" src="data/1.png"/></stack>
        <stack name="faint" opacity="0.5"><layer name="b" src="data/1.png" x="10" y="5"/></stack>
        <layer name="c" src="data/1.png" x="10" composite-op="svg:difference"/>
        <layer name="none" src="data/2.png"/>
        <layer name="Background" src="data/0.png"/>
    </stack>"""
    pictures = {"data/0.png": PAPER, "data/1.png": RED, "data/2.png": flat((0, 0, 0, 0))}

    opened = formats.read(foreign(tmp_path / "a.ora", listed, pictures))

    assert opened.not_kept == (
        "groups of layers",
        "layers that are empty",
        "the blend mode difference",
    )
    edits = opened.picture.stack.edits
    assert [(edit.name, edit.opacity) for edit in edits] == [("c", 1), ("faint", 0.5), ("a", 1)]
    assert edits[1].box == Box(10, 5, 18, 9)


def test_another_look_than_was_merged_is_said(tmp_path: Path) -> None:
    listed = '<stack><layer name="Background" src="data/0.png"/></stack>'
    path = foreign(tmp_path / "a.ora", listed, {"data/0.png": PAPER}, flat((9, 9, 9, 255)))
    assert formats.read(path).not_kept == ("another look, by the way its layers are mixed",)


def test_layers_that_are_damaged_leave_the_merged_picture(tmp_path: Path) -> None:
    listed = '<stack><layer src="data/9.png"/><layer src="data/0.png"/></stack>'
    path = foreign(tmp_path / "a.ora", listed, {"data/0.png": PAPER}, PAPER)
    opened = formats.read(path)
    assert opened.not_kept == ("layers",)
    assert not opened.picture.stack.edits


def test_a_picture_of_layers_alone_lacks_nothing_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ora"
    formats.write(layered_picture(), path)
    edits = formats.read(path).picture.stack.edits
    assert not formats.is_flat(path, edits)
    assert formats.is_flat(path, layered_picture().stack.edits), "prompts and variants are lost"
    assert formats.is_flat(path)


OPS = {
    "svg:src-over": lambda below, above: above,
    "svg:multiply": lambda below, above: below * above,
    "svg:screen": lambda below, above: below + above - below * above,
    "svg:overlay": lambda below, above: np.where(
        below <= 0.5, 2 * below * above, 1 - 2 * (1 - below) * (1 - above)
    ),
}


def composited_layers(path: Path) -> np.ndarray:
    """(H, W, 4) float: what a program shows that knows opacity and blend modes (W3C)."""
    archive, image = opened(path)
    canvas = np.zeros((int(image.attrib["h"]), int(image.attrib["w"]), 4))
    for row in reversed(image.findall("stack/layer")):
        if row.attrib["visibility"] != "visible":
            continue
        above = np.asarray(png(archive, row.attrib["src"]).convert("RGBA")) / 255.0
        left, top = int(row.attrib["x"]), int(row.attrib["y"])
        place = canvas[top : top + above.shape[0], left : left + above.shape[1]]
        share, beneath = above[..., 3:] * float(row.attrib["opacity"]), place[..., 3:].copy()
        mixed = OPS[row.attrib["composite-op"]](place[..., :3], above[..., :3])
        colour = (1 - beneath) * above[..., :3] + beneath * mixed
        alpha = share + beneath * (1 - share)
        seen = share * colour + (1 - share) * beneath * place[..., :3]
        place[..., :3] = seen / np.maximum(alpha, 1e-9)
        place[..., 3:] = alpha
    return canvas * 255


@pytest.mark.parametrize("channels", [3, 4])
def test_layers_keep_eye_opacity_blend_mode_and_matte(tmp_path: Path, channels: int) -> None:
    picture = layered_picture(channels=channels)
    write_openraster(picture, tmp_path / "a.ora")

    archive, image = opened(tmp_path / "a.ora")
    rows = [row.attrib for row in reversed(image.findall("stack/layer"))][1:7]
    assert [row["name"] for row in rows][2] == "a rëd 蘑菇 2"
    assert [row["visibility"] for row in rows] == [
        *("visible", "visible", "hidden"),
        *("visible", "visible", "visible"),
    ]
    assert [float(row["opacity"]) for row in rows] == [e.opacity for e in picture.stack.edits]
    ops = [row["composite-op"].removeprefix("svg:") for row in rows]
    assert ops == ["multiply", "screen", "overlay", "src-over", "multiply", "screen"]
    edit = picture.stack.edits[3]
    alpha = np.asarray(png(archive, rows[3]["src"]))[..., 3]
    if channels == 3:
        assert np.array_equal(alpha, np.where(edit.mask, edit.variants[0].matte, 0))
    assert np.array_equal(np.asarray(png(archive, "mergedimage.png")), picture.pixels())

    found, expected = composited_layers(tmp_path / "a.ora"), picture.pixels().astype(float)
    if channels == 4:
        assert abs(found[..., 3] - expected[..., 3]).max() <= 2
        found[..., :3] *= found[..., 3:] / 255
        expected[..., :3] *= expected[..., 3:] / 255
    assert abs(found[..., :3] - expected[..., :3]).max() <= 2.5


@pytest.mark.parametrize("make", [soft_picture, cut_out_picture])
def test_faint_fills_compose_to_the_picture(tmp_path: Path, make: Callable[[int], Project]) -> None:
    picture = make(3)
    stack = picture.stack
    last = len(stack.edits) - 1
    # On alpha, one whose ground has changed would have to take alpha away: only the topmost.
    for index in range(last if picture.channels == 4 else 0, last + 1):
        stack = stack.with_edit(index, replace(stack.edits[index], opacity=0.4 + index / 5))
    faint = replace(picture, stack=stack)
    write_openraster(faint, tmp_path / "a.ora")

    found, expected = composited_layers(tmp_path / "a.ora"), faint.pixels().astype(float)
    weight = 1.0
    if expected.shape[2] == 4:
        found[..., :3] *= found[..., 3:] / 255
        weight = expected[..., 3:] / 255
    assert abs(found[..., :3] - expected[..., :3] * weight).max() <= 3
