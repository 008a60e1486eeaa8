"""Names for model folders: one small file in the user's data folder, and the downloads beside it.

models.json   {"version": 1, "models": {NAME: {"path": FOLDER, "source": HUB_ID@COMMIT or ""}}}
models/       what was downloaded, a folder a model
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from lazydiff_core.errors import ModelError, TargetError
from lazydiff_core.storage.resources import resource
from lazydiff_core.storage.safe_files import make_folder, write_files

_log = logging.getLogger(__name__)
BUNDLED = "bundled"
CONFIGS = ("config.json", "model_index.json")  # of a model of ours, of a pipeline of diffusers
_VERSION = 1
_TAKEN = (BUNDLED, "fake")
_NAME = re.compile(r"[^\W_][\w .+-]{0,63}")


@dataclass(frozen=True)
class RegisteredModel:
    """path: its folder. source: where it was downloaded from; "" where the user has it from."""

    name: str
    path: Path
    source: str = ""

    @property
    def is_there(self) -> bool:
        """Its folder still looks like a model's."""
        return is_model_folder(self.path)


class ModelRegistry:
    """Models by name, kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "models.json"

    @property
    def downloads(self) -> Path:
        """Where downloaded models are kept."""
        return self.folder / "models"

    def models(self) -> tuple[RegisteredModel, ...]:
        """In alphabetical order. A list that cannot be read is an empty one; the log says so."""
        found = [
            RegisteredModel(name, Path(row["path"]), str(row.get("source", "")))
            for name, row in self._read().items()
            if isinstance(row, dict) and isinstance(row.get("path"), str)
        ]
        return tuple(sorted(found, key=lambda model: model.name.casefold()))

    def find(self, name: str) -> RegisteredModel | None:
        """The model of a name."""
        return next((model for model in self.models() if model.name == name), None)

    def add(self, folder: Path, name: str = "", source: str = "") -> RegisteredModel:
        """Give a model folder a name, by default its own; it stays where it is.

        Raises ModelError where the folder is not a model or the name is taken, TargetError where
        the list cannot be written.
        """
        place = folder.expanduser().resolve()
        if not is_model_folder(place):
            raise ModelError(f"{folder} is no model folder: it has no {' or '.join(CONFIGS)}.")
        name = name or place.name
        if not _NAME.fullmatch(name) or name in _TAKEN:
            raise ModelError(f"A model cannot be called {name!r}: choose another name.")
        known = self.find(name)
        if known is not None and known.path != place:
            raise ModelError(f"{name!r} is {known.path} already: choose another name.")
        self._write(self._read() | {name: {"path": str(place), "source": source}})
        return RegisteredModel(name, place, source)

    def remove(self, name: str) -> RegisteredModel:
        """Forget a model, and delete its files if it was downloaded.

        Raises ModelError where there is none of that name, TargetError where something stays.
        """
        model = self.find(name)
        if model is None:
            names = ", ".join(known.name for known in self.models()) or "none"
            raise ModelError(f"No model {name!r} was added: there is {names}.")
        if self.owns(model):
            try:
                shutil.rmtree(model.path)
            except FileNotFoundError:
                _log.info("%s was gone already", model.path)
            except OSError as error:
                raise TargetError(f"{model.path} cannot be deleted: {error}.") from error
        rows = self._read()
        rows.pop(name)
        self._write(rows)
        return model

    def owns(self, model: RegisteredModel) -> bool:
        """It was downloaded, and lies where downloads are kept: nothing else is ever deleted."""
        return bool(model.source) and model.path.parent == self.downloads.resolve()

    def _read(self) -> dict[str, Any]:
        try:
            rows = json.loads(self._file.read_text(encoding="utf-8"))["models"]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            _log.warning("The list of models %s cannot be read", self._file)
            return {}
        return rows if isinstance(rows, dict) else {}

    def _write(self, rows: dict[str, Any]) -> None:
        make_folder(self.folder)
        text = json.dumps({"version": _VERSION, "models": rows}, indent=1, ensure_ascii=False)
        write_files({self._file: f"{text}\n".encode()}, backup=True)


def default_registry() -> ModelRegistry:
    """The models of this user."""
    return ModelRegistry(user_data_path("lazydiff", appauthor=False))


def bundled_models() -> list[Path]:
    """Folders of the models that came with the program."""
    return sorted(path.parent for path in resource("models").glob(f"*/{CONFIGS[0]}"))


def is_model_folder(folder: Path) -> bool:
    """It describes a model; whether that is sound shows when it is loaded."""
    return any((folder / name).is_file() for name in CONFIGS)
