"""Does the app stay responsive? `python -m app.lab.measure.heartbeat --model bundled`.

An 8 ms timer ticks on the UI thread during a scripted session: brush, type, fill, undo, save, with
the crash journal writing all the time. Measures the time between two ticks. `own_`: the CPU time of
this program in it, on all threads, which does not depend on other load and excludes waiting for the
disk. `loading_`: the time until the model is loaded, which imports PyTorch.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.engine.worker import engine_loader
from app.lab.measure.figures import noise, summary
from app.lab.measure.play import Play, Wait
from app.panels.dialogs.dialogs import Dialogs
from app.panels.dialogs.save_questions import Answer, Unsaved
from app.system.garbage import Collector
from app.system.settings import SettingsStore
from app.ui import theme
from app.window import MainWindow
from lazydiff_core.generation_settings import GenerationSettings

_EVERY_MS = 8
_DRAWN_MS = 500  # until the window shows
_PROMPT, _LETTER_MS = "zwei rote Pilze, a wobbly cat und ein Schmeterling", 30
_REPORTS = 60  # pointer events in one stroke
_NO_BUTTON, _LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


class Answers(Dialogs):
    """Answers dialogs: saves to a given path without asking."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def ask_save(self, suggested: Path) -> Path | None:
        return self._target

    def ask_unsaved(self, name: str, lost: Unsaved = Unsaved.CHANGES) -> Answer:
        return Answer.DISCARD


@dataclass
class Beats:
    """Milliseconds between ticks, and the part of the script in which each interval ended."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    doing: list[str] = field(default_factory=list)

    def figures(self, prefix: str, *, loading: bool) -> dict[str, float]:
        chosen = [k for k, what in enumerate(self.doing) if (what == "loading") == loading]
        return summary(prefix, [self.wall[k] for k in chosen]) | summary(
            f"{prefix}own_", [self.own[k] for k in chosen]
        )

    def worst(self) -> dict[str, float]:
        """The longest `own_` interval of each part of the session, in milliseconds."""
        worst: dict[str, float] = {}
        for what, own in zip(self.doing, self.own, strict=True):
            worst[what] = round(max(worst.get(what, 0.0), own), 1)
        return worst


class Heart(QObject):
    """A timer that records the time between its ticks."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.beats = Beats()
        self.doing = "loading"
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = time.perf_counter(), time.process_time()
        self._timer.start(_EVERY_MS)

    def _tick(self) -> None:
        now = time.perf_counter(), time.process_time()
        wall, computed = 1000 * (now[0] - self._last[0]), 1000 * (now[1] - self._last[1])
        self._last = now
        self.beats.wall.append(wall)
        self.beats.own.append(min(wall, computed))
        self.beats.doing.append(self.doing)


class Artist:
    """Plays the session `rounds` times."""

    def __init__(self, window: MainWindow, heart: Heart, rounds: int) -> None:
        self._window, self._heart, self._rounds = window, heart, rounds
        self._durable = 0
        window.crash_recovery.journal.durable.connect(self._on_durable)

    def _on_durable(self, number: int) -> None:
        self._durable = number

    def script(self) -> Iterator[Wait]:
        generation, document = self._window.generation, self._window.document
        yield _DRAWN_MS
        self._heart.start()
        generation.start()
        self._window.prompt_reading.warm_up(self._window.known_words.pictures.load)
        yield lambda: generation.info is not None
        for number in range(self._rounds):
            yield from self._stroke("brush", number)
            yield from self._pass("journal", lambda: self._durable == self._revision)
            yield from self._type("type")
            self._heart.doing = "fill"
            generation.fill(GenerationSettings("a red mushroom", seed=number))
            yield from self._stroke("brush while filling", number + 0.5)
            yield from self._type("type while filling")
            yield from self._pass("fill", lambda: not generation.is_running)
            yield from self._pass("journal", lambda: self._durable == self._revision)
            self._heart.doing = "undo"
            for step in (document.undo_stack.undo, document.undo_stack.redo) * 3:
                step()
                yield 40
            self._heart.doing = "save"
            self._window.files.save()
            yield 100

    @property
    def _revision(self) -> int:
        return self._window.crash_recovery.journal.revision

    def _pass(self, doing: str, until: Wait) -> Iterator[Wait]:
        self._heart.doing = doing
        yield until

    def _type(self, doing: str) -> Iterator[Wait]:
        """Write a prompt letter by letter, and wait for what is said of it."""
        self._heart.doing = doing
        prompt, reading = self._window.panel.prompt, self._window.prompt_reading
        prompt.use("")
        for letter in _PROMPT:
            prompt.insertPlainText(letter)
            yield _LETTER_MS
        yield lambda: reading.latest.prompt == _PROMPT

    def _stroke(self, doing: str, start: float) -> Iterator[Wait]:
        self._heart.doing = doing
        for report in range(_REPORTS + 1):
            kind = QEvent.Type.MouseMove
            if report in (0, _REPORTS):
                pressed = QEvent.Type.MouseButtonPress
                kind = pressed if report == 0 else QEvent.Type.MouseButtonRelease
            QCoreApplication.postEvent(self._window.view, self._event(kind, start, report))
            yield _EVERY_MS

    def _event(self, kind: QEvent.Type, start: float, report: int) -> QMouseEvent:
        view, turn = self._window.view, start * 0.37 + report / _REPORTS / 4
        reach = 0.3 * min(view.width(), view.height())
        angle = 2 * math.pi * turn
        place = view.middle + QPointF(reach * math.sin(angle), reach * math.sin(1.7 * angle))
        button = _NO_BUTTON if kind == QEvent.Type.MouseMove else _LEFT
        held = _NO_BUTTON if kind == QEvent.Type.MouseButtonRelease else _LEFT
        no_key = Qt.KeyboardModifier.NoModifier
        return QMouseEvent(kind, place, view.mapToGlobal(place), button, held, no_key)


def measure(model: str, canvas: int, rounds: int) -> dict[str, object]:
    """The figures of one session."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = SettingsStore(folder / "window.json")
        load = engine_loader(model, None, None)
        window = MainWindow(load, settings, Answers(folder / "picture.lazydiff"))
        window.document.replace(noise(canvas))
        window.resize(1280, 820)
        window.show()
        collector = Collector(window)
        collector.wait()
        window.generation.loader.loaded.connect(collector.settle)
        heart = Heart(window)
        play = Play(Artist(window, heart, rounds).script(), QApplication.exit, window)
        QApplication.exec()
        del play
        window.document.undo_stack.setClean()
        window.close()
    beats = heart.beats
    return {
        **beats.figures("", loading=False),
        **beats.figures("loading_", loading=True),
        "worst_own_ms": beats.worst(),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print one JSON document; returns the exit code."""
    parser = argparse.ArgumentParser(description="How long the window does not answer.")
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--canvas", type=int, default=1024, help="side in pixels")
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setStyle("fusion")
    theme.apply("light")
    print(json.dumps(measure(wanted.model, wanted.canvas, wanted.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
