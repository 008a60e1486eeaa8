"""The pictures of the window in docs/window/: `python -m app.lab.screenshots FOLDER`.

A picture is painted once with the bundled model and kept as a project in FOLDER. Then a process for
each shot opens it: screens of several sizes and scales, both themes, both languages; and one for
each scene of the manual. Run it with QT_QPA_PLATFORM=offscreen where there is no screen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.document.commands import replace_mask
from app.document.cutouts import is_cut_out
from app.engine.worker import engine_loader
from app.system.garbage import Collector
from app.system.settings import SettingsStore
from app.ui import theme, translation
from app.window import MainWindow
from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.generation_settings import GenerationSettings

# The window in points, and screen pixels a point, on the screens that must do.
SIZES = {
    "1024x600": (QSize(1024, 600), 1.0),
    "1366x768": (QSize(911, 512), 1.5),
    "1440x900": (QSize(1440, 900), 1.0),
    "3840x2160": (QSize(1920, 1080), 2.0),
}
_HEIGHT, _WIDTH, _HORIZON = 512, 768, 300
_EDITS = {  # prompts, and the ellipses that they fill
    "yellow sun": Box(30, 10, 210, 190),
    "white cloud": Box(390, 14, 610, 162),
    "house": Box(495, 150, 735, 400),
    "tree": Box(40, 165, 260, 425),
    "red balloon": Box(250, 50, 390, 240),
    "orange cat": Box(350, 320, 510, 505),
    "red mushroom": Box(215, 360, 345, 506),
    "sunflower": Box(600, 362, 740, 510),
}
_CHOSEN, _NEXT = 5, Box(238, 252, 362, 348)
_PENDING = {
    "two birds": Box(120, 190, 300, 300),
    "a red car": Box(330, 230, 480, 330),
    "a blue butterfly": Box(20, 400, 150, 500),
}
_MANY = 8  # variants, so that fills still wait when the shot is taken
_TRIES = 4
_QUALITY = 84
_WIDEST = 1920  # pixels of a shot that is kept
_SETTLE_MS, _BRIEFLY_MS = 1200, 250
_WORK = "work"


@dataclass(frozen=True)
class Shot:
    """scene: a key of _SCENES."""

    size: str
    theme: str
    language: str
    scene: str = _WORK

    @property
    def name(self) -> str:
        screen = f"{self.size}-{self.theme}-{self.language}"
        return f"{screen if self.scene == _WORK else self.scene}.webp"


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 2:
        _take(folder, Shot(*sys.argv[2:]))
        return
    wanted = [Shot(*named) for named in product(SIZES, ("light", "dark"), ("en", "de"))]
    wanted += [Shot("1440x900", "light", "en", scene) for scene in _SCENES if scene != _WORK]
    for shot in wanted:
        scaled = os.environ | {"QT_SCALE_FACTOR": str(SIZES[shot.size][1])}
        command = (sys.executable, "-m", "app.lab.screenshots", str(folder))
        subprocess.run((*command, *astuple(shot)), check=True, env=scaled)
        print(folder / shot.name)


def _take(folder: Path, shot: Shot) -> None:
    application = QApplication(sys.argv[:1])
    application.setStyle("fusion")
    translation.install(application, shot.language)
    theme.apply(shot.theme)
    project, kept = folder / "picture.lazydiff", folder / "settings.json"
    own = folder / "of-this-shot.json"
    if kept.exists():
        shutil.copy(kept, own)
    window = MainWindow(engine_loader("bundled", None, None), SettingsStore(own))
    Collector(window)
    window.resize(SIZES[shot.size][0])
    window.show()
    window.docks.reset()
    _until(window.generation.start, lambda: window.generation.info is not None)
    if not project.exists():
        _paint(window, project)
    window.files.open_path(project)
    window.view.camera.fit()
    _wait(_SETTLE_MS)
    _SCENES[shot.scene](window)
    _write(window.grab().toImage(), folder / shot.name)
    window.document.undo_stack.setClean()
    window.close()
    shutil.copy(own, kept)  # what fills cost here, for the next ones


def _paint(window: MainWindow, project: Path) -> None:
    """All edits, each with some variants."""
    document, generation = window.document, window.generation
    document.replace(_backdrop())
    for number, (prompt, box) in enumerate(_EDITS.items()):
        _mask(window, box)
        settings = GenerationSettings(prompt, seed=number, variants=_TRIES)

        def ask(wanted: GenerationSettings = settings) -> None:
            generation.fill(wanted)

        _until(ask, lambda: not generation.is_running)
    document.path = project
    window.files.save()


def _show_work(window: MainWindow) -> None:
    """What one sees amid the work: variants to choose from, and the next mask with its price."""
    _choose(window, _CHOSEN)
    window.panel.prompt.setPlainText("a blue butterfly")
    _mask(window, _NEXT)
    _wait(_SETTLE_MS)


def _show_queue(window: MainWindow) -> None:
    """Fills that wait, on the canvas and in the panel."""
    window.docks.bring("queue")
    for prompt, box in _PENDING.items():
        window.panel.prompt.setPlainText(prompt)
        _mask(window, box)
        window.generation.fill(GenerationSettings(prompt, variants=_MANY))
    _wait(_BRIEFLY_MS)


def _show_layers(window: MainWindow) -> None:
    _choose(window, _CHOSEN)
    window.docks.bring("layers")
    _wait(_BRIEFLY_MS)


def _show_moving(window: MainWindow) -> None:
    """A thing that was lifted, taken up by its handles."""
    _show_layers(window)
    _until(window.transform.lift, lambda: any(map(is_cut_out, window.document.edits)))
    window.view.set_tool("transform")
    _wait(_SETTLE_MS)


_SCENES: Final[Mapping[str, Callable[[MainWindow], None]]] = {
    _WORK: _show_work,
    "queue": _show_queue,
    "layers": _show_layers,
    "moving": _show_moving,
}


def _choose(window: MainWindow, index: int) -> None:
    window.variant_browser.select(window.document.edits[index].id)


def _backdrop() -> RGB:
    """A sky over a meadow."""
    rows = np.linspace(0, 1, _HEIGHT)[:, None, None]
    sky = np.array((112, 178, 236)) + np.array((110, 62, 14)) * (rows * _HEIGHT / _HORIZON)
    meadow = np.array((150, 206, 112)) - np.array((62, 50, 46)) * rows
    ys, xs = np.mgrid[:_HEIGHT, :_WIDTH]
    ground = ys > _HORIZON + 22 * np.sin(xs / 130 + 0.6)
    return np.where(ground[..., None], meadow, sky).clip(0, 255).astype(np.uint8)


def _mask(window: MainWindow, box: Box) -> None:
    """An ellipse in the box becomes the mask."""
    ys, xs = np.mgrid[:_HEIGHT, :_WIDTH]
    across = (2 * xs - box.left - box.right) / box.width
    down = (2 * ys - box.top - box.bottom) / box.height
    inside: Mask = across**2 + down**2 < 1
    replace_mask(window.document, "Mask", inside.astype(np.uint8) * 255)


def _until(begin: Callable[[], object], done: Callable[[], bool]) -> None:
    begin()
    while not done():
        _wait(50)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _write(shot: QImage, path: Path) -> None:
    image = shot.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    picture = Image.fromarray(pixels)
    picture.thumbnail((_WIDEST, _WIDEST), Image.Resampling.LANCZOS)
    picture.save(path, quality=_QUALITY, method=6)


if __name__ == "__main__":
    main()
