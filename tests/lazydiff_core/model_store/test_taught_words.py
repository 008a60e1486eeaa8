from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from lazydiff_core.errors import InputError, TargetError
from lazydiff_core.images.reading import read_rgba
from lazydiff_core.model_store.taught_words import TaughtWords, default_taught_words
from tests.lazydiff_core.tiny import polygon

STAR = polygon((250, 200, 20), 5)


@pytest.fixture
def words(tmp_path: Path) -> TaughtWords:
    return TaughtWords(tmp_path / "words")


def test_nothing_is_taught_at_first(words: TaughtWords) -> None:
    assert words.listed() == ()
    assert words.pictures() == {}
    assert not words.folder.exists()


def test_what_is_added_is_there(words: TaughtWords) -> None:
    assert words.add("My Star", STAR) == "my star"
    assert words.add("ball", polygon((0, 0, 250), 50)) == "ball"
    assert words.listed() == ("ball", "my star")
    assert np.array_equal(words.pictures()["my star"], read_rgba(words.folder / "my star.png"))
    assert words.add("my star", polygon((0, 250, 0), 3)) == "my star"  # another picture of it
    assert words.listed() == ("ball", "my star")
    assert words.pictures()["my star"][128, 128].tolist() == [0, 250, 0, 255]


def test_what_says_nothing_is_not_kept(words: TaughtWords) -> None:
    with pytest.raises(InputError, match="needs letters"):
        words.add("??", STAR)
    with pytest.raises(InputError, match="is transparent"):
        words.add("star", np.zeros_like(STAR))
    assert words.listed() == ()


def test_forgetting(words: TaughtWords) -> None:
    words.add("star", STAR)
    with pytest.raises(InputError, match="There is no taught word 'sun'; taught words: star"):
        words.remove("sun")
    words.remove("star")
    assert words.listed() == ()
    with pytest.raises(InputError, match="taught words: none"):
        words.remove("star")


def test_a_picture_put_there_by_hand_may_be_called_anything(words: TaughtWords) -> None:
    words.add("star", STAR)
    words.path("star").rename(words.folder / "My  Robot.png")
    assert words.listed() == tuple(words.pictures()) == ("my robot",)
    assert words.path("my robot").name == "My  Robot.png"
    words.add("My robot", polygon((0, 0, 250), 50))  # in its place
    assert [path.name for path in words.folder.iterdir()] == ["My  Robot.png"]
    words.remove("my robot")
    assert words.listed() == ()


def test_a_name_is_never_a_path(words: TaughtWords) -> None:
    words.add("star", STAR)
    kept = words.folder.parent / "kept.png"
    kept.write_bytes(b"")
    with pytest.raises(InputError, match="no taught word"):
        words.remove("../kept")
    assert kept.exists()


def test_pictures_that_cannot_be_read_are_left_out(
    words: TaughtWords, caplog: pytest.LogCaptureFixture
) -> None:
    words.add("star", STAR)
    words.path("broken").write_bytes(b"no picture")
    words.path("!").write_bytes(words.path("star").read_bytes())
    with caplog.at_level(logging.WARNING):
        assert set(words.pictures()) == {"star"}
    assert "The word broken is left out" in caplog.text
    assert "!.png is left out" in caplog.text


def test_a_folder_that_cannot_be_written(words: TaughtWords) -> None:
    words.folder.write_text("a file")
    with pytest.raises(TargetError):
        words.add("star", STAR)


def test_the_words_of_this_user_lie_beside_the_models() -> None:
    assert default_taught_words().folder.name == "words"
    assert default_taught_words().listed() == ()
