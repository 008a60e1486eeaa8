"""What a hub offers under a name, looked up before anything large is downloaded."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.hub_requests import (
    PATIENCE_SECONDS,
    check_online,
    file_request,
    first_line,
    gated,
    is_forbidden,
    megabytes,
)
from lazydiff_core.model_store.licences import licence_sentence
from lazydiff_core.model_store.needed_files import (
    PICKLES,
    missing_packages,
    needed_files,
)
from lazydiff_core.model_store.pipelines import why_not
from lazydiff_core.model_store.quantised_parts import check_quantised
from lazydiff_core.model_store.registry import CONFIGS, FILE_SUFFIXES
from lazydiff_core.model_store.weight_names import DIFFUSERS_STEM

_log = logging.getLogger(__name__)
_INDEX, _MODULAR = "model_index.json", "modular_model_index.json"
_LARGE_PARTS = ("transformer", "unet", "text_encoder")
_MOST_INDEX_BYTES = 2**20


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
    part:     what of the model it is; "" = all that is needed.
    """

    hub_id: str
    commit: str
    licence: str
    files: tuple[RemoteFile, ...]
    endpoint: str | None = None
    part: str = ""

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)

    @property
    def folder_name(self) -> str:
        """Name of the folder to download into, and the model's default name."""
        return self.hub_id.replace("/", "--") + self.part.replace(" ", "-")

    @property
    def source(self) -> str:
        """As in RegisteredModel."""
        return f"{self.hub_id}{self.part}@{self.commit}"

    def without_weights(self) -> HubOffer:
        """Descriptions and tokenizers alone, as a checkpoint in one file borrows them."""
        small = tuple(file for file in self.files if not file.name.endswith(".safetensors"))
        return replace(self, files=small, part=" without weights")

    def sentence(self, free: int) -> str:
        """Size, room and licence in one sentence; free: bytes left where it would go."""
        return (
            f"{self.hub_id} is {megabytes(self.bytes)} in {len(self.files)} files, "
            f"{megabytes(free)} are free; {licence_sentence(self.licence)}."
        )


def look_up(hub_id: str, revision: str | None = None, endpoint: str | None = None) -> HubOffer:
    """Ask a hub for a model's files; of the files themselves, only descriptions are read.

    endpoint: the hub's address; None = HF_ENDPOINT, or the Hugging Face Hub.

    Raises ModelError if the hub does not answer, if the model cannot be used here, or if its owner
    wants to be asked first.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        RepositoryNotFoundError,
    )

    check_online(hub_id)
    try:
        found = HfApi(endpoint=endpoint).model_info(
            hub_id, revision=revision, files_metadata=True, timeout=PATIENCE_SECONDS
        )
    except GatedRepoError as error:
        raise gated(hub_id, endpoint) from error
    except RepositoryNotFoundError as error:
        raise ModelError(
            f"There is no {hub_id!r} on the hub, or it is private: check its owner/name."
        ) from error
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelError(f"The hub has no details of {hub_id!r}: {first_line(error)}.") from error
    except Exception as error:  # network errors have other classes in each version of the library
        _log.debug("Asking for %s", hub_id, exc_info=True)
        raise ModelError(f"The hub cannot be reached: {first_line(error)}.") from error
    files = {row.rfilename: _remote_file(row) for row in found.siblings or ()}
    _check_names(hub_id, list(files))
    commit = str(found.sha)
    index = _index_of(hub_id, commit, endpoint) if _INDEX in files else None
    try:
        kept = needed_files({name: file.bytes for name, file in files.items()}, index)
    except ModelError as error:
        raise ModelError(f"{hub_id} {error}.") from error
    _check_offer(hub_id, list(files), kept)
    _check_quantised(hub_id, commit, kept, endpoint)
    licence = _licence(found.card_data)
    return HubOffer(hub_id, commit, licence, tuple(files[name] for name in kept), endpoint)


def _remote_file(row: Any) -> RemoteFile:
    return RemoteFile(
        name=row.rfilename,
        bytes=int(row.size or 0),
        sha256="" if row.lfs is None else str(row.lfs.sha256),
        git_id=str(row.blob_id or ""),
    )


def _licence(card: Any) -> str:
    """The licence's identifier; its name where the identifier is only "other"."""
    said = {} if card is None else card.to_dict()
    licence = str(said.get("license") or "")
    return str(said.get("license_name") or licence) if licence in ("", "other") else licence


def _index_of(hub_id: str, commit: str, endpoint: str | None) -> dict[str, Any]:
    """The contents of model_index.json of a pipeline that runs here; raises ModelError."""
    index = _object_of(hub_id, commit, _INDEX, endpoint)
    if not index.get("_class_name"):
        raise ModelError(f"{_INDEX} of {hub_id} names no pipeline: choose another model.")
    reason = why_not(str(index["_class_name"]))
    if reason:
        raise ModelError(f"{hub_id} is {reason}.")
    return index


def _object_of(hub_id: str, commit: str, name: str, endpoint: str | None) -> dict[str, Any]:
    """The JSON object in a small file; raises ModelError."""
    try:
        request = file_request(hub_id, commit, name, endpoint)
        with urlopen(request, timeout=PATIENCE_SECONDS) as reply:
            found = json.loads(reply.read(_MOST_INDEX_BYTES))
    except HTTPError as error:
        error.close()
        if is_forbidden(error):
            raise gated(hub_id, endpoint) from error
        raise ModelError(f"The hub does not send {name} of {hub_id}: {error}.") from error
    except OSError as error:
        raise ModelError(f"The hub cannot be reached: {first_line(error)}.") from error
    except ValueError as error:
        raise ModelError(f"{name} of {hub_id} is damaged: choose another model.") from error
    if not isinstance(found, dict):
        raise ModelError(f"{name} of {hub_id} describes nothing: choose another model.")
    return found


def _check_quantised(hub_id: str, commit: str, kept: list[str], endpoint: str | None) -> None:
    """Raises ModelError for weights that are quantised in a way that cannot be read here."""
    for name in (f"{part}/config.json" for part in _LARGE_PARTS):
        if name in kept:
            check_quantised(_object_of(hub_id, commit, name, endpoint), hub_id)


def _check_names(hub_id: str, names: list[str]) -> None:
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
            raise ModelError(
                f"{hub_id} has a file with the unsafe name {name!r}: choose another model."
            )


def _check_offer(hub_id: str, names: list[str], kept: list[str]) -> None:
    if not any(name in CONFIGS for name in kept):
        if _MODULAR in names:
            raise ModelError(f"{hub_id} is a modular pipeline, which LazyDiff does not run.")
        within = sorted(name for name in names if PurePosixPath(name).name == _INDEX)
        if within:
            raise ModelError(
                f"{hub_id} holds pipelines in folders, such as {PurePosixPath(within[0]).parent}: "
                "download one in a browser and add it by `lazydiff models add FOLDER`."
            )
        alone = sorted(name for name in names if name.endswith(FILE_SUFFIXES))
        if alone:
            raise ModelError(
                f"{hub_id} holds files alone, such as {alone[0]}: download the one you want in a "
                "browser and add it by `lazydiff models add FILE`, or use it by --lora."
            )
        raise ModelError(f"{hub_id} is not a model for LazyDiff: it has no {' or '.join(CONFIGS)}.")
    if _INDEX not in kept and any(name.startswith(DIFFUSERS_STEM) for name in kept):
        raise ModelError(f"{hub_id} is a part of a pipeline alone: choose a whole one.")
    if not any(name.endswith(".safetensors") for name in kept):
        pickles = any(name.endswith(PICKLES) for name in names)
        why = "only as pickles, which can run any code" if pickles else "nowhere"
        raise ModelError(f"{hub_id} has its weights {why}: LazyDiff reads only safetensors.")
    packages = missing_packages(kept)
    if packages:
        raise ModelError(
            f"{hub_id} needs {' and '.join(packages)} to read prompts: install "
            f"{'it' if len(packages) == 1 else 'them'} first "
            f"(pip install {' '.join(packages)})."
        )
