"""The settings kept between runs: one frozen table in one small file."""

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
MAX_RECENT_FILES = 8


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults. Values are strings, numbers or tuples of strings."""

    theme: str = "system"
    language: str = "system"
    key_preset: str = "lazydiff"
    own_keys: tuple[str, ...] = ()  # in the format of Keymap
    brushes: tuple[str, ...] = ()  # in the format of Brushes.written
    area_mode: str = "add"
    wand_tolerance: int = 24
    wand_contiguous: bool = True
    gradient: str = "linear"
    gradient_fades: bool = True
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
    layout: str = ""  # as Docks.state has it
    collapsed_panels: tuple[str, ...] = ()
    undo_megabytes: int = 1024
    live_tokens: int = 160  # the largest mask that live mode fills, in tokens
    live_steps: int = 4
    costs: tuple[str, ...] = ()  # in the format of Ledger.written
    write_recipes: bool = False
    mark_generated: bool = True
    prompts: tuple[str, ...] = ()
    without_prompt: str = "model"  # what an empty prompt means: "model" or "surroundings"
    quality: str = "balanced"
    steps: int = 8  # those of the last fill panel, shown while a model loads
    guidance: float = 3.0
    offline: bool = False  # no hub and no other machine is asked for anything
    release_after: int = 15  # idle minutes until the model's memory is released; 0 = never
    loras: tuple[str, ...] = ()  # in the format of ListedLora
    model: str = "bundled"
    device: str = ""  # "" = the best available; a server's URL = another machine
    servers: tuple[str, ...] = ()  # URLs, tokens included: why the file is private


class SettingsStore:
    """The current settings, written to `path` whenever they change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.damaged = False  # the old file was unreadable; it is kept beside the new one
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
        """The path under which an unreadable settings file is kept."""
        return self._path.with_name(f"{self._path.name}.damaged")

    @property
    def folder(self) -> Path:
        """The folder of the settings file."""
        return self._path.parent

    def update(self, **changes: Any) -> None:
        """Change some settings. If they cannot be written, that is only logged."""
        value = replace(self.value, **changes)
        if value == self.value:
            return
        self.value = value
        try:
            make_folder(self._path.parent)
            write_files({self._path: json.dumps(asdict(value), indent=1).encode()})
        except LazyDiffError:
            _log.exception("Settings not saved")
            return
        with suppress(OSError):  # not every file system has modes
            self._path.chmod(0o600)

    def remember_file(self, path: Path) -> None:
        """Put a file first among the recent ones, and make its folder the dialogs' start."""
        others = [name for name in self.value.recent_files if name != str(path)]
        recent = (str(path), *others)[:MAX_RECENT_FILES]
        self.update(recent_files=recent, folder=str(path.parent))

    def forget_file(self, path: Path) -> None:
        """Remove a file from the recent ones."""
        kept = tuple(name for name in self.value.recent_files if name != str(path))
        self.update(recent_files=kept)


def usual_path() -> Path:
    """The default path of this user's settings."""
    return user_config_path("lazydiff", appauthor=False) / "window.json"


def usual_journals() -> Path:
    """The default folder of this user's crash journals."""
    return user_state_path("lazydiff", appauthor=False) / "journals"


def _read(path: Path) -> Settings:
    """Read settings from a file; a value that is missing or of the wrong type takes its default.

    Raises ValueError if the file holds no settings.
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
    """`value` if its type is that of the default, otherwise the default."""
    if isinstance(default, tuple):
        is_names = isinstance(value, list) and all(isinstance(name, str) for name in value)
        return tuple(value) if is_names else default
    return value if type(value) is type(default) else default
