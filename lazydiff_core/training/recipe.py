"""How a run is trained: a frozen table, read from TOML (resources/train/paper.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from lazydiff_core.errors import TrainingError

Precision = Literal["auto", "float32", "bfloat16"]
Ragged = Literal["auto", "packed", "padded"]


@dataclass(frozen=True)
class Recipe:
    """One training run; raises TrainingError for values that make no sense.

    steps: optimizer steps. batch: samples a step, over all processes. micro_batch: samples a
    process computes at once; gradients are accumulated over batch / (processes x micro_batch).
    draws: (t, noise) draws a sample, all on one encoded context.
    rate: constant learning rate after `warm_steps`; beta1, beta2, epsilon, weight_decay: AdamW's.
    clip: largest norm of a gradient, 0 = no limit. ema: decay of the running mean of the weights.
    null_share: prompts dropped, for guidance. bound_weight: of the variational bound (iddpm).
    time_mean: location of the times (flow).
    precision: "auto" = bfloat16 where the device is faster with it. ragged: hole tokens of
    different samples "packed" in one row, or "padded" and masked; "auto" = packed where the device
    has a kernel for it. checkpoint_blocks: recompute activations in the backward pass.
    compile: backend of torch.compile for the transformer blocks ("inductor"), "" = none.
    workers: processes that read data, for each training process. pool: steps that each of them
    reads ahead, as files, and deals anew so that micro-batches cost alike (lanes.py); 1 = none.
    log_every, save_every, sample_every: steps; sample_every 0 = never. keep: checkpoints kept.
    samples: pictures on a sheet, painted in sample_steps with guidance `sample_guidance`.
    """

    steps: int = 100_000
    batch: int = 224
    micro_batch: int = 4
    draws: int = 1
    rate: float = 2e-5
    warm_steps: int = 0
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.03
    clip: float = 0.0
    ema: float = 0.9999
    null_share: float = 0.1
    bound_weight: float = 1e-3
    time_mean: float = 0.0
    precision: Precision = "auto"
    ragged: Ragged = "auto"
    checkpoint_blocks: bool = False
    compile: str = ""
    resident_text: bool = False
    workers: int = 4
    pool: int = 1
    log_every: int = 20
    save_every: int = 1000
    keep: int = 2
    sample_every: int = 5000
    samples: int = 8
    sample_steps: int = 50
    sample_guidance: float = 4.5
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (fits, wanted) in _LIMITS.items():
            value = getattr(self, name)
            if not fits(value):
                raise TrainingError(f"The recipe's {name} is {value!r}, but must be {wanted}.")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Recipe:
        """Raises TrainingError for unknown entries and for values of another type."""
        kinds = {field.name: type(field.default) for field in fields(cls)}
        for name, value in values.items():
            if name not in kinds:
                raise TrainingError(f"A recipe has no entry {name!r}: it has {', '.join(kinds)}.")
            whole_as_real = kinds[name] is float and type(value) is int
            if type(value) is not kinds[name] and not whole_as_real:
                raise TrainingError(
                    f"The recipe's {name} must be of type {kinds[name].__name__}, not {value!r}."
                )
        return cls(**values)


Limit = tuple[Callable[[Any], bool], str]


def _least(number: float) -> Limit:
    return lambda value: number <= value < float("inf"), f"{number:g} or more"


_SHARE: Limit = (lambda value: 0 <= value <= 1, "from 0 to 1")
_POSITIVE: Limit = (lambda value: 0 < value < float("inf"), "above 0")
_LIMITS: dict[str, Limit] = {
    **dict.fromkeys(("steps", "batch", "micro_batch", "draws", "log_every"), _least(1)),
    **dict.fromkeys(("save_every", "keep", "samples", "sample_steps", "pool"), _least(1)),
    **dict.fromkeys(("warm_steps", "workers", "sample_every", "seed"), _least(0)),
    **dict.fromkeys(("weight_decay", "clip", "bound_weight", "sample_guidance"), _least(0)),
    **dict.fromkeys(("ema", "null_share", "beta1", "beta2"), _SHARE),
    **dict.fromkeys(("rate", "epsilon"), _POSITIVE),
    "precision": (("auto", "float32", "bfloat16").__contains__, "auto, float32 or bfloat16"),
    "ragged": (("auto", "packed", "padded").__contains__, "auto, packed or padded"),
}


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file; raises TrainingError naming the file and what is wrong."""
    try:
        return Recipe.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:  # TOMLDecodeError is a ValueError
        raise TrainingError(f"The recipe {path} cannot be read: {error}.") from error
    except TrainingError as error:
        raise TrainingError(f"{path}: {error}") from error
