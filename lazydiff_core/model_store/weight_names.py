"""The names that diffusers and transformers give to weights.

STEM[.VARIANT][-00001-of-00002][.VARIANT].safetensors, and STEM.safetensors.index[.VARIANT].json
for shards. A variant is another precision of the same weights.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

DIFFUSERS_STEM: Final = "diffusion_pytorch_model"
TRANSFORMERS_STEM: Final = "model"
STEMS: Final = (DIFFUSERS_STEM, TRANSFORMERS_STEM)
# The plain name first: what somebody chose to keep is not exchanged for less precision.
VARIANTS: Final = ("", "bf16", "fp16")
_VARIANT = r"(?:\.(?P<{}>bf16|fp16))?"
_NAME = re.compile(
    rf"(?P<stem>\w+){_VARIANT.format('before')}(?:-(?P<number>\d{{5}})-of-(?P<of>\d{{5}}))?"
    rf"{_VARIANT.format('after')}\.safetensors"
)
_INDEX = re.compile(
    rf"(?P<stem>\w+){_VARIANT.format('before')}\.safetensors\.index{_VARIANT.format('after')}\.json"
)


@dataclass(frozen=True)
class WeightName:
    """What a file's name says: one of `of` shards of a stem in a variant ("" = the plain one)."""

    stem: str
    variant: str
    number: int = 1
    of: int = 1


# Of 8-bit weights as ComfyUI stores them: ends of the names of their scales, and of what only says
# how inputs are rounded.
SCALES: Final = (".weight_scale", ".scale_weight")
_ROUNDING: Final = (".input_scale", ".scale_input", ".comfy_quant")
_MARK: Final = "scaled_fp8"


def is_of_scaling(name: str) -> bool:
    """Whether a tensor is no weight, but says how others were rounded to 8 bits."""
    return name == _MARK or name.endswith((*SCALES, *_ROUNDING))


def weight_name(path: str) -> WeightName | None:
    """The parts of a file's name; None for other names, such as those of training copies."""
    found = _NAME.fullmatch(PurePosixPath(path).name)
    if found is None:
        return None
    variant = found["before"] or found["after"] or ""
    return WeightName(found["stem"], variant, int(found["number"] or 1), int(found["of"] or 1))


def index_name(path: str) -> WeightName | None:
    """As `weight_name`, for an index of shards."""
    found = _INDEX.fullmatch(PurePosixPath(path).name)
    return found and WeightName(found["stem"], found["before"] or found["after"] or "")


def complete_variants(names: Iterable[str], stem: str) -> dict[str, tuple[str, ...]]:
    """Variant -> its files, for each variant of which no shard is missing."""
    found: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for name in names:
        parts = weight_name(name)
        if parts is not None and parts.stem == stem:
            found[parts.variant, parts.of][parts.number] = name
    whole = {
        variant: tuple(files[number] for number in sorted(files))
        for (variant, count), files in found.items()
        if len(files) == count
    }
    return {variant: whole[variant] for variant in VARIANTS if variant in whole}
