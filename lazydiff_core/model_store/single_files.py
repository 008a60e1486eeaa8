"""Models in one file, as artists share them: recognised by their tensors.

A transformer of FLUX.2 [klein] or Z-Image, or a checkpoint of Stable Diffusion in the names of its
makers. What it lacks (tokenizers, descriptions, other parts) comes from an installed pipeline of
the same size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lazydiff_core.errors import ModelError
from lazydiff_core.model_store.checkpoint_sampling import Sampling, sampling_of
from lazydiff_core.model_store.json_files import object_in
from lazydiff_core.model_store.registry import default_registry
from lazydiff_core.model_store.safetensors_header import Header, Shapes, read_header
from lazydiff_core.model_store.weight_names import SCALES, is_of_scaling

_KLEIN: Final = ("Flux2KleinPipeline", "Flux2KleinKVPipeline")
# A tensor that only this family has -> its pipelines, the dimension that is the transformer's
# width, and where the whole pipeline can be had.
_SIGNS: Final[dict[str, tuple[tuple[str, ...], int, str]]] = {
    "single_stream_modulation.lin.weight": (_KLEIN, 1, "black-forest-labs/FLUX.2-klein-4B"),
    "x_pad_token": (("ZImagePipeline",), 1, "Tongyi-MAI/Z-Image-Turbo"),
}

# Of Stable Diffusion: the U-Net's first layer, and one that only SDXL has.
_UNET: Final = "model.diffusion_model."
_FIRST_LAYER: Final = f"{_UNET}input_blocks.0.0.weight"
_XL: Final = f"{_UNET}label_emb.0.0.weight"
_TEXT_WIDTH: Final = "attn2.to_k.weight"  # (width, width of the text's states)
_XL_KINDS: Final = ("StableDiffusionXLInpaintPipeline", "StableDiffusionXLPipeline")
_SD_KINDS: Final = ("StableDiffusionInpaintPipeline", "StableDiffusionPipeline")
_XL_SOURCE: Final = "diffusers/stable-diffusion-xl-1.0-inpainting-0.1"
# By the width of the text's states: that of version 2, and of version 1.
_SD_SOURCES: Final = {
    1024: "sd2-community/stable-diffusion-2-inpainting or "
    "stabilityai/stable-diffusion-2-inpainting",
}
_SD1_SOURCE: Final = "stable-diffusion-v1-5/stable-diffusion-inpainting"
# Part -> how its tensors' names start.
_XL_PARTS: Final = {
    "unet": _UNET,
    "vae": "first_stage_model.",
    "text_encoder": "conditioner.embedders.0.transformer.",
    "text_encoder_2": "conditioner.embedders.1.model.",
}
_SD_PARTS: Final = {
    "unet": _UNET,
    "vae": "first_stage_model.",
    "text_encoder": "cond_stage_model.",
}
_REFINER: Final = "conditioner.embedders.0.model."
_INPAINT_CHANNELS: Final = (4, 9)  # of a model of whole pictures, and of one for inpainting


@dataclass(frozen=True)
class SingleFile:
    """A file of one or more of a pipeline's parts.

    kinds:  classes of pipelines that it can be of.
    width:  of a transformer's hidden states, or of the text's states that a U-Net takes.
    source: a hub id that has the other parts; or several, should one be withdrawn.
    scaled: its weights are in 8 bits, with a scale for each layer.
    parts:  what it holds, by the names of the pipeline's folders.
    channels: that a U-Net takes; 0 = no U-Net.
    sampling: what a U-Net was trained for.
    """

    path: Path
    kinds: tuple[str, ...]
    width: int
    source: str
    scaled: bool = False
    parts: tuple[str, ...] = ("transformer",)
    channels: int = 0
    sampling: Sampling = field(default_factory=Sampling)

    @property
    def is_gguf(self) -> bool:
        return _is_gguf(self.path)


def recognise(path: Path) -> SingleFile:
    """What a file holds, by its tensors; raises ModelError for what cannot be used."""
    header = None if _is_gguf(path) else read_header(path)
    found = _gguf_shapes(path) if header is None else header.shapes
    shapes = {name: shape for name, shape in found.items() if not is_of_scaling(name)}
    scaled = any(name.endswith(SCALES) for name in found)
    for sign, (kinds, dimension, source) in _SIGNS.items():
        if sign in shapes:
            return SingleFile(path, kinds, shapes[sign][dimension], source, scaled)
    checkpoint = None if header is None else _checkpoint(header, shapes, scaled)
    if checkpoint is not None:
        return checkpoint
    raise ModelError(
        f"{path.name} is no model that LazyDiff reads from a single file, by its tensors; it reads "
        "transformers of FLUX.2 [klein] and Z-Image, and checkpoints of Stable Diffusion 1, 2 and "
        "XL."
    )


def _checkpoint(header: Header, shapes: Shapes, scaled: bool) -> SingleFile | None:
    """A checkpoint of Stable Diffusion; None for anything else. Raises ModelError."""
    first = shapes.get(_FIRST_LAYER, ())
    widths = (shape for name, shape in shapes.items() if name.endswith(_TEXT_WIDTH))
    width = next((shape[1] for shape in widths if len(shape) == 2), 0)
    is_refiner = any(name.startswith(_REFINER) for name in shapes)
    if len(first) != 4 or first[1] not in _INPAINT_CHANNELS or not width or is_refiner:
        return None
    kinds, source, starts = _SD_KINDS, _SD_SOURCES.get(width, _SD1_SOURCE), _SD_PARTS
    if _XL in shapes:
        kinds, source, starts = _XL_KINDS, _XL_SOURCE, _XL_PARTS
    parts = tuple(p for p, start in starts.items() if any(n.startswith(start) for n in shapes))
    sampling = sampling_of(header, width, first[1])
    return SingleFile(header.path, kinds, width, source, scaled, parts, first[1], sampling)


def is_lora_file(path: Path) -> bool:
    """Whether a file holds low-rank changes to a model, by its tensors; raises ModelError."""
    if _is_gguf(path):
        return False
    return any("lora" in name.lower() for name in read_header(path).shapes)


def base_of(single: SingleFile) -> Path:
    """The installed pipeline that lends what is not in a file, one of as many channels if there
    is; raises ModelError if there is none."""
    found: list[tuple[bool, Path]] = []
    for model in default_registry().models():
        index = object_in(model.path / "model_index.json")
        sizes = object_in(
            model.path / ("unet" if single.channels else "transformer") / "config.json"
        )
        if index.get("_class_name") in single.kinds and _width(sizes) == single.width:
            found.append((sizes.get("in_channels") != single.channels, model.path))
    if found:
        return min(found, key=lambda other: other[0])[1]
    if single.channels:
        raise ModelError(
            f"{single.path.name} is a checkpoint of Stable Diffusion, which borrows tokenizer and "
            "scheduler of a pipeline of its version: download a few megabytes by `lazydiff models "
            f"download OWNER/NAME --without-weights`, of {single.source}."
        )
    raise ModelError(
        f"{single.path.name} is a transformer alone: download a pipeline of its size, such as "
        f"{single.source}, which lends it text encoder and autoencoder."
    )


def _width(config: dict[str, Any]) -> object:
    """As in SingleFile, by the config of a transformer or U-Net."""
    if "down_block_types" in config:
        return config.get("cross_attention_dim")
    heads, size = config.get("num_attention_heads", 0), config.get("attention_head_dim", 0)
    return int(config.get("dim", int(heads) * int(size)))


def _is_gguf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"GGUF"
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error


def _gguf_shapes(path: Path) -> Shapes:
    from gguf import GGUFReader

    try:
        tensors = GGUFReader(path).tensors
    except Exception as error:  # the library raises what numpy and enum happen to raise
        raise ModelError(f"{path} is a damaged or cut off GGUF file: get it again.") from error
    return {str(t.name): tuple(int(size) for size in reversed(t.shape)) for t in tensors}
