"""Files that hold one part of a model, as ComfyUI's users have them: recognised by their tensors.

A file of a transformer takes the other parts (text encoder, autoencoder, tokenizer) from an
installed pipeline of the same size.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.registry import default_registry
from lazydiff_core.model_store.weight_names import SCALES, is_of_scaling

_MOST_HEADER_BYTES: Final = 2**27
_KLEIN: Final = ("Flux2KleinPipeline", "Flux2KleinKVPipeline")
# A tensor that only this family has -> its pipelines, the dimension that is the transformer's
# width, and where the whole pipeline can be had.
_SIGNS: Final[dict[str, tuple[tuple[str, ...], int, str]]] = {
    "single_stream_modulation.lin.weight": (_KLEIN, 1, "black-forest-labs/FLUX.2-klein-4B"),
    "x_pad_token": (("ZImagePipeline",), 1, "Tongyi-MAI/Z-Image-Turbo"),
}

Shapes: TypeAlias = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class SingleFile:
    """A transformer's file.

    kinds:  classes of pipelines that it can be the transformer of.
    width:  of its hidden states.
    values: number of values in all of its tensors.
    source: a hub id that has the other parts.
    scaled: its weights are in 8 bits, with a scale for each layer.
    """

    path: Path
    kinds: tuple[str, ...]
    width: int
    values: int
    source: str
    scaled: bool = False

    @property
    def is_gguf(self) -> bool:
        return _is_gguf(self.path)


def recognise(path: Path) -> SingleFile:
    """What a file holds, by its tensors; raises ModelError for what cannot be used."""
    found = _gguf_shapes(path) if _is_gguf(path) else _safetensors_shapes(path)
    shapes = {name: shape for name, shape in found.items() if not is_of_scaling(name)}
    scaled = any(name.endswith(SCALES) for name in found)
    for sign, (kinds, dimension, source) in _SIGNS.items():
        if sign in shapes:
            values = sum(_count(shape) for shape in shapes.values())
            return SingleFile(path, kinds, shapes[sign][dimension], values, source, scaled)
    raise ModelError(
        f"{path.name} is no model that LazyDiff reads from a single file, by its tensors; it reads "
        "transformers of FLUX.2 [klein] and Z-Image."
    )


def is_lora_file(path: Path) -> bool:
    """Whether a file holds low-rank changes to a model, by its tensors; raises ModelError."""
    if _is_gguf(path):
        return False
    return any("lora" in name.lower() for name in _safetensors_shapes(path))


def base_of(single: SingleFile) -> Path:
    """The installed pipeline that lends the other parts; raises ModelError if there is none."""
    for model in default_registry().models():
        index = _object(model.path / "model_index.json")
        sizes = _object(model.path / "transformer" / "config.json")
        if index.get("_class_name") in single.kinds and _width(sizes) == single.width:
            return model.path
    raise ModelError(
        f"{single.path.name} is a transformer alone: download a pipeline of its size, such as "
        f"{single.source}, which lends it text encoder and autoencoder."
    )


def _width(config: dict[str, Any]) -> int:
    """Of a transformer's hidden states, by its config."""
    heads, size = config.get("num_attention_heads", 0), config.get("attention_head_dim", 0)
    return int(config.get("dim", int(heads) * int(size)))


def _is_gguf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"GGUF"
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error


def _safetensors_shapes(path: Path) -> Shapes:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        try:
            header: dict[str, Any] = json.loads(file.read(min(length, _MOST_HEADER_BYTES)))
            rows = {name: row for name, row in header.items() if name != "__metadata__"}
            return {name: tuple(row["shape"]) for name, row in rows.items()}
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} is not a readable safetensors file.") from error


def _gguf_shapes(path: Path) -> Shapes:
    from gguf import GGUFReader

    try:
        tensors = GGUFReader(path).tensors
    except Exception as error:  # the library raises what numpy and enum happen to raise
        raise ModelError(f"{path} is not a readable GGUF file: {error}.") from error
    return {str(t.name): tuple(int(size) for size in reversed(t.shape)) for t in tensors}


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
