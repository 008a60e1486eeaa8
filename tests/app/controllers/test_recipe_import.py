from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QMenu

from app.document.edit_stack import EditStack
from app.document.edits import Recipe
from app.storage import formats
from app.storage.formats.contents import Project, Saving
from app.window import MainWindow
from lazydiff_core.generation_settings import ResolvedSettings
from tests.app.doubles import action
from tests.app.storage.formats.pictures import some_picture


def picture_of(*recipes: Recipe) -> Project:
    picture = some_picture(height=40, width=60, edits=3)
    edits = zip(picture.stack.edits, recipes, strict=False)
    made = tuple(replace(edit, chosen=0, recipe=recipe) for edit, recipe in edits)
    return replace(picture, stack=EditStack(picture.stack.base, made))


FIRST = Recipe(ResolvedSettings(prompt="a cat & a dog", seed=3, steps=7, guidance=2.5))
SECOND = Recipe(
    ResolvedSettings(prompt="", negative="blur", seed=77, steps=9, guidance=3.5, variants=4)
)


def test_one_fill_is_recalled_at_once(window: MainWindow, tmp_path: Path) -> None:
    formats.write(picture_of(FIRST), tmp_path / "a.png", Saving(recipes=True))
    recall = action(window, "recall")
    assert not recall.isEnabled()
    assert "no prompts" in recall.toolTip()
    window.files.open_path(tmp_path / "a.png")
    assert "contains the prompt of its fill" in window.messages.text
    action(window, "recall").trigger()
    assert window.panel.prompt.prompt == "a cat & a dog"
    settings = window.panel.options.read("", new_seed=False)
    assert (settings.seed, settings.steps, settings.guidance) == (3, 7, 2.5)


def test_of_several_the_artist_chooses(window: MainWindow, tmp_path: Path) -> None:
    formats.write(picture_of(FIRST, SECOND), tmp_path / "a.png", Saving(recipes=True))
    window.files.open_path(tmp_path / "a.png")
    menu: QMenu = window.recipe_import.menu()
    assert [row.text() for row in menu.actions()] == ["(no prompt)", "a cat && a dog"]
    menu.actions()[0].trigger()
    settings = window.panel.options.read("", new_seed=False)
    assert (settings.negative, settings.seed, settings.variants) == ("blur", 77, 4)


def test_another_picture_tells_nothing_of_the_last(window: MainWindow, tmp_path: Path) -> None:
    formats.write(picture_of(FIRST), tmp_path / "a.png", Saving(recipes=True))
    formats.write(picture_of(FIRST), tmp_path / "b.png")
    window.files.open_path(tmp_path / "a.png")
    window.files.open_path(tmp_path / "b.png")
    assert window.recipe_import.recipes == ()
    assert not action(window, "recall").isEnabled()


def test_prompts_are_written_only_if_asked(window: MainWindow, tmp_path: Path) -> None:
    wanted = action(window, "write-recipes")
    assert not wanted.isChecked(), "off unless asked for"
    window.document.restore(picture_of(FIRST).stack)
    window.files._save(tmp_path / "a.png")
    assert formats.read(tmp_path / "a.png").recipes == ()
    wanted.trigger()
    assert window.settings.value.write_recipes
    window.files._save(tmp_path / "a.png")
    assert formats.read(tmp_path / "a.png").recipes == (FIRST,)
    assert "with the prompts" in window.messages.text
