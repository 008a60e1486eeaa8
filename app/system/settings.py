"""What the window remembers between runs: one frozen table in one small file."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_state_path

from lazydiff_core.errors import LazyDiffError
from lazydiff_core.storage.safe_files import make_folder, write_files

_log = logging.getLogger(__name__)
MOST_RECENT_FILES = 8


@dataclass(frozen=True)
class Settings:
    """Every setting with its default. Values are strings, numbers or tuples of strings."""

    theme: str = "system"
    language: str = "system"
    key_preset: str = "lazydiff"
    own_keys: tuple[str, ...] = ()  # as Keymap has them
    brushes: tuple[str, ...] = ()  # as Brushes.written has them
    area_mode: str = "add"
    wand_tolerance: int = 24
    wand_contiguous: bool = True
    mask_colour: str = "#ff2d3c"
    mask_opacity: int = 50
    mask_style: str = "tint"
    mask_rest: bool = False
    grow_by: int = 8
    feather_by: int = 12
    pixel_grid: bool = True
    show_tokens: bool = False
    folder: str = ""
    recent_files: tuple[str, ...] = ()
    geometry: str = ""
    options_open: bool = True
    undo_megabytes: int = 1024
    live_tokens: int = 160  # the largest mask that live mode fills
    live_steps: int = 4
    costs: tuple[str, ...] = ()  # as Ledger.written has them
    write_recipes: bool = False
    prompts: tuple[str, ...] = ()
    quality: str = "balanced"
    steps: int = 8  # those of the last fill panel, shown while a model loads
    guidance: float = 3.0
    model: str = "bundled"
    device: str = ""  # the best there is


class SettingsStore:
    """The settings in force, written to `path` whenever they change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.damaged = False  # what was there could not be read; it is kept beside the new one
        self.value = self._begin()

    def _begin(self) -> Settings:
        try:
            return _read(self._path)
        except ValueError:
            self.damaged = True
            _log.warning("The settings in %s cannot be read: the defaults are used", self._path)
        with suppress(OSError):
            self._path.replace(self.damaged_path)
        return Settings()

    @property
    def damaged_path(self) -> Path:
        """Where settings are kept that could not be read."""
        return self._path.with_name(f"{self._path.name}.damaged")

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return self._path.parent

    def update(self, **changes: Any) -> None:
        """Change some settings. A disk that refuses them costs a line in the log, nothing more."""
        value = replace(self.value, **changes)
        if value == self.value:
            return
        self.value = value
        try:
            make_folder(self._path.parent)
            write_files({self._path: json.dumps(asdict(value), indent=1).encode()})
        except LazyDiffError:
            _log.exception("Settings not saved")

    def remember_file(self, path: Path) -> None:
        """Put a file at the head of the recent ones, and its folder where dialogs begin."""
        others = [name for name in self.value.recent_files if name != str(path)]
        recent = (str(path), *others)[:MOST_RECENT_FILES]
        self.update(recent_files=recent, folder=str(path.parent))

    def forget_file(self, path: Path) -> None:
        """Drop a recent file that is not there any more."""
        kept = tuple(name for name in self.value.recent_files if name != str(path))
        self.update(recent_files=kept)


def usual_path() -> Path:
    """Where the settings of this user are kept."""
    return user_config_path("lazydiff", appauthor=False) / "window.json"


def usual_journals() -> Path:
    """Where the crash journals of this user are kept."""
    return user_state_path("lazydiff", appauthor=False) / "journals"


def _read(path: Path) -> Settings:
    """The settings in a file; each value that is missing or of another kind takes its default.

    Raises ValueError where it holds no settings at all.
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except (OSError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return Settings(
        **{row.name: _like(row.default, found.get(row.name)) for row in fields(Settings)}
    )


def _like(default: Any, value: Any) -> Any:
    """`value` if it is of the default's kind, the default otherwise."""
    if isinstance(default, tuple):
        is_names = isinstance(value, list) and all(isinstance(name, str) for name in value)
        return tuple(value) if is_names else default
    return value if type(value) is type(default) else default
