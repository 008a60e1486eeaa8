from __future__ import annotations

import random
import resource
import sqlite3
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Provenance, Recipe, Variant
from app.document.source_file import SourceFile
from app.storage.formats import project_reader
from app.storage.formats.codec import (
    Json,
    dump,
    edit_to_json,
    load,
    recipe_from_json,
    recipe_to_json,
)
from app.storage.formats.contents import Project
from app.storage.formats.project import SOURCE_PIECE, TABLES, VERSION, sealed
from app.storage.formats.project_reader import read_project
from app.storage.formats.project_writer import write_project
from lazydiff_core.errors import ProjectError, TargetError
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.prompts.markup import chosen
from tests.app.storage.formats.pictures import (
    layered_picture,
    same_picture,
    some_edit,
    some_picture,
)

VERSION_1, VERSION_2 = (
    Path(__file__).parent / "data" / f"version-{number}.lazydiff" for number in (1, 2)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a 画 %20 #1?.lazydiff"


@pytest.fixture(scope="module")
def picture() -> Project:
    return some_picture()


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def rewrite(path: Path, table: str, alter: Callable[[Json], None]) -> None:
    """Change the JSON of each row of a table, with a checksum that fits."""
    with closing(sqlite3.connect(path)) as database:
        for number, text in database.execute(f"SELECT rowid, json FROM {table}").fetchall():
            found = project_reader.unsealed(text, zlib.crc32(text.encode()))
            alter(found)
            values = (*sealed(found), number)
            database.execute(f"UPDATE {table} SET json = ?, crc = ? WHERE rowid = ?", values)
        database.commit()


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("edits", [0, 1, 4])
@pytest.mark.parametrize("sketched", [False, True])
def test_what_is_saved_is_opened(path: Path, edits: int, sketched: bool, channels: int) -> None:
    picture = some_picture(edits=edits, sketched=sketched, channels=channels)
    write_project(picture, path)

    opened = read_project(path)

    assert not opened.problems
    assert same_picture(opened.picture, picture)


def test_a_shared_array_is_stored_once(path: Path, picture: Project) -> None:
    edit = picture.stack.edits[0]
    both = replace(edit, variants=(edit.variants[0],) * 2)
    write_project(Project(EditStack(picture.stack.base, (both,)), picture.cover), path)

    with closing(sqlite3.connect(path)) as database:
        (rasters,) = database.execute("SELECT count(*) FROM raster").fetchone()
    assert rasters == 4  # base, cover, mask, one variant


def test_all_that_edits_consist_of_is_stored() -> None:
    """Another field of Edit or Recipe needs a place in the codec and in docs/project-format.md."""
    edit = layered_picture().stack.edits[0]
    stored = edit_to_json(replace(edit, visible=False, made_on="ab"), lambda pixels: 1)

    assert {row.name for row in fields(Edit)} == {*stored} | {"before"}
    assert {row.name for row in fields(Variant)} == {*stored["variants"][0]}
    recipe = edit.recipe
    assert recipe is not None
    assert stored["recipe"] == asdict(recipe.settings) | asdict(recipe.provenance)


def test_a_recipe_is_written_as_it_always_was() -> None:
    settings = ResolvedSettings(
        "a cat", "dog", 2**62, 2, 20, 4.567, "ddim", 0.633, "poisson", "near"
    )
    recipe = Recipe(settings, Provenance("lazydiffusion", "cpu", "bundled", "ab12"))
    text = (
        '{"prompt":"a cat","negative":"dog","seed":4611686018427387904,"variants":2,"steps":20,'
        '"guidance":4.567,"sampler":"ddim","strength":0.633,"blender":"poisson","scope":"near",'
        '"language":"","loras":"","edit":false,"references":"","control":"","backend":"lazydiffusion","device":"cpu","model":"bundled","model_hash":"ab12",'
        '"colour_space":"sRGB"}'
    )
    assert dump(recipe_to_json(recipe)) == text
    assert recipe_from_json(load(text)) == recipe
    assert recipe_from_json({}) == Recipe(ResolvedSettings(steps=1, guidance=1.0, sampler=""))


def test_the_file_before_is_kept_as_backup(path: Path, picture: Project) -> None:
    write_project(picture, path)
    write_project(some_picture(seed=1), path)

    assert same_picture(read_project(path.with_name(f"{path.name}~")).picture, picture)


def test_a_disk_that_is_full_at_any_page_leaves_the_old_file(path: Path) -> None:
    picture = some_picture(height=60, width=90, edits=1)
    write_project(picture, path)
    whole = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in range(0, len(whole), 4096):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            with pytest.raises(TargetError, match="cannot be written"):
                write_project(picture, path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert path.read_bytes() == whole
        assert len(list(path.parent.iterdir())) == 1


# --- versions ------------------------------------------------------------------------------------


def test_a_file_of_version_1_opens_as_it_was_saved() -> None:
    opened = read_project(VERSION_1)

    assert not opened.problems
    spent = replace(some_picture(seed=7, height=40, width=60), sketch=None)  # it says it was used
    assert same_picture(opened.picture, spent)


@pytest.fixture
def source() -> SourceFile:
    return SourceFile("日本 1.tif", np.random.default_rng(1).bytes(2 * SOURCE_PIECE + 77))


def header(path: Path) -> tuple[int, int]:
    """What a reader of any version looks at first: the version, and who may read it."""
    with closing(sqlite3.connect(path)) as database:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        (text,) = database.execute("SELECT json FROM picture").fetchone()
    return version, load(text)["readable_from"]


def test_a_file_of_version_2_opens_as_it_was_saved() -> None:
    opened = read_project(VERSION_2)

    assert not opened.problems
    source = SourceFile("cut out.png", b"\x89PNG of which only the bytes count")
    saved = some_picture(seed=8, height=40, width=60, channels=4, source=source)
    assert same_picture(opened.picture, saved)


def test_a_file_of_version_1_is_saved_and_opened_again(path: Path) -> None:
    opened = read_project(VERSION_1)
    write_project(opened.picture, path)

    again = read_project(path)
    assert not again.problems
    assert same_picture(again.picture, opened.picture)


def test_only_what_older_versions_do_not_know_is_of_a_newer_version(
    path: Path, source: SourceFile
) -> None:
    for channels, brought, expected in (
        (3, None, (1, 1)),
        (3, source, (2, 1)),  # they say that something is left out, and drop the name
        (4, None, (2, 2)),  # they must not take four channels for three
        (4, source, (2, 2)),
    ):
        write_project(some_picture(edits=1, channels=channels, source=brought), path)
        assert header(path) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "A tree"}, (3, 1)),  # an older reader shows it all the same, and says so
        ({"visible": False}, (3, 3)),
        ({"opacity": 0.5}, (3, 3)),
        ({"blend": BlendMode.SCREEN}, (3, 3)),
        ({"recipe": None}, (3, 3)),
    ],
)
def test_only_what_makes_an_edit_a_layer_is_of_version_3(
    path: Path, change: dict[str, Any], expected: tuple[int, int]
) -> None:
    picture = some_picture(edits=1)
    edit = replace(picture.stack.edits[0], **change)
    write_project(replace(picture, stack=EditStack(picture.stack.base, (edit,))), path)
    assert header(path) == expected


@pytest.mark.parametrize("channels", [3, 4])
def test_layers_are_kept(path: Path, channels: int) -> None:
    picture = layered_picture(channels=channels)
    write_project(picture, path)

    opened = read_project(path)

    assert not opened.problems
    assert same_picture(opened.picture, picture)
    assert header(path) == (3, 3)


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ({"opacity": 1.5}, "Its opacity is missing or out of range."),
        ({"opacity": None}, "Its opacity is missing or out of range."),
        ({"blend": "dissolve"}, "Its blend mode is unknown."),
        ({"visible": 1}, "Its visible is missing or of another kind than it should be."),
        ({"name": 3}, "Its name is missing or of another kind than it should be."),
    ],
)
def test_a_damaged_layer_is_left_out_with_a_sentence(
    path: Path, harm: dict[str, object], problem: str
) -> None:
    picture = layered_picture()
    one = replace(picture, stack=EditStack(picture.stack.base, picture.stack.edits[:1]))
    write_project(one, path)
    rewrite(path, "edit", lambda found: found.update(harm))

    opened = read_project(path)

    assert opened.picture.stack.edits == ()
    assert [text for text in opened.problems if problem in text]


def test_the_file_that_was_opened_is_kept_to_the_byte(path: Path, source: SourceFile) -> None:
    picture = some_picture(edits=1, source=source)
    write_project(picture, path)

    opened = read_project(path)

    assert not opened.problems
    assert same_picture(opened.picture, picture)


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM source WHERE place = 1",
        "DROP TABLE source",
        "UPDATE source SET data = 'text' WHERE place = 0",
        "UPDATE source SET data = zeroblob(length(data)) WHERE place = 2",
        "UPDATE source SET data = zeroblob(3000000) WHERE place = 0",
    ],
)
def test_a_damaged_source_is_named_and_the_picture_stays(
    path: Path, source: SourceFile, harm: str
) -> None:
    picture = some_picture(edits=1, source=source)
    write_project(picture, path)
    change(path, harm)

    opened = read_project(path)

    assert len(opened.problems) == 1
    assert opened.problems[0].startswith("The file that the picture was opened from is lost")
    assert same_picture(opened.picture, replace(picture, source=None))


def test_a_source_that_claims_to_be_large_is_not_believed(path: Path, source: SourceFile) -> None:
    write_project(some_picture(edits=0, source=source), path)
    rewrite(path, "picture", lambda found: found["source"].update(bytes=10**15))

    assert "larger than all of the file" in read_project(path).problems[0]


def test_a_source_that_is_no_plain_table_is_refused(path: Path, source: SourceFile) -> None:
    write_project(some_picture(edits=0, source=source), path)
    change(path, "DROP TABLE source", "CREATE VIEW source AS SELECT id AS place, data FROM tile")

    with pytest.raises(ProjectError, match="tables"):
        read_project(path)


def test_a_newer_file_that_this_version_can_read_names_what_is_lost(
    path: Path, picture: Project
) -> None:
    write_project(picture, path)
    rewrite(path, "picture", lambda found: found.update(layers=[1, 2]))
    rewrite(path, "edit", lambda found: found.update(filters=["blur"]))
    change(path, f"PRAGMA user_version={VERSION + 1}", "CREATE TABLE layer(x)")

    opened = read_project(path)

    assert opened.problems == (
        "It was made by a newer LazyDiff: what this one does not know is left out.",
    )
    assert same_picture(opened.picture, picture)


def test_a_newer_file_that_this_version_cannot_read_is_refused(
    path: Path, picture: Project
) -> None:
    write_project(picture, path)
    rewrite(path, "picture", lambda found: found.update(readable_from=VERSION + 1))

    with pytest.raises(ProjectError, match="newer LazyDiff"):
        read_project(path)


# --- damage --------------------------------------------------------------------------------------


def test_a_lost_tile_of_the_canvas_becomes_white_and_is_named(path: Path) -> None:
    picture = some_picture(edits=0)
    write_project(picture, path)
    change(path, "DELETE FROM tile WHERE id = 1")

    opened = read_project(path)

    assert [text for text in opened.problems if "canvas has holes" in text]
    assert (opened.picture.stack.base[:256, :256] == 255).all()
    assert np.array_equal(opened.picture.stack.base[:, 256:], picture.stack.base[:, 256:])


def test_a_damaged_edit_is_left_out_and_the_others_stay(path: Path, picture: Project) -> None:
    write_project(picture, path)
    change(path, "UPDATE edit SET json = replace(json, '\"stale\":', '\"stole\":') WHERE place = 1")

    opened = read_project(path)

    assert [edit.id for edit in opened.picture.stack.edits] == [
        picture.stack.edits[number].id for number in (0, 2)
    ]
    assert len(opened.problems) == 1
    assert opened.problems[0].startswith("Edit 2 is lost.")


def test_a_lost_variant_is_named_with_its_edit(path: Path, picture: Project) -> None:
    write_project(picture, path)
    shown: list[int] = []
    rewrite(path, "edit", lambda found: shown.append(found["variants"][0]["pixels"]))
    change(path, f"DELETE FROM raster WHERE id = {shown[0]}")

    opened = read_project(path)

    assert opened.problems[0].startswith("Edit 1 “a rëd 蘑菇 0”: variant 1 is lost.")
    first = opened.picture.stack.edits[0]
    assert (len(first.variants), first.chosen) == (1, None)


# --- harm ----------------------------------------------------------------------------------------

HARMFUL: dict[str, Callable[[Json], None]] = {
    "canvas too large": lambda found: found.update(width=100_000, height=100_000),
    "canvas of no size": lambda found: found.update(width=0),
    "sides that are no numbers": lambda found: found.update(width="530"),
    "channels that are none": lambda found: found.update(channels=5),
    "channels that are no integer": lambda found: found.update(channels=True),
    "sides that are no integers": lambda found: found.update(width=530.0),
    "far too many edits": lambda found: found.update(edits=10**9),
    "a number beyond SQLite's": lambda found: found.update(base="1", edits=2**70),
    "a base that is none": lambda found: found.update(base=None),
    "a version that is none": lambda found: found.update(readable_from="1"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_absurd_descriptions_are_refused(path: Path, picture: Project, name: str) -> None:
    write_project(picture, path)
    rewrite(path, "picture", HARMFUL[name])

    with pytest.raises(ProjectError, match="cannot be opened"):
        read_project(path)


ABSURD_EDITS: dict[str, Json] = {
    "outside": {"box": [0, 0, 10_000, 10]},
    "inside out": {"box": [10, 10, 5, 5]},
    "negative": {"box": [-5, 0, 10, 10]},
    "no box": {"box": "0,0,1,1"},
    "huge number": {"mask": 2**80},
    "another raster": {"mask": 2},
    "no such variant": {"chosen": 7},
    "no id": {"id": "x"},
    "nested": {"variants": [[[[1]]]]},
    "odd recipe": {"recipe": {"prompt": 3}},
    "steps": {"recipe": {"steps": 10**9}},
    "scope": {"recipe": {"scope": "galaxy"}},
    "date": {"created": 1e300},
    "a very long prompt": {"recipe": {"prompt": "x" * 200_000}},
}


@pytest.mark.parametrize("name", ABSURD_EDITS)
def test_absurd_edits_are_left_out(path: Path, name: str) -> None:
    write_project(some_picture(edits=1), path)
    rewrite(path, "edit", lambda found: found.update(ABSURD_EDITS[name]))

    opened = read_project(path)

    assert opened.problems[0].startswith("Edit 1")
    assert not opened.picture.stack.edits


def test_one_raster_shown_by_a_thousand_edits_is_refused_before_it_is_unfolded(
    path: Path,
) -> None:
    blank = np.zeros((2000, 2000, 3), np.uint8)
    write_project(replace(some_picture(height=2000, width=2000), stack=EditStack(blank)), path)
    box = {"box": [0, 0, 2000, 2000], "mask": 2, "sketch": None, "chosen": None, "stale": False}
    many = {"variants": [{"seed": 1, "pixels": 1}] * 16, "recipe": {}, "created": 1.0}
    rewrite(path, "picture", lambda found: found.update(edits=1000))
    with closing(sqlite3.connect(path)) as database:
        for place in range(1000):
            row = sealed({**box, **many, "id": str(UUID(int=place))})
            database.execute("INSERT INTO edit VALUES (?, ?, ?)", (place, *row))
        database.commit()

    with pytest.raises(ProjectError, match="more than a file of its size"):
        read_project(path)


def test_a_tile_that_unfolds_without_end_is_cut_off(path: Path) -> None:
    write_project(some_picture(edits=0), path)
    bomb = zlib.compress(bytes(150_000_000), 1).hex()
    change(path, f"UPDATE tile SET data = x'{bomb}' WHERE id = 1")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    opened = read_project(path)

    assert [text for text in opened.problems if "another size" in text]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


def test_triggers_and_extra_tables_do_nothing(path: Path, picture: Project) -> None:
    write_project(picture, path)
    change(
        path,
        "CREATE TABLE more(x)",
        "CREATE VIEW look AS SELECT * FROM tile",
        "CREATE TRIGGER t AFTER INSERT ON tile BEGIN DELETE FROM tile; END",
    )

    opened = read_project(path)

    assert not opened.problems
    assert same_picture(opened.picture, picture)


@pytest.mark.parametrize(
    "instead",
    [
        "CREATE VIEW tile AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS id, zeroblob(900000000) AS data FROM n",
        "CREATE VIRTUAL TABLE tile USING fts5(id, data)",
    ],
)
def test_a_table_that_is_none_is_refused(path: Path, picture: Project, instead: str) -> None:
    write_project(picture, path)
    change(path, "DROP TABLE tile", instead)

    with pytest.raises(ProjectError, match="lacks some of its tables"):
        read_project(path)


def test_a_column_that_computes_is_not_read(path: Path) -> None:
    write_project(some_picture(edits=0), path)
    change(
        path,
        "ALTER TABLE tile RENAME TO old",
        "CREATE TABLE tile(id INTEGER PRIMARY KEY, x, data AS (zeroblob(900000000)))",
        "INSERT INTO tile(id, x) SELECT id, data FROM old",
    )

    opened = read_project(path)

    assert any("canvas has holes" in text for text in opened.problems)


@pytest.mark.parametrize("data", [b"", b"x", b"SQLite format 3\x00" + bytes(200), b"\x89PNG" * 99])
def test_other_files_are_no_projects(path: Path, data: bytes) -> None:
    path.write_bytes(data)

    with pytest.raises(ProjectError, match="is not a LazyDiff project"):
        read_project(path)


def test_a_missing_file_and_a_folder_are_named(path: Path, tmp_path: Path) -> None:
    for wrong in (path, tmp_path):
        with pytest.raises(ProjectError, match="cannot be read"):
            read_project(wrong)


def survives(path: Path, data: bytes, picture: Project) -> bool:
    """Opens damaged data; True if it was refused, or named what is lost, or lost nothing."""
    path.write_bytes(data)
    try:
        opened = read_project(path)
    except ProjectError:
        return True
    return bool(opened.problems) or same_picture(opened.picture, replace(picture, view={}))


def test_every_truncation_is_noticed(path: Path) -> None:
    picture = some_picture(height=40, width=60)
    write_project(picture, path)
    whole = path.read_bytes()

    for size in range(0, len(whole), len(whole) // 80):
        assert survives(path, whole[:size], replace(picture, view={}))


@pytest.mark.parametrize("part", range(4))
def test_changed_bytes_never_pass_for_the_picture(path: Path, part: int) -> None:
    """Typed errors only, and nothing that is lost goes unnamed."""
    picture = replace(some_picture(height=40, width=60, seed=part), view={})
    write_project(picture, path)
    whole = path.read_bytes()
    rng = random.Random(part)

    for _ in range(75):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 1, 4, 64))):
            data[rng.randrange(100, len(data))] = rng.randrange(256)
        assert survives(path, bytes(data), picture)


def test_the_format_is_written_down() -> None:
    text = (Path(__file__).parents[4] / "docs" / "project-format.md").read_text()

    assert all(f"`{table}`" in text for table in TABLES)
    assert f"version {VERSION}" in text


def test_nothing_is_held_twice(path: Path) -> None:
    """Writing holds the canvas once more, however many edits there are; reading little beside."""
    rng = np.random.default_rng(0)
    stack = EditStack(rng.integers(0, 256, (512, 512, 3), np.uint8))
    for number in range(24):
        stack = EditStack(stack.base, (*stack.edits, some_edit(rng, stack, number)))
    picture = Project(stack, np.zeros((512, 512), np.uint8))
    whole, canvas = sum(edit.nbytes for edit in stack.edits), stack.base.nbytes
    assert whole > 6 * canvas

    tracemalloc.start()
    try:
        write_project(picture, path)
        assert tracemalloc.get_traced_memory()[1] < 2 * canvas
        tracemalloc.reset_peak()
        opened = read_project(path)
        assert tracemalloc.get_traced_memory()[1] < whole + 3.5 * canvas
    finally:
        tracemalloc.stop()
    assert same_picture(opened.picture, picture)


def test_a_backup_is_named_only_where_there_is_one(path: Path, picture: Project) -> None:
    write_project(picture, path)
    data = bytearray(path.read_bytes())
    data[100:] = b"\xff" * (len(data) - 100)
    path.write_bytes(data)
    with pytest.raises(ProjectError, match="is damaged") as told:
        read_project(path)
    assert "backup" not in str(told.value)
    backup = path.with_name(f"{path.name}~")
    backup.write_bytes(b"")
    with pytest.raises(ProjectError, match="Try its backup"):
        read_project(path)


def test_what_a_variant_was_of_a_prompts_choices_is_written(picture: Project) -> None:
    edit = picture.stack.edits[0]
    settings = replace(edit.recipe.settings, prompt="a {red|blue} cat", language="de")
    asked = replace(edit, recipe=replace(edit.recipe, settings=settings))
    written = edit_to_json(asked, lambda _: 0)
    texts = [variant["text"] for variant in written["variants"]]
    assert texts == [chosen("a {red|blue} cat", variant.seed) for variant in edit.variants]
    assert len(set(texts)) == 2
    assert written["recipe"]["language"] == "de"
    assert "text" not in edit_to_json(edit, lambda _: 0)["variants"][0]
