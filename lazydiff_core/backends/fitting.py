"""Plans how a model's parts share a device's memory, before any of them is loaded.

The plan is the first of these that fits: everything stays on the device; the text encoder stays in
main memory and visits it layer by layer (prompts are kept, so that a known one costs nothing);
besides, the denoiser's weights are stored in 8 bits (diffusers' layerwise casting); or its blocks
visit, too (diffusers' group offloading).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import torch

from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.model.files.weights import weight_files
from lazydiff_core.model_store.single_files import SingleFile

Denoiser: TypeAlias = Literal["resident", "eight_bit", "visits"]

RESERVED: Final = 0.15  # assumed: share of activations that the allocator cannot use
# Values a pixel at the widest place of the usual autoencoders, 128 wide at the picture's size.
PICTURE_VALUES: Final = 780
STORAGE: Final = torch.float8_e4m3fn
_BLOCK = re.compile(r".*?\.\d+(?=\.)")


@dataclass(frozen=True)
class Size:
    """Values in a part's weights, and in the largest of its layers."""

    all: int
    layer: int = 0


@dataclass(frozen=True)
class Needs:
    """What a model asks of a device.

    denoiser, text, pictures: the parts' weights.
    step:  bytes of activations of a step over the whole canvas.
    work:  bytes of activations of the autoencoder's pass over the whole canvas.
    keys:  bytes of keys and values that it is good to have room for beside all weights.
    """

    denoiser: Size
    text: Size
    pictures: Size
    step: int
    work: int
    keys: int = 0


@dataclass(frozen=True)
class Fit:
    """Where a model's parts are, and the largest of its stages.

    dtype: of weights and computation; of the weights only in part, if the denoiser is "eight_bit".
    peak:  bytes on the device.
    narrowed: the precision is less than the device's usual one.
    """

    dtype: torch.dtype
    denoiser: Denoiser = "resident"
    text_visits: bool = False
    peak: int = 0
    narrowed: bool = False

    @property
    def notice(self) -> str:
        """The plan, as sentences for the artist; empty if all is as it would be anyway."""
        said = []
        if self.narrowed:
            said.append("The model computes in half precision, to fit.")
        if self.text_visits:
            said.append("The text encoder stays in main memory, and visits for new prompts.")
        if self.denoiser == "eight_bit":
            said.append("The model's weights are kept in 8 bits.")
        if self.denoiser == "visits":
            said.append("The model's layers visit the card one after another, which is slow.")
        return " ".join(said)


def stages_of(needs: Needs, fit: Fit) -> dict[str, tuple[int, int]]:
    """Stage -> (bytes of weights on the device, bytes at its peak) under a plan."""
    item = fit.dtype.itemsize
    denoiser = {
        "resident": needs.denoiser.all * item,
        "eight_bit": needs.denoiser.all * STORAGE.itemsize + needs.denoiser.layer * item,
        # One block computes while the next one comes.
        "visits": 2 * needs.denoiser.layer * item,
    }[fit.denoiser]
    there = denoiser + needs.pictures.all * item
    kept = 0 if fit.text_visits else needs.text.all * item
    reading = there + (needs.text.layer * item if fit.text_visits else kept)
    painting = there + kept
    return {
        "text": (reading, reading),
        "encode": (painting, painting + _with_reserve(needs.work)),
        "step": (painting, painting + _with_reserve(needs.step)),
        "decode": (painting, painting + _with_reserve(needs.work)),
    }


def choose_fit(needs: Needs, dtype: torch.dtype, device: torch.device, free: int, name: str) -> Fit:
    """The first plan that fits into `free` bytes of a device; on the CPU the first precision.

    Raises OutOfMemoryError, with the model's `name`, if there is none.
    """
    least = 0
    for fit, spare in _plans(needs, dtype, device):
        peak = max(peak for _, peak in stages_of(needs, fit).values())
        if peak + spare <= free:
            return replace(fit, peak=peak, narrowed=fit.dtype != dtype)
        least = peak if not least else min(least, peak)
    raise OutOfMemoryError(
        f"{name} needs at least {least / 1e9:.1f} GB on {device}, where {free / 1e9:.1f} GB are "
        "free: close other programs, or choose a smaller model or another device."
    )


def _plans(needs: Needs, dtype: torch.dtype, device: torch.device) -> list[tuple[Fit, int]]:
    """Plans to try, best first, with the bytes that each must leave free."""
    if device.type == "cpu":
        return [(Fit(kind), 0) for kind in dict.fromkeys((dtype, torch.bfloat16))]
    plans = [(Fit(dtype), needs.keys)]
    if device.type == "mps":  # its memory is the main memory: what visits is there already
        return [*plans, (Fit(dtype), 0)]
    plans.append((Fit(dtype, text_visits=True), 0))
    if needs.denoiser.layer:
        plans += [(Fit(dtype, kind, text_visits=True), 0) for kind in ("eight_bit", "visits")]
    return plans


@contextmanager
def memory_is_enough(name: str, device: torch.device) -> Iterator[None]:
    """Raises OutOfMemoryError, with the model's `name`, where memory ends while it is loaded."""
    try:
        yield
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise OutOfMemoryError(
            f"{name} does not fit into the memory of {device}: "
            "choose a smaller model or another device."
        ) from None


def place_denoiser(network: Any, fit: Fit, device: torch.device) -> Any:
    """Bring a network of diffusers to where the plan has it; returns the network."""
    if fit.denoiser == "visits":
        network.enable_group_offload(
            onload_device=device,
            offload_device=torch.device("cpu"),
            offload_type="block_level",
            num_blocks_per_group=1,
            use_stream=device.type == "cuda",
        )
        return network
    if fit.denoiser == "eight_bit":
        network.enable_layerwise_casting(storage_dtype=STORAGE, compute_dtype=fit.dtype)
    return network.to(device)


def size_on_disk(
    folder: Path, stem: str, is_read: Callable[[str], bool] = lambda name: True
) -> Size:
    """Values in a part's weights and in its largest layer, from the files' headers alone.

    A layer is a numbered block, or a single weight outside of all blocks.
    is_read: whether a tensor is loaded, by its name.

    Raises ModelError if files are missing.
    """
    layers: dict[str, int] = defaultdict(int)
    for path in weight_files(folder, stem):
        for name, shape in _shapes(path).items():
            if is_read(name):
                layers[block_of(name)] += prod(shape)
    return Size(sum(layers.values()), max(layers.values(), default=0))


def size_of_file(single: SingleFile) -> Size:
    """Values in a single file's weights; quantised ones count by the room they take in half
    precision. Without a largest layer: they can neither be stored in 8 bits nor visit."""
    if single.is_gguf:
        return Size(single.path.stat().st_size // torch.float16.itemsize)
    return Size(single.values)


def block_of(name: str) -> str:
    """The numbered block that a tensor belongs to, by its name; itself if it is in none."""
    block = _BLOCK.match(name)
    return block[0] if block else name


def _shapes(path: Path) -> dict[str, list[int]]:
    """Name -> shape of each tensor in a safetensors file; empty for a file that is none."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        try:
            header = json.loads(file.read(min(length, 2**27)))
        except ValueError:
            return {}  # the loader says what is wrong with it
    return {name: row["shape"] for name, row in header.items() if name != "__metadata__"}


def _with_reserve(activations: int) -> int:
    return round(activations * (1 + RESERVED))
