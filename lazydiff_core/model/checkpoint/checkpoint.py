"""A model folder: config.json, safetensors weights, and their SHA-256. Never a pickle.

Layout of the bundled model:
config.json              {"lazy": {...}, "autoencoder": {...}, "text": "minilm" or "pictured",
                          "sha256": {...}, "concepts": [...],
                          "defaults": {"steps": .., "guidance": ..}}
lazy.safetensors         context encoder and decoder, half precision on disk
autoencoder.safetensors
lexicon.safetensors      what its words look like, if its text is "pictured"
people.safetensors       the same of people, where "sha256" lists it; nothing was trained on them

Layout of the paper's model, whose config.json has "parts" instead of "autoencoder" and "text":
config.json              {"lazy": {...}, "parts": {"lazy": "lazy", "autoencoder": "vae", ...}, ...}
lazy/ vae/ text_encoder/ tokenizer/        written by lazydiff_core.model.checkpoint.pipeline_folder
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lazydiff_core.errors import ModelError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.autoencoders.vae_folder import load_vae
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.files.config_file import read_object
from lazydiff_core.model.files.devices import half_of
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.model.files.weights import (
    SkipRandomInit,
    check_digests,
    fit_state,
    load_weights,
    read_state,
)
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.references.lexicon import (
    STYLES,
    Lexicon,
    joined,
    load_lexicon,
    save_lexicon,
)
from lazydiff_core.model.text.t5 import T5Folders
from lazydiff_core.storage.safe_files import file_sha256

WEIGHTS = ("lazy", "autoencoder")
LEXICON, PICTURED = "lexicon.safetensors", "pictured"
PEOPLE = "people.safetensors"  # a further lexicon

# Exceptions from building a model with wrong sizes or types; PyTorch raises RuntimeError.
_SENSELESS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True)
class Defaults:
    """How a model is sampled by default."""

    steps: int = 20
    guidance: float = 4.0


@dataclass(frozen=True)
class Parts:
    """Names of the sub-folders of a model folder; raises ModelError for an unsafe name."""

    lazy: str = "lazy"
    autoencoder: str = "vae"
    text_encoder: str | None = None
    tokenizer: str | None = None

    def __post_init__(self) -> None:
        for name in (self.lazy, self.autoencoder, self.text_encoder, self.tokenizer):
            if name is not None and (not name or name in (".", "..") or Path(name).name != name):
                raise ModelError(f"{name!r} is not the name of a sub-folder.")

    def text(self, folder: Path) -> T5Folders | None:
        """The folders of T5 and its tokenizer; None if the model does not read text."""
        if self.text_encoder is None or self.tokenizer is None:
            return None
        return T5Folders(folder / self.text_encoder, folder / self.tokenizer)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A loaded model folder, weights in float32 on the CPU.

    concepts: words the model was trained on or taught.
    text:     folders of its T5; None = MiniLM.
    half:     compute in half precision on a GPU.
    digest:   SHA-256 of its config.json, which holds those of the weights; "" = never saved.
    lexicon:  what its words look like; None = the model reads text only.
    """

    name: str
    lazy: LazyDiffusion
    autoencoder: LatentCodec
    defaults: Defaults
    concepts: tuple[str, ...]
    text: T5Folders | None = None
    half: bool = False
    digest: str = ""
    lexicon: Lexicon | None = None


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a folder in the bundled model's layout, with matrices in half precision."""
    assert isinstance(checkpoint.autoencoder, Autoencoder)
    folder.mkdir(parents=True, exist_ok=True)
    digests = {}
    for name, module in (("lazy", checkpoint.lazy), ("autoencoder", checkpoint.autoencoder)):
        path = folder / f"{name}.safetensors"
        state = {k: _half(v) for k, v in module.state_dict().items()}
        write_tensors(path, state, {"format": "pt"})
        digests[name] = file_sha256(path)
    if checkpoint.lexicon is not None:
        save_lexicon(folder / LEXICON, checkpoint.lexicon)
        digests["lexicon"] = file_sha256(folder / LEXICON)
    config = {
        "lazy": checkpoint.lazy.config.to_dict(),
        "autoencoder": asdict(checkpoint.autoencoder.config),
        "text": _text(checkpoint),
        "sha256": digests,
        "defaults": asdict(checkpoint.defaults),
        "concepts": list(checkpoint.concepts),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _text(checkpoint: Checkpoint) -> str:
    if checkpoint.lazy.config.classes:
        return "classes"
    return PICTURED if checkpoint.lexicon is not None else "minilm"


def _half(value: Tensor) -> Tensor:
    """Matrices in half precision; biases and statistics stay: they may exceed its range."""
    return value.half() if value.is_floating_point() and value.ndim > 1 else value


def load_checkpoint(folder: Path) -> Checkpoint:
    """Read and verify a model folder of either layout; raises ModelError."""
    config = read_config(folder)
    path = folder / "config.json"
    try:
        with SkipRandomInit():
            lazy = LazyDiffusion(LazyConfig.from_dict(config["lazy"])).eval()
        parts = Parts(**config["parts"]) if "parts" in config else None
        autoencoder = (
            None if parts else Autoencoder(AutoencoderConfig.from_dict(config["autoencoder"]))
        )
        defaults = Defaults(**config.get("defaults", {}))
        digests = dict(config["sha256"])
        digest = file_sha256(path)
        concepts = tuple(str(concept) for concept in config.get("concepts", ()))
    except ModelError as error:
        raise ModelError(f"{path} does not describe a LazyDiff model: {error}") from error
    except _SENSELESS as error:
        raise ModelError(f"{path} does not describe a LazyDiff model: {error!r}.") from error
    if parts is not None:
        check_digests(folder, digests)
        codec = _load_parts(folder, parts, lazy)
        text = parts.text(folder)
        return Checkpoint(folder.name, lazy, codec, defaults, concepts, text, True, digest)
    assert autoencoder is not None
    for name, module in zip(WEIGHTS, (lazy, autoencoder), strict=True):
        load_weights(module, folder / f"{name}.safetensors", digests.get(name))
    lexicon = None
    if config.get("text") == PICTURED:
        if "lexicon" in digests:
            check_digests(folder, {LEXICON: digests["lexicon"]})
        lexicon = load_lexicon(folder / LEXICON)
        if "people" in digests:
            check_digests(folder, {PEOPLE: digests["people"]})
            people = load_lexicon(folder / PEOPLE)
            if people.channels != lexicon.channels:
                raise ModelError(f"{folder / PEOPLE} belongs to another model.")
            lexicon = joined(lexicon, people)
        looks = len(STYLES), lexicon.channels
        cells = lazy.config.side // lazy.config.latent_scale
        if looks != (lazy.config.look_styles, lazy.config.latent_channels + 1) or (
            len(lexicon.surfaces) and min(lexicon.surfaces.shape[2:]) < cells
        ):
            raise ModelError(f"{folder / LEXICON} belongs to another model.")
    return Checkpoint(
        folder.name, lazy, autoencoder.eval(), defaults, concepts, digest=digest, lexicon=lexicon
    )


def _load_parts(folder: Path, parts: Parts, lazy: LazyDiffusion) -> LatentCodec:
    """Load the weights of `lazy`, and read its autoencoder."""
    weights, config = folder / parts.lazy, lazy.config
    fit_state(lazy, read_state(weights, "model"), weights)
    codec = load_vae(folder / parts.autoencoder)
    if (codec.channels, codec.scale) != (config.latent_channels, config.latent_scale):
        raise ModelError(
            f"{folder / parts.autoencoder} makes latents of {codec.channels} channels and "
            f"{codec.scale} pixels, but the model needs {config.latent_channels} channels "
            f"and {config.latent_scale} pixels."
        )
    if not config.classes and parts.text(folder) is None:
        raise ModelError(f"{folder} names neither a text encoder nor classes in its config.json.")
    return codec


def read_config(folder: Path) -> dict[str, Any]:
    """The folder's config.json as a dictionary; ModelError if it is missing or not JSON."""
    path = folder / "config.json"
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}.")
    return read_object(
        path,
        absent=f"{folder} is not a model folder: it has no config.json.",
        odd=f"{path} does not describe a LazyDiff model.",
    )


def to_device(checkpoint: Checkpoint, device: torch.device) -> Checkpoint:
    """Move a checkpoint's modules; convolutions use the channels-last layout."""
    dtype = working_dtype(checkpoint, device)
    checkpoint.lazy.to(device, dtype)
    checkpoint.autoencoder.to(device, dtype).channels_last()
    return checkpoint


def working_dtype(checkpoint: Checkpoint, device: torch.device) -> torch.dtype:
    """For models with `half`, what large networks run in on the device; otherwise float32."""
    return half_of(device) if checkpoint.half else torch.float32
