"""The program that is killed: it restores the last state, then paints, fills, saves and closes.

Every report to its parent is one line of JSON, written before anything else happens:
["state", revision, digest, untouched], ["durable", revision], ["giving up"]. `untouched`: the
canvas was neither painted on nor saved.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.controllers.crash_recovery import CrashRecovery
from app.controllers.files import Files
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.mask_edit import MaskEdit
from app.document.sketch_edit import SketchEdit
from app.document.source_file import SourceFile
from app.engine.generation import Generation
from app.engine.worker import engine_loader
from app.lab.crash.digest import digest_of_document
from app.panels.dialogs.dialogs import Dialogs
from app.panels.dialogs.save_questions import Answer, Unsaved
from app.storage.formats.project import SOURCE_PIECE
from app.storage.journal.recovery import Orphan
from app.system.garbage import Collector
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import GenerationSettings

SIDE = 96
_STEP_MS = 15
_UNDO_BYTES = 200_000


class Answers(Dialogs):
    """Answers dialogs: restores everything, and discards changes without asking."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def ask_save(self, suggested: Path) -> Path | None:
        return self._target

    def ask_unsaved(self, name: str, lost: Unsaved = Unsaved.CHANGES) -> Answer:
        return Answer.DISCARD

    def ask_recover(self, orphans: list[Orphan]) -> tuple[Orphan | None, list[Orphan]]:
        return orphans[0], orphans[1:]


class Child:
    """One run of the program in `folder`; reports to its parent through `pipe`."""

    def __init__(self, folder: Path, pipe: int, seed: int) -> None:
        self._pipe = pipe
        self._rng = random.Random(seed)
        self._noise = np.random.default_rng(seed)
        self.document = Document()
        Collector(self.document)
        self._prompt = ""
        self._messages = Messages()
        dialogs = Answers(folder / "picture.lazydiff")
        settings = SettingsStore(folder / "settings.json")
        self._files = Files(self.document, settings, dialogs, self._messages)
        load = engine_loader("fake", None, None)
        self._generation = Generation(self.document, load, self.document)
        self._guard = CrashRecovery(
            *(self.document, self._files, dialogs, self._messages, dict),
            folder=folder / "journals",
            undo_bytes=_UNDO_BYTES,
        )
        self._gesture: MaskEdit | SketchEdit | None = None
        self._files.prompt_known.connect(self._type)
        self._open_new()
        self._timer = QTimer(self.document)
        self._timer.timeout.connect(self._step)

    def begin(self) -> None:
        """Restore, then work until killed."""
        self._guard.journal.durable.connect(lambda number: self._tell("durable", number))
        self._generation.start()
        self._guard.offer(asked=False)
        self._report()
        self.document.undo_stack.indexChanged.connect(self._report)
        self.document.undo_stack.cleanChanged.connect(self._report)
        self._timer.start(_STEP_MS)

    def _tell(self, *news: object) -> None:
        os.write(self._pipe, (json.dumps([time.monotonic(), *news]) + "\n").encode())

    def _report(self) -> None:
        document, revision = self.document, self._guard.journal.revision
        untouched = document.path is None and not document.is_modified and not self._prompt
        self._tell("state", revision, digest_of_document(document, self._prompt), untouched)

    # --- work ------------------------------------------------------------------------------------

    def _step(self) -> None:
        if self._gesture is not None:
            self._draw_on()
            return
        steps: tuple[tuple[Callable[[], None], int], ...] = (
            *((self._begin_stroke, 8), (self._begin_sketch, 4), (self._generate, 6)),
            *((self.document.undo_stack.undo, 3), (self.document.undo_stack.redo, 2)),
            *((self._save, 2), (self._new, 1), (self._close, 1), (self._type_on, 4)),
        )
        (step,) = self._rng.choices([row[0] for row in steps], [row[1] for row in steps])
        step()

    def _begin_stroke(self) -> None:
        self._gesture = MaskEdit(self.document)

    def _begin_sketch(self) -> None:
        colour = tuple(int(value) for value in self._noise.integers(0, 256, 3))
        self._gesture = SketchEdit(self.document, (colour[0], colour[1], colour[2]))

    def _draw_on(self) -> None:
        gesture = self._gesture
        assert gesture is not None
        place = Box(0, 0, 24, 24).shift(*(self._rng.randrange(SIDE - 24) for _ in "xy"))
        gesture.paint(place, self._noise.integers(0, 256, place.shape).astype(np.uint8), True)
        if self._rng.random() < 0.3:
            self._gesture = None
            gesture.commit("Paint")
        self._report()

    def _generate(self) -> None:
        if self.document.has_mask and self._generation.info is not None:
            settings = GenerationSettings(
                "a disc", seed=self._rng.randrange(1000), steps=2, variants=2
            )
            self._generation.fill(settings)

    def _type_on(self) -> None:
        self._type(f"{self._prompt} {self._rng.randrange(100)}")
        self._report()

    def _type(self, prompt: str) -> None:
        self._prompt = prompt
        self._guard.journal.follow_prompt(prompt)

    def _save(self) -> None:
        self._type("")  # a project does not hold it
        self._report()
        self._files.save()
        self._report()

    def _new(self) -> None:
        self._tell("giving up")
        self._open_new()
        self._report()

    def _open_new(self) -> None:
        """Another picture: white, or with alpha and a file that it was opened from."""
        self._type("")
        if self._rng.random() < 0.5:
            self.document.replace(np.full((SIDE, SIDE, 3), 255, np.uint8))
            return
        pixels = self._noise.integers(0, 256, (SIDE, SIDE, 4), np.uint8)
        source = SourceFile("a.png", self._noise.bytes(self._rng.randrange(2 * SOURCE_PIECE)))
        self.document.restore(EditStack(pixels), source=source)

    def _close(self) -> None:
        self._timer.stop()
        self._tell("giving up")
        self._guard.end()
        self._generation.stop(2.0)
        QApplication.quit()


def run(folder: Path, pipe: int, seed: int) -> int:
    """Run the program in this process; returns its exit code."""
    application = QApplication([])
    child = Child(folder, pipe, seed)
    QTimer.singleShot(0, child.begin)
    return application.exec()
