"""Writes a model folder made of parts, in diffusers' layout of pipelines.

config.json     sizes, names of the parts, defaults, SHA-256 of the weights of `lazy` and `vae`
lazy/           model.safetensors, or shards of up to 5 GB and their index
vae/            an AutoencoderKL
text_encoder/   a T5EncoderModel; absent if the model has classes
tokenizer/      tokenizer.json
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from lazydiff_core.errors import ModelError, TargetError
from lazydiff_core.model.checkpoint.checkpoint import Defaults, Parts
from lazydiff_core.model.files.weights import SHARD_BYTES, save_sharded
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.t5 import T5Folders, T5States, open_tokenizer
from lazydiff_core.storage.safe_files import file_sha256

PAPER_DEFAULTS = Defaults(steps=50, guidance=4.5)
# Files copied from other folders: data only, no pickles, no code.
_COPIED = ("*.json", "*.safetensors")


@dataclass(frozen=True)
class Sources:
    """Folders to copy parts from: an AutoencoderKL, and T5 if the model reads text."""

    vae: Path
    text: T5Folders | None = None


def set_null_prompt(lazy: LazyDiffusion, folders: T5Folders) -> None:
    """Set the null prompt to T5's state of the empty prompt (a single token), as in PixArt."""
    config = lazy.config
    text = T5States(folders, config.text_tokens, config.text_width, torch.device("cpu"))
    states = text.encode([""]).states[0]
    with torch.no_grad():
        lazy.decoder.null_text.copy_(states[-1:])


def save_parts(
    folder: Path,
    lazy: LazyDiffusion,
    sources: Sources,
    *,
    defaults: Defaults = PAPER_DEFAULTS,
    concepts: tuple[str, ...] = (),
    dtype: torch.dtype = torch.float32,
    shard_bytes: int = SHARD_BYTES,
) -> None:
    """Write a new model folder, completely or not at all; raises TargetError.

    dtype:       type of the weights on disk.
    shard_bytes: largest size of a weights file.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TargetError(f"{folder} already exists: name a new folder.")
    staged = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}.tmp")
    try:
        _write(staged, lazy, sources, dtype, shard_bytes)
        _write_config(staged, lazy, sources, defaults, concepts)
        staged.replace(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise TargetError(f"{folder} cannot be written: {reason}.") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write(
    folder: Path, lazy: LazyDiffusion, sources: Sources, dtype: torch.dtype, shard_bytes: int
) -> None:
    state = {name: value.to(dtype) for name, value in lazy.state_dict().items()}
    save_sharded(folder / "lazy", state, "model", shard_bytes)
    _copy(sources.vae, folder / "vae")
    if sources.text is not None:
        _copy(sources.text.encoder, folder / "text_encoder")
        (folder / "tokenizer").mkdir()
        tokenizer = open_tokenizer(sources.text.tokenizer)
        tokenizer.save(str(folder / "tokenizer" / "tokenizer.json"))


def _write_config(
    folder: Path,
    lazy: LazyDiffusion,
    sources: Sources,
    defaults: Defaults,
    concepts: tuple[str, ...],
) -> None:
    parts = Parts() if sources.text is None else Parts("lazy", "vae", "text_encoder", "tokenizer")
    checked = [p for part in ("lazy", "vae") for p in sorted((folder / part).glob("*.safetensors"))]
    config = {
        "lazy": lazy.config.to_dict(),
        "parts": asdict(parts),
        "sha256": {p.relative_to(folder).as_posix(): file_sha256(p) for p in checked},
        "defaults": asdict(defaults),
        "concepts": list(concepts),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise ModelError(f"There is no folder {source}.")
    target.mkdir(parents=True)
    for pattern in _COPIED:
        for path in sorted(source.glob(pattern)):
            shutil.copyfile(path, target / path.name)
