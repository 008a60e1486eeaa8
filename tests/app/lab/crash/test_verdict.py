from __future__ import annotations

import json
from pathlib import Path

from app.lab.crash.digest import digest_of_picture
from app.lab.crash.verdict import Promises, found_in
from app.storage.formats.project_writer import write_project
from app.storage.journal.recorder import Recorder
from tests.app.storage.formats.pictures import some_picture
from tests.app.storage.journal.doubles import SimulatedDisk
from tests.app.storage.journal.driving import change


def promises(*news: list[object]) -> Promises:
    made = Promises()
    made.hear("".join(f"{json.dumps([float(k), *row])}\n" for k, row in enumerate(news)))
    return made


def test_an_acknowledged_state_or_a_later_one_keeps_the_promise() -> None:
    made = promises(
        *(["state", 1, "a", False], ["state", 2, "b", False], ["durable", 2]),
        ["state", 3, "c", False],
    )

    assert [made.kept(digest) for digest in ("b", "c", "a", None)] == [True, True, False, False]
    assert (made.count, made.slowest) == (2, 2.0)


def test_what_was_never_acknowledged_may_be_lost_but_not_invented() -> None:
    made = promises(["state", 1, "a", False])
    made.begin_with("before")

    assert made.kept("before")
    assert made.kept("a")
    assert not made.kept(None)


def test_what_was_given_up_need_not_be_kept() -> None:
    made = promises(["state", 1, "a", False], ["durable", 1], ["giving up"])

    assert made.kept(None)


def test_promises_begin_anew_after_something_was_given_up() -> None:
    made = promises(
        *(["state", 1, "a", False], ["durable", 1], ["giving up"]),
        *(["state", 2, "b", False], ["durable", 2]),
    )

    assert made.count == 2
    assert not made.kept("a")


def test_an_untouched_canvas_is_not_missed() -> None:
    made = promises(["state", 1, "blank", True], ["durable", 1])

    assert made.kept("anything")


def test_a_torn_line_is_not_heard() -> None:
    made = Promises()
    made.hear('[1.0, "state", 1, "a", false]\n[1.5, "dur')

    assert made.states == [(1, "a", False)]
    assert made.acknowledged == -1


def test_what_would_be_restored_goes_before_what_is_saved(tmp_path: Path) -> None:
    saved, unsaved = some_picture(1, 40, 60), some_picture(2, 40, 60)
    assert found_in(tmp_path) == (None, False)

    write_project(saved, tmp_path / "picture.lazydiff")
    assert found_in(tmp_path) == (digest_of_picture(saved), False)

    (tmp_path / "journals").mkdir()
    for number, picture in enumerate((saved, unsaved)):
        disk = SimulatedDisk()
        Recorder(disk).write(change(picture, number))
        (tmp_path / "journals" / f"{number}.journal").write_bytes(disk.written)
    assert found_in(tmp_path) == (digest_of_picture(unsaved), True)
