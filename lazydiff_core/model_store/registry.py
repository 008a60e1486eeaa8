"""The registry of models: one file of names in the user's data folder, and the downloads beside it.

models.json   {"version": 1, "models": {NAME: {"path": FOLDER, "source": HUB_ID@COMMIT or ""}}}
models/       downloaded models, one folder each
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
CONFIGS = ("config.json", "model_index.json")  # of a LazyDiff model, of a diffusers pipeline
FILE_SUFFIXES = (".safetensors", ".gguf")  # of models in a single file
_VERSION = 1
_TAKEN = (BUNDLED, "fake")
_NAME = re.compile(r"[^\W_][\w .+-]{0,63}")


@dataclass(frozen=True)
class RegisteredModel:
    """A named model: a folder, or a single file that takes its other parts from another model.

    source: hub id and commit it was downloaded from; "" = a folder of the user.
    """

    name: str
    path: Path
    source: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it is still a model's folder, or file."""
        return is_model_folder(self.path) or is_model_file(self.path)

    @property
    def repository(self) -> str:
        """Name of the repository that it was downloaded from, without its owner, in small letters;
        "" = of the user's own."""
        return self.source.split("@")[0].split("/")[-1].casefold()


class ModelRegistry:
    """Models by name; the list and the downloads are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "models.json"

    @property
    def downloads(self) -> Path:
        """The folder of downloaded models."""
        return self.folder / "models"

    def models(self) -> tuple[RegisteredModel, ...]:
        """All models, in alphabetical order; empty, with a log entry, if the list is unreadable."""
        found = [
            RegisteredModel(name, Path(row["path"]), str(row.get("source", "")))
            for name, row in self._read().items()
            if isinstance(row, dict) and isinstance(row.get("path"), str)
        ]
        return tuple(sorted(found, key=lambda model: model.name.casefold()))

    def find(self, name: str) -> RegisteredModel | None:
        """The model with a name; None if there is none."""
        return next((model for model in self.models() if model.name == name), None)

    def called(self, name: str) -> RegisteredModel | None:
        """The model with a name, or the only one of a repository that is called so, such as
        "flux.2-klein-4b"; None if there is none."""
        alike = [model for model in self.models() if model.repository == name.casefold()]
        return self.find(name) or (alike[0] if len(alike) == 1 else None)

    def add(self, folder: Path, name: str = "", source: str = "") -> RegisteredModel:
        """Register a model folder, by default under its own name; the folder is not moved.

        Raises ModelError if the folder is not a model or the name is taken, and TargetError if the
        list cannot be written.
        """
        place = folder.expanduser().resolve()
        if not (is_model_folder(place) or is_model_file(place)):
            raise ModelError(f"{folder} is not a model folder: it has no {' or '.join(CONFIGS)}.")
        name = name or (place.stem if place.is_file() else place.name)
        if not _NAME.fullmatch(name) or name in _TAKEN:
            raise ModelError(f"A model cannot be called {name!r}: choose another name.")
        known = self.find(name)
        if known is not None and known.path != place:
            raise ModelError(f"{name!r} is already the name of {known.path}: choose another name.")
        self._write(self._read() | {name: {"path": str(place), "source": source}})
        return RegisteredModel(name, place, source)

    def remove(self, name: str) -> RegisteredModel:
        """Remove a model from the list, and delete its files if it was downloaded.

        Raises ModelError for an unknown name, and TargetError if files cannot be deleted.
        """
        model = self.find(name)
        if model is None:
            names = ", ".join(known.name for known in self.models()) or "none"
            raise ModelError(f"There is no added model {name!r}; added models: {names}.")
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
        """Whether a model was downloaded into `downloads`: only such models are ever deleted."""
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
    """The registry of the current user."""
    return ModelRegistry(user_data_path("lazydiff", appauthor=False))


def bundled_models() -> list[Path]:
    """Folders of the models shipped with the program."""
    return sorted(path.parent for path in resource("models").glob(f"*/{CONFIGS[0]}"))


def is_model_folder(folder: Path) -> bool:
    """Whether a folder has a model's config; only loading shows whether it is sound."""
    return any((folder / name).is_file() for name in CONFIGS)


def is_model_file(path: Path) -> bool:
    """Whether a path is a file that may hold a model; its contents are looked at when loaded."""
    return path.suffix in FILE_SUFFIXES and path.is_file()
