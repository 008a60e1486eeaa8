"""Plans how a model's parts share a device's memory, before any of them is loaded.

The plan is the first of these that fits: everything stays on the device; the text encoder stays in
main memory and visits it layer by layer (prompts are kept, so that a known one costs nothing);
besides, the denoiser's weights are packed into 8 bits, or into 4; or its blocks visit, too
(diffusers' group offloading). A text encoder is packed into 8 bits where main memory has no room
for it, or where that is the device's own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import torch

from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.errors import OutOfMemoryError
from lazydiff_core.model.files.packed_weights import Bits, pack_layers, packed_bytes
from lazydiff_core.model.files.weights import weight_files
from lazydiff_core.model_store.quantised_parts import is_quantised
from lazydiff_core.model_store.safetensors_header import read_header
from lazydiff_core.model_store.single_files import SingleFile
from lazydiff_core.model_store.weight_names import is_of_scaling
from lazydiff_core.reference_files import MAX_REFERENCES

Denoiser: TypeAlias = Literal["resident", "eight_bit", "four_bit", "visits"]

RESERVED: Final = 0.15  # assumed: share of activations that the allocator cannot use
# Values a pixel at the widest place of the usual autoencoders, 128 wide at the picture's size.
PICTURE_VALUES: Final = 780
_PICTURE_ITEM: Final = torch.float32.itemsize  # autoencoders stay in float32, and autocast narrows
_BITS: Final[dict[str, Bits]] = {"eight_bit": 8, "four_bit": 4}
_BLOCK = re.compile(r".*?\.\d+(?=\.)")
_IN_BLOCK = re.compile(r".*?\.\d+\.\w+\..*weight")  # of a layer in a numbered block


@dataclass(frozen=True)
class Size:
    """Values in a part's weights.

    layer:  in the largest of its layers; 0 = they cannot visit.
    packed: in the matrices of its blocks, which can be packed; `matrix` in the largest of them.
    """

    all: int
    layer: int = 0
    packed: int = 0
    matrix: int = 0

    def bytes(self, item: int, bits: Bits | None = None) -> int:
        """Of all weights, of `item` bytes each or packed; with room to unpack one matrix."""
        if bits is None:
            return self.all * item
        return packed_bytes(self.packed, bits) + (self.all - self.packed + self.matrix) * item


@dataclass(frozen=True)
class Needs:
    """What a model asks of a device.

    denoiser, text, pictures: the parts' weights.
    step:  bytes of activations of a step over the whole canvas.
    work:  bytes of activations of the autoencoder's pass over the whole canvas.
    keys:  bytes of keys and values that it is good to have room for beside all weights.
    reference: bytes that each further picture of the canvas's size adds to a step; 0 = none is
           shown.
    """

    denoiser: Size
    text: Size
    pictures: Size
    step: int
    work: int
    keys: int = 0
    reference: int = 0


@dataclass(frozen=True)
class Fit:
    """Where a model's parts are, and the largest of its stages.

    dtype: of the computation, and of weights that are not packed.
    text_packed: the text encoder's weights are kept in 8 bits.
    peak:  bytes on the device.
    narrowed: the precision is less than the device's usual one.
    references: how many pictures of the canvas's size have room in a step beside it.
    work:  bytes that the widest pass takes beside weights and keys.
    """

    dtype: torch.dtype
    denoiser: Denoiser = "resident"
    text_visits: bool = False
    text_packed: bool = False
    peak: int = 0
    narrowed: bool = False
    references: int = MAX_REFERENCES
    work: int = 0

    @property
    def notice(self) -> str:
        """The plan, as sentences for the artist; empty if all is as it would be anyway."""
        said = []
        if self.narrowed:
            said.append("The model computes in half precision, to fit.")
        if self.text_visits:
            said.append("The text encoder stays in main memory, and visits for new prompts.")
        if self.text_packed:
            said.append("The text encoder's weights are kept in 8 bits.")
        if self.denoiser == "eight_bit":
            said.append("The model's weights are kept in 8 bits.")
        if self.denoiser == "four_bit":
            said.append("The model's weights are kept in 4 bits, which changes pictures a little.")
        if self.denoiser == "visits":
            said.append("The model's layers visit the card one after another, which is slow.")
        if self.references < MAX_REFERENCES:
            said.append(
                f"Room for reference pictures of the full size: {self.references} of "
                f"{MAX_REFERENCES}."
            )
        return " ".join(said)


def stages_of(needs: Needs, fit: Fit) -> dict[str, tuple[int, int]]:
    """Stage -> (bytes of weights on the device, bytes at its peak) under a plan."""
    item = fit.dtype.itemsize
    if fit.denoiser == "visits":  # one block computes while the next one comes
        denoiser = 2 * needs.denoiser.layer * item
    else:
        denoiser = needs.denoiser.bytes(item, _BITS.get(fit.denoiser))
    there = denoiser + needs.pictures.all * _PICTURE_ITEM
    kept = 0 if fit.text_visits else text_bytes(needs, fit)
    reading = there + (needs.text.layer * item if fit.text_visits else kept)
    painting = there + kept
    return {
        "text": (reading, reading),
        "encode": (painting, painting + _with_reserve(needs.work)),
        "step": (painting, painting + _with_reserve(needs.step)),
        "decode": (painting, painting + _with_reserve(needs.work)),
    }


def text_bytes(needs: Needs, fit: Fit) -> int:
    """Bytes of the text encoder's weights, wherever they are."""
    return needs.text.bytes(fit.dtype.itemsize, 8 if fit.text_packed else None)


def choose_fit(
    needs: Needs, dtype: torch.dtype, device: torch.device, free: int, name: str, host: int
) -> Fit:
    """The first plan that fits into `free` bytes of a device; on the CPU the first precision.

    host: free bytes of main memory, for a text encoder that stays there.

    Raises OutOfMemoryError, with the model's `name`, if there is none.
    """
    least = 0
    for fit, spare in _plans(needs, dtype, device):
        peak = max(peak for _, peak in stages_of(needs, fit).values())
        if device.type == "cpu":
            peak = max(peak, _reading_bytes(needs, fit))
        if peak + spare <= free:
            return replace(
                fit,
                peak=peak,
                narrowed=fit.dtype != dtype,
                text_packed=fit.text_packed or (fit.text_visits and text_bytes(needs, fit) > host),
                references=_references(needs, fit, free),
                work=_with_reserve(max(needs.work, needs.step)),
            )
        least = peak if not least else min(least, peak)
    raise OutOfMemoryError(
        f"{name} needs at least {least / 1e9:.1f} GB on {device}, where {free / 1e9:.1f} GB are "
        "free: close other programs, or choose a smaller model or another device."
    )


def _references(needs: Needs, fit: Fit, free: int) -> int:
    """As in Fit."""
    if not needs.reference:
        return MAX_REFERENCES
    _, step = stages_of(needs, fit)["step"]
    return min(MAX_REFERENCES, max(0, (free - step) // _with_reserve(needs.reference)))


def _reading_bytes(needs: Needs, fit: Fit) -> int:
    """Bytes of main memory while weights are read, which are packed only then."""
    item = fit.dtype.itemsize
    packed = needs.denoiser.bytes(item, _BITS.get(fit.denoiser))
    return needs.pictures.all * item + max(
        needs.denoiser.all * item, packed + needs.text.all * item
    )


def _plans(needs: Needs, dtype: torch.dtype, device: torch.device) -> list[tuple[Fit, int]]:
    """Plans to try, best first, with the bytes that each must leave free."""
    small: list[Denoiser] = ["eight_bit", "four_bit"] if needs.denoiser.packed else []
    if device.type == "cpu":
        whole = [Fit(kind) for kind in dict.fromkeys((dtype, torch.bfloat16))]
        packed = [Fit(torch.bfloat16, kind, text_packed=True) for kind in ("resident", *small)]
        return [(fit, 0) for fit in (*whole, *packed)]
    plans = [(Fit(dtype), needs.keys)]
    if device.type == "mps":  # its memory is the main memory: what visits is there already
        packed = [Fit(dtype, kind, text_packed=True) for kind in ("resident", *small)]
        return [*plans, *((fit, 0) for fit in (Fit(dtype), *packed))]
    if needs.denoiser.layer:
        small.append("visits")
    visits = needs.text.layer > 0
    return plans + [(Fit(dtype, kind, text_visits=visits), 0) for kind in ("resident", *small)]


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
    if fit.denoiser in _BITS:
        pack_layers(network, _BITS[fit.denoiser], device)
    return network.to(device)


def size_on_disk(
    folder: Path, stem: str, is_read: Callable[[str], bool] = lambda name: True
) -> Size:
    """Values in a part's weights and in its largest layer, from the files' headers alone.

    A layer is a numbered block, or a single weight outside of all blocks. Quantised weights count
    by the room they take in half precision, and can neither be packed once more nor visit.
    is_read: whether a tensor is loaded, by its name.

    Raises ModelError if files are missing.
    """
    if is_quantised(folder):
        files = weight_files(folder, stem)
        return Size(sum(path.stat().st_size for path in files) // torch.float16.itemsize)
    shapes = (read_header(path).shapes for path in weight_files(folder, stem))
    return size_of((n, shape) for found in shapes for n, shape in found.items() if is_read(n))


def size_of(tensors: Iterable[tuple[str, Sequence[int]]]) -> Size:
    """As `size_on_disk`, by the names and shapes of tensors."""
    layers: dict[str, int] = defaultdict(int)
    matrices = [0]
    for name, shape in tensors:
        layers[block_of(name)] += prod(shape)
        if _IN_BLOCK.match(name) and len(shape) == 2:
            matrices.append(prod(shape))
    return Size(sum(layers.values()), max(layers.values(), default=0), sum(matrices), max(matrices))


def size_of_file(single: SingleFile) -> Size:
    """Values in a single file's weights; quantised ones count by the room they take in half
    precision, and can neither be packed once more nor visit."""
    if single.is_gguf:
        return Size(single.path.stat().st_size // torch.float16.itemsize)
    return size_of(
        (n, s) for n, s in read_header(single.path).shapes.items() if not is_of_scaling(n)
    )


def block_of(name: str) -> str:
    """The numbered block that a tensor belongs to, by its name; itself if it is in none."""
    block = _BLOCK.match(name)
    return block[0] if block else name


def _with_reserve(activations: int) -> int:
    return round(activations * (1 + RESERVED))
