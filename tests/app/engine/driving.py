"""A generation whose engine's thread does nothing by itself: tests say what it reports."""

from __future__ import annotations

import numpy as np

from app.document.commands import replace_mask
from app.document.document import Document
from app.engine.engine_thread import EngineThread
from app.engine.generation import Generation
from app.engine.jobs import Done, Job, News, Report, RunRequest
from lazydiff_core.contract import Box, Progress
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.doubles import INFO, ScriptedEngine, result_for


class StillThread(EngineThread):
    """Takes jobs and leaves them undone."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Job] = []

    def start(self, job: Job) -> None:
        self.taken.append(job)

    def tell(self, news: News) -> None:
        """Something of the job that was taken last."""
        self.reported.emit(Report(self.taken[-1].id, news))

    def tell_step(self, step: int, steps: int, seconds_left: float) -> None:
        """How far the request that was taken last has come."""
        self.tell(Progress(self.taken[-1].id, "denoise", step, steps, seconds_left))

    def finish(self) -> None:
        """The request that was taken last has come to its end."""
        work = self.taken[-1].work
        assert isinstance(work, RunRequest)
        self.tell(Done(result_for(work.request)))


def mask_only(document: Document, box: Box) -> None:
    """Mask a box and nothing else."""
    mask = np.zeros_like(document.mask)
    mask[box.slices] = True
    replace_mask(document, "Paint mask", mask)


def still(document: Document) -> tuple[Generation, StillThread]:
    """A generation with an engine that is loaded."""
    thread = StillThread()
    generation = Generation(document, ScriptedEngine, thread=thread)
    generation.start()
    thread.tell(Done(INFO))
    return generation, thread


def queued(document: Document, *lefts: int) -> tuple[Generation, StillThread]:
    """The same with fills side by side; the first one runs."""
    generation, thread = still(document)
    for left in lefts:
        mask_only(document, Box(left, 40, left + 30, 70))
        generation.fill(GenerationSettings(f"at {left}"))
    return generation, thread
