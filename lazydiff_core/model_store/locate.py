"""Finds a model's folder by its name."""

from __future__ import annotations

import os
from pathlib import Path

from lazydiff_core.errors import LazyDiffError, ModelError
from lazydiff_core.model_store.hub_offer import SAFE_FILES
from lazydiff_core.model_store.registry import BUNDLED, default_registry
from lazydiff_core.storage.resources import resource


def locate_model(name: str) -> Path:
    """The folder for "bundled", a name in the registry, a path, or a hub id ("owner/name").

    A hub id is downloaded if necessary, unless HF_HUB_OFFLINE=1. Raises ModelError if there is no
    such model.
    """
    if name == BUNDLED:
        try:
            return resource(f"models/{BUNDLED}")
        except LazyDiffError as error:
            raise ModelError(str(error)) from error
    registered = default_registry().find(name)
    if registered is not None:
        return registered.path
    folder = Path(os.path.expanduser(name))  # Path.expanduser raises for an unknown user
    if name and folder.is_dir():
        return folder
    parts = name.split("/")
    if len(parts) != 2 or not all(parts) or name.startswith((".", "~")):
        raise ModelError(f"There is no model {name!r}; give a folder, a hub id or 'bundled'.")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=list(SAFE_FILES)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"The model {name!r} is not installed and cannot be downloaded: {error}."
        ) from error
