from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.document.edit_stack import EditStack
from app.document.edits import Recipe
from app.storage import formats
from app.storage.formats.codec import recipe_to_json
from app.storage.formats.contents import Project, Saving
from app.storage.formats.notes import note_of, recipes_in
from lazydiff_core.generation_settings import ResolvedSettings
from tests.app.storage.formats.pictures import some_picture

NOTED = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".avif"]


def told(picture: Project) -> tuple[Recipe, ...]:
    return tuple(edit.recipe for edit in picture.stack.edits if edit.chosen is not None)


@pytest.mark.parametrize("suffix", NOTED)
def test_a_picture_tells_how_its_fills_were_made(tmp_path: Path, suffix: str) -> None:
    picture = some_picture(height=40, width=60)
    path = tmp_path / f"蘑菇 a{suffix}"
    assert formats.write(picture, path, Saving(recipes=True))
    found = formats.read(path)
    assert found.recipes == told(picture)
    assert len(found.recipes) == 2, "the discarded one shows nothing"
    assert found.is_whole
    if suffix in (".png", ".webp", ".tif"):
        assert np.array_equal(found.picture.pixels(), picture.pixels())


@pytest.mark.parametrize("suffix", [*NOTED, ".ora", ".lazydiff"])
def test_it_tells_nothing_unless_asked(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    picture = some_picture(height=40, width=60)
    assert not formats.write(picture, path)
    assert formats.read(path).recipes == ()
    if suffix in NOTED:
        assert b"lazydiff" not in path.read_bytes().lower()
        with Image.open(path) as image:
            assert suffix == ".tif" or not image.getexif(), "a TIFF is made of its tags"


def test_a_picture_without_fills_has_nothing_to_tell(tmp_path: Path) -> None:
    picture = some_picture(height=40, width=60, edits=0)
    assert not formats.write(picture, tmp_path / "a.png", Saving(recipes=True))


def test_formats_without_a_place_for_it_are_written_as_ever(tmp_path: Path) -> None:
    picture = some_picture(height=40, width=60)
    assert not formats.write(picture, tmp_path / "a.ora", Saving(recipes=True))


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    picture = some_picture(height=40, width=60)
    formats.write(picture, tmp_path / "a.png", Saving(recipes=True))
    with Image.open(tmp_path / "a.png") as image:
        found = json.loads(image.info["LazyDiff"])
    assert found["edits"][0]["recipe"] == recipe_to_json(picture.stack.edits[0].recipe)
    assert {"prompt", "seed", "steps", "sampler", "guidance", "model_hash"} <= set(
        found["edits"][0]["recipe"]
    )


@pytest.mark.parametrize("suffix", NOTED)
def test_of_more_than_fits_the_latest_are_told(tmp_path: Path, suffix: str) -> None:
    picture = some_picture(height=40, width=60)
    edits = tuple(
        replace(edit, chosen=0, recipe=Recipe(ResolvedSettings(prompt=f"{k}" + "蘑" * 5000)))
        for k, edit in enumerate(picture.stack.edits * 20)
    )
    many = replace(picture, stack=EditStack(picture.stack.base, edits))
    formats.write(many, tmp_path / f"a{suffix}", Saving(recipes=True))
    found = formats.read(tmp_path / f"a{suffix}").recipes
    assert 0 < len(found) < len(edits)
    assert found == told(many)[-len(found) :]


@given(most=st.integers(0, 1200))
def test_a_note_is_never_longer_than_its_room(most: int) -> None:
    picture = some_picture(height=30, width=40)
    note = note_of(picture, most)
    assert len(note) <= max(most, 25)
    assert recipes_in(note) == told(picture)[2 - len(recipes_in(note)) :]


RECIPE = json.dumps(recipe_to_json(Recipe(ResolvedSettings(prompt="a", sampler="linear"))))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a photograph of a cat",
        '{"lazydiff":1',
        '{"lazydiff":1}',
        '{"lazydiff":1,"edits":7}',
        '{"lazydiff":1,"edits":[7,{"recipe":{"steps":"many"}}]}',
        '{"lazydiff":1,"edits":[{"recipe":{"steps":-4}}]}',
        '{"lazydiff":1,"edits":[{"recipe":{"scope":"all"}}]}',
        '{"lazydiff":1,"edits":' + "[" * 5000,
    ],
)
def test_what_is_not_ours_or_not_sound_tells_nothing(note: str) -> None:
    assert recipes_in(note) == ()


def test_what_a_later_version_adds_is_left_alone() -> None:
    note = f'{{"lazydiff":2,"new":1,"edits":[{{"more":[],"recipe":{RECIPE}}}]}}'
    assert recipes_in(note) == (Recipe(ResolvedSettings(prompt="a", sampler="linear")),)
