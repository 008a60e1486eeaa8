"""Stand-ins for what a test wants to steer: the engine and the modal questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Semaphore

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.document.brush_colours import RGBColour
from app.document.colour_shift import ColourShift
from app.document.mask_shapes import Refinement
from app.panels.dialogs.dialogs import Dialogs, Dropped, Taken
from app.panels.dialogs.image_dialogs import Sides
from app.panels.dialogs.new_canvas import NewCanvas
from app.panels.dialogs.save_questions import Answer, Changed, Unsaved
from app.panels.dialogs.upscale_dialog import Upscale, UpscaleCost
from app.storage.journal.recovery import Orphan
from app.window import MainWindow
from lazydiff_core.contract import (
    RGB,
    RGBA,
    Box,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Progress,
    Scope,
    Tokens,
)
from lazydiff_core.errors import Cancelled
from lazydiff_core.model_store import TaughtWords

# How long a test waits for what must happen: long, for it only costs time when it fails.
PATIENCE_MS = 60_000
INFO = EngineInfo("scripted", "scripted", "cpu", 256, 16, ("linear",), "linear", 4, 1.0)


def request() -> EditRequest:
    mask = np.zeros((32, 32), np.bool_)
    mask[4:20, 4:20] = True
    return EditRequest(np.full((32, 32, 3), 255, np.uint8), mask)


class ScriptedEngine:
    """Paints every hole in a grey that tells the seed; waits at the gate until it is opened.

    With a pass, one request goes through the closed gate.
    """

    def __init__(self, *, open_gate: bool = True, fault: Exception | None = None) -> None:
        self.info = INFO
        self.gate = Event()
        self.passes = Semaphore(0)
        self.started = Event()
        self.fault = fault
        self.requests: list[EditRequest] = []
        self.prepared: list[Mask] = []
        self.prepared_for: list[tuple[bool, str]] = []  # edit and references
        self.prepared_under: list[tuple[str, RGBA | None]] = []  # control and sketch
        self.unfit: dict[str, str] = {}  # names of LoRAs, and what is wrong with them
        if open_gate:
            self.gate.set()

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult:
        self.requests.append(request)
        if self.fault is not None:
            raise self.fault
        result = result_for(request)
        if on_progress is not None:
            noise = np.full_like(result.patches[0], 77)
            on_progress(Progress(request.id, "denoise", 1, 4, 1.5, result.box, noise))
        self.started.set()
        while not (self.gate.is_set() or self.passes.acquire(timeout=0.005)):
            if is_cancelled is not None and is_cancelled():
                raise Cancelled("Stopped.")
        return result

    def prepare(
        self,
        image: RGB,
        mask: Mask,
        scope: Scope = "auto",
        is_superseded: IsCancelled | None = None,
        *,
        edit: bool = False,
        references: str = "",
        control: str = "",
        sketch: RGBA | None = None,
    ) -> bool:
        self.prepared.append(mask)
        self.prepared_under.append((control, sketch))
        self.prepared_for.append((edit, references))
        return True

    def lora_fault(self, path: Path) -> str:
        return self.unfit.get(path.name, "")

    def time_run(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult:
        mask = np.zeros((256, 256), np.bool_)
        mask[: 16 * across, : 16 * across] = True
        result = result_for(EditRequest(np.zeros((256, 256, 3), np.uint8), mask))
        seconds = {"context": 0.1, "denoise": 0.01 * across**2, "total": 0.2}
        tokens, peak = Tokens(256, across**2), 1000 * across**2 if counting else 0
        return replace(result, seconds=seconds, tokens=tokens, peak_bytes=peak)


def result_for(request: EditRequest) -> EditResult:
    """What the scripted engine answers."""
    rows, columns = np.nonzero(request.mask)
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    seeds = tuple(request.settings.seed + number for number in range(request.settings.variants))
    # Careless on purpose: the patch is grey outside the hole too, where it must not land.
    opaque = [255] * (request.image.shape[2] - 3)
    patches = tuple(
        np.tile(np.array([grey(seed)] * 3 + opaque, np.uint8), (*box.shape, 1)) for seed in seeds
    )
    return EditResult(
        id=request.id,
        box=box,
        patches=patches,
        seeds=seeds,
        seconds={"denoise": 0.5, "total": 0.75},
        tokens=Tokens(256, 12),
        device="cpu",
        backend="scripted",
        model="scripted",
        steps=4,
        pixels_changed_outside_mask=0,
        context_reused=False,
        canvas=request.image,
    )


def grey(seed: int) -> int:
    """The grey of a seed, never white."""
    return 10 + seed % 200


class ScriptedDialogs(Dialogs):
    """Answers at once, and remembers what was asked."""

    def __init__(self) -> None:
        self.opened: Path | None = None
        self.loras: list[Path] = []
        self.file: Path | None = None
        self.references: list[Path] = []
        self.control_network: Path | None = None
        self.control_picture: Path | None = None
        self.saved: Path | None = None
        self.size: QSize | None = None
        self.sides: Sides | None = None
        self.is_clear = False
        self.colour_shift: ColourShift | None = None
        self.upscale: Upscale | None = None
        self.refinements: list[Refinement] = []
        self.changed = Changed.KEEP
        self.losses: tuple[str, ...] = ()
        self.accepts = True
        self.answer = Answer.DISCARD
        self.taken = Taken.READ
        self.dropped = Dropped.PICTURE
        self.restores = False
        self.problems: tuple[str, ...] = ()
        self.colour: RGBColour | None = None
        self.word: str | None = None
        self.server: str | None = None
        self.forgets: list[str] = []
        self.asked: list[str] = []

    def ask_word(self, thing: RGBA) -> str | None:
        self.asked.append(f"word of {thing.shape}")
        return self.word

    def show_words(self, words: TaughtWords) -> list[str]:
        self.asked.append("words")
        for word in self.forgets:
            words.remove(word)
        return self.forgets

    def ask_colour(self, now: RGBColour) -> RGBColour | None:
        self.asked.append("colour")
        return self.colour

    def ask_open(self, folder: Path) -> Path | None:
        self.asked.append("open")
        return self.opened

    def ask_save(self, suggested: Path) -> Path | None:
        self.asked.append(f"save {suggested.name}")
        return self.saved

    def ask_export(self, suggested: Path) -> Path | None:
        self.asked.append(f"export {suggested.name}")
        return self.saved

    def ask_taken(self, name: str) -> Taken:
        self.asked.append("taken")
        return self.taken

    def ask_dropped(self, name: str, *, mask: bool) -> Dropped:
        self.asked.append(f"dropped {name}")
        return self.dropped

    def ask_model_folder(self, folder: Path) -> Path | None:
        self.asked.append("model folder")
        return self.opened

    def ask_server(self, url: str) -> str | None:
        self.asked.append(f"server {url}")
        return self.server

    def ask_model_file(self, folder: Path) -> Path | None:
        self.asked.append("model file")
        return self.file

    def ask_references(self, folder: Path) -> list[Path]:
        self.asked.append(f"references {folder}")
        return self.references

    def ask_control_network(self, folder: Path) -> Path | None:
        self.asked.append(f"control network {folder}")
        return self.control_network

    def ask_control_picture(self, folder: Path) -> Path | None:
        self.asked.append(f"control picture {folder}")
        return self.control_picture

    def ask_loras(self, folder: Path) -> list[Path]:
        self.asked.append("loras")
        return self.loras

    def ask_delete_model(self, name: str, folder: Path) -> bool:
        self.asked.append(f"delete {name}")
        return self.answer is Answer.DISCARD

    def show_damage(self, name: str, problems: tuple[str, ...]) -> None:
        self.asked.append("damage")
        self.problems = problems

    def ask_recover(self, orphans: list[Orphan]) -> tuple[Orphan | None, list[Orphan]]:
        self.asked.append(f"recover {len(orphans)}")
        return (orphans[0] if self.restores else None), []

    def ask_save_mask(self, suggested: Path) -> Path | None:
        self.asked.append(f"save {suggested.name}")
        return self.saved

    def ask_canvas(self, now: QSize) -> NewCanvas | None:
        self.asked.append("size")
        return None if self.size is None else NewCanvas(self.size, self.is_clear)

    def ask_colour_shift(self, show: Callable[[ColourShift], None]) -> ColourShift | None:
        self.asked.append("colour shift")
        return self.colour_shift

    def ask_refinement(self, show: Callable[[Refinement], None]) -> bool:
        self.asked.append("refinement")
        for how in self.refinements:
            show(how)
        return self.accepts

    def ask_image_size(self, now: QSize) -> QSize | None:
        self.asked.append("image size")
        return self.size

    def ask_upscale(
        self, now: QSize, cost_of: Callable[[QSize], UpscaleCost | None]
    ) -> Upscale | None:
        self.asked.append("upscale")
        return self.upscale

    def ask_canvas_size(self, now: QSize) -> Sides | None:
        self.asked.append("canvas size")
        return self.sides

    def ask_extension(self, now: QSize) -> Sides | None:
        self.asked.append("extension")
        return self.sides

    def ask_unsaved(self, name: str, lost: Unsaved = Unsaved.CHANGES) -> Answer:
        self.asked.append("unsaved" if lost is Unsaved.CHANGES else f"unsaved {lost.name}")
        return self.answer

    def ask_changed(self, name: str) -> Changed:
        self.asked.append(f"changed {name}")
        return self.changed

    def ask_losses(self, name: str, lost: tuple[str, ...]) -> bool:
        self.asked.append(f"losses {name}")
        self.losses = lost
        return self.accepts


def show_ready(qtbot: QtBot, window: MainWindow, patience: int = PATIENCE_MS) -> None:
    """Show a window, give it the focus and load its engine."""
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=patience):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=patience)
    with qtbot.waitSignal(window.generation.loader.loaded, timeout=patience):
        window.generation.start()


def action(window: MainWindow, name: str) -> QAction:
    """One of its actions, once it knows of all that has happened."""
    window.state_tracker.settle()
    return window.actions_by_name[name]
