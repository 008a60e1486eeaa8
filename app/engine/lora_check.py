"""Whether the LoRAs that are listed fit the loaded model, known before anything is generated."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.engine.generation import Generation
from app.engine.jobs import CheckLoras
from app.engine.timetable import Kind, Row
from lazydiff_core.contract import EngineInfo
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.lora_files import read_loras

_log = logging.getLogger(__name__)


class LoraCheck(QObject):
    """Has files looked at on the engine's thread when they are listed, and by each new model."""

    changed = Signal()

    def __init__(self, generation: Generation) -> None:
        super().__init__(generation)
        self._generation = generation
        self._listed: tuple[Path, ...] = ()
        self.faults: dict[Path, str] = {}
        generation.serve(Kind.LORAS, self)
        generation.loader.loaded.connect(self._use)

    def follow(self, paths: Iterable[Path]) -> None:
        """These are listed now; those not looked at yet are."""
        self._listed = tuple(paths)
        if self._generation.info is not None and self._unknown():
            self._generation.ask(Kind.LORAS)

    def fault_of(self, settings: GenerationSettings) -> str:
        """What is known to be wrong with a LoRA that these settings ask for, as a sentence."""
        faults = (self.faults.get(lora.path, "") for lora in read_loras(settings.loras))
        return next(filter(None, faults), "")

    def _use(self, info: EngineInfo) -> None:
        self.faults.clear()
        self.changed.emit()
        if not info.lora_refusal:
            self.follow(self._listed)

    def _unknown(self) -> tuple[Path, ...]:
        return tuple(path for path in self._listed if path not in self.faults)

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> CheckLoras | None:
        info, unknown = self._generation.info, self._unknown()
        return CheckLoras(unknown) if info and not info.lora_refusal and unknown else None

    def land(self, row: Row, value: dict[Path, str]) -> None:
        self.faults |= value
        self.changed.emit()

    def fail(self, row: Row, sentence: str) -> None:
        """Nothing to say yet: a fill that asks for them will say why."""
        _log.warning("LoRAs could not be looked at: %s", sentence)
