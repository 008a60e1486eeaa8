"""What a hub offers under a name, looked up before anything is downloaded."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.registry import CONFIGS

_log = logging.getLogger(__name__)
# Files to download: data only, no pickles, no code (*.model is a tokenizer's vocabulary).
SAFE_FILES = ("*.json", "*.safetensors", "*.txt", "*.model")
_HALF = ".fp16."
PICKLES = (".bin", ".pt", ".pth", ".ckpt")


@dataclass(frozen=True)
class RemoteFile:
    """A file on a hub.

    bytes:  size.
    sha256: of the contents; "" if the hub gives only `git_id`, git's object id.
    """

    name: str
    bytes: int
    sha256: str = ""
    git_id: str = ""


@dataclass(frozen=True)
class HubOffer:
    """A model that can be downloaded.

    commit:   the revision of the model.
    licence:  "" = not declared.
    endpoint: the hub's address; None = the default hub.
    """

    hub_id: str
    commit: str
    licence: str
    files: tuple[RemoteFile, ...]
    endpoint: str | None = None

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)

    @property
    def folder_name(self) -> str:
        """Name of the folder to download into, and the model's default name."""
        return self.hub_id.replace("/", "--")


def look_up(hub_id: str, revision: str | None = None, endpoint: str | None = None) -> HubOffer:
    """Ask a hub for a model's files.

    endpoint: the hub's address; None = HF_ENDPOINT, or the Hugging Face Hub.

    Raises ModelError if the hub does not answer or the model cannot be used.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        found = HfApi(endpoint=endpoint).model_info(
            hub_id, revision=revision, files_metadata=True, timeout=20
        )
    except (HfHubHTTPError, HFValidationError, OfflineModeIsEnabled, OSError) as error:
        raise ModelError(f"The hub has no details of {hub_id!r}: {first_line(error)}.") from error
    except Exception as error:  # network errors have other classes in each version of the library
        _log.info("Asking for %s", hub_id, exc_info=True)
        raise ModelError(f"The hub cannot be reached: {first_line(error)}.") from error
    files = tuple(
        RemoteFile(
            name=row.rfilename,
            bytes=int(row.size or 0),
            sha256="" if row.lfs is None else str(row.lfs.sha256),
            git_id=str(row.blob_id or ""),
        )
        for row in found.siblings or ()
    )
    card = found.card_data
    licence = "" if card is None else str(card.get("license") or "")
    kept = _needed(files)
    _check_offer(hub_id, files, kept)
    return HubOffer(hub_id, str(found.sha), licence, kept, endpoint)


def first_line(error: Exception) -> str:
    """The first line of a message, without its full stop."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _needed(files: Iterable[RemoteFile]) -> tuple[RemoteFile, ...]:
    """The safe files that a model is loaded from, without second copies of weights.

    A copy is a half-precision file next to the full one, or, in a pipeline, a file beside
    model_index.json: the pipeline's weights are in its sub-folders.
    """
    safe = [file for file in files if any(fnmatch(file.name, kind) for kind in SAFE_FILES)]
    is_pipeline = any(file.name == "model_index.json" for file in safe)
    weights = [PurePosixPath(file.name) for file in safe if file.name.endswith(".safetensors")]
    full = {path.parent for path in weights if _HALF not in path.name}

    def is_wanted(file: RemoteFile) -> bool:
        path = PurePosixPath(file.name)
        again = _HALF in path.name and path.parent in full
        loose = is_pipeline and path in weights and len(path.parts) == 1
        return not again and not loose

    return tuple(file for file in safe if is_wanted(file))


def _check_offer(hub_id: str, files: tuple[RemoteFile, ...], kept: tuple[RemoteFile, ...]) -> None:
    names = [file.name for file in kept]
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
            raise ModelError(
                f"{hub_id} has a file with the unsafe name {name!r}: choose another model."
            )
    if not any(name in CONFIGS for name in names):
        raise ModelError(f"{hub_id} is not a model for LazyDiff: it has no {' or '.join(CONFIGS)}.")
    if not any(name.endswith(".safetensors") for name in names):
        pickles = any(file.name.endswith(PICKLES) for file in files)
        why = "only as pickles, which can run any code" if pickles else "nowhere"
        raise ModelError(f"{hub_id} has its weights {why}: LazyDiff reads only safetensors.")
