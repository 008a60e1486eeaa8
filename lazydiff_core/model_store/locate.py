"""Finds a model's folder by its name; nothing is downloaded here."""

from __future__ import annotations

import os
from pathlib import Path

from lazydiff_core.errors import LazyDiffError, ModelError
from lazydiff_core.model_store.needed_files import SAFE_FILES
from lazydiff_core.model_store.registry import (
    BUNDLED,
    bundled_models,
    default_registry,
    is_model_file,
    is_model_folder,
)
from lazydiff_core.storage.resources import resource


def locate_model(name: str) -> Path:
    """The folder for "bundled", a name in the registry or of a downloaded repository, a path, or a
    hub id ("owner/name").

    A path may be a single file, too (`single_files`).

    Raises ModelError if there is no such model, or if it is on a hub only.
    """
    if name == BUNDLED:
        try:
            return resource(f"models/{BUNDLED}")
        except LazyDiffError as error:
            raise ModelError(str(error)) from error
    registered = default_registry().called(name) if name else None
    if registered is not None:
        return registered.path
    folder = Path(os.path.expanduser(name))  # Path.expanduser raises for an unknown user
    if name and (folder.is_dir() or is_model_file(folder)):
        return folder
    if not _is_hub_id(name):
        added = (model.name for model in default_registry().models())
        names = ", ".join((*(folder.name for folder in bundled_models()), *added))
        raise ModelError(
            f"There is no model {name!r}: give a folder, a hub id (owner/name) or one of: {names}."
        )
    found = _downloaded(name)
    if found is None:
        raise ModelError(
            f"The model {name!r} is not installed: download it by `lazydiff models download "
            f"{name}`, which shows its size and license first."
        )
    return found


def only_on_hub(name: str) -> bool:
    """Whether a name is a hub id of a model that is not on this computer."""
    here = default_registry().called(name) is not None or Path(os.path.expanduser(name)).exists()
    return _is_hub_id(name) and not here and _downloaded(name) is None


def _is_hub_id(name: str) -> bool:
    parts = name.split("/")
    return len(parts) == 2 and all(parts) and not name.startswith((".", "~"))


def _downloaded(hub_id: str) -> Path | None:
    """The folder of a hub's model: as LazyDiff downloaded it, or in the hub library's cache."""
    known = default_registry().models()
    mine = next((m for m in known if m.source.startswith(f"{hub_id}@") and m.is_there), None)
    if mine is not None:
        return mine.path
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        cached = snapshot_download(hub_id, allow_patterns=list(SAFE_FILES), local_files_only=True)
    except (HFValidationError, LocalEntryNotFoundError, OSError):
        return None
    return Path(cached) if is_model_folder(Path(cached)) else None
