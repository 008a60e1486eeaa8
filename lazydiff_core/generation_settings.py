"""The settings of a fill, each declared once with its limits and default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from numbers import Integral, Real
from types import MappingProxyType
from typing import Annotated, Any, TypedDict, get_args, get_type_hints

from lazydiff_core.control_files import read_control
from lazydiff_core.errors import InputError
from lazydiff_core.geometry.window import Scope
from lazydiff_core.lora_files import read_loras
from lazydiff_core.reference_files import read_references


@dataclass(frozen=True, slots=True)
class Limits:
    """The allowed range of a setting: `low` to `high`, both included; integers if `whole`."""

    low: int
    high: int
    whole: bool = True

    def allow(self, value: Any) -> bool:
        """Whether a value lies within the limits; NaN does not."""
        is_number = isinstance(value, Integral if self.whole else Real)
        return is_number and bool(self.low <= value <= self.high)


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """Everything a fill depends on apart from the picture. None = the model's default.

    prompt:   what to paint; empty = continue the surroundings. `{a|b}` is a or b by the seed.
    negative: what to avoid; empty = nothing.
    seed:     variant k uses seed + k.
    variants: number of results made from one context. They share a batch, and rounding depends
              on the batch size, so a replay must ask for the same number.
    steps:    denoising steps.
    guidance: classifier-free guidance scale.
    sampler:  name in SAMPLERS.
    strength: how far the sketch is noised before denoising starts, from 0 (keep the sketch) to 1
              (ignore it); no effect without a sketch.
    blender:  name in BLENDERS.
    scope:    how much of the canvas the model looks at: "auto" (as far as its native size reaches),
              "near" (the hole and a margin), "whole" (all of the canvas, at reduced detail) or
              "tiles" (as "auto", but a large hole is filled tile by tile at full detail).
    language: code of the artist's language, which decides where a word means two things; "" =
              English.
    loras:    files of changes to the model, FILE[:WEIGHT] each, one a line (`lora_files`).
    edit:     the prompt says how to change what the mask covers ("make it winter"), which the model
              then sees, instead of what to paint in its place.
    references: files of pictures that the prompt may refer to, one a line (`reference_files`).
    control:  file of a control network and that of the picture it follows (`control_files`).

    Raises InputError for a value outside its limits; none is ever adjusted.
    """

    prompt: str = ""
    negative: str = ""
    seed: Annotated[int, Limits(0, 2**63 - 1)] = 0
    variants: Annotated[int, Limits(1, 16)] = 1
    steps: Annotated[int | None, Limits(1, 1000)] = None
    guidance: Annotated[float | None, Limits(0, 50, whole=False)] = None
    sampler: str | None = None
    strength: Annotated[float, Limits(0, 1, whole=False)] = 1.0
    blender: str = "poisson"
    scope: Scope = "auto"
    language: str = ""
    loras: str = ""
    edit: bool = False
    references: str = ""
    control: str = ""

    def __post_init__(self) -> None:
        for row in fields(self):
            value, limits = getattr(self, row.name), LIMITS.get(row.name)
            by_model = value is None and row.default is None
            if limits is not None and not by_model and not limits.allow(value):
                raise InputError(
                    f"The request cannot be served: {row.name} must lie between {limits.low} "
                    f"and {limits.high}."
                )
        for name in ("prompt", "negative", "blender", "sampler", "loras", "references", "control"):
            value = getattr(self, name)
            if (name, value) != ("sampler", None) and not _is_text(value):
                raise InputError(f"The request cannot be served: {name} must be text.")
        if self.seed > LIMITS["seed"].high - (self.variants - 1):
            raise InputError(
                f"{self.variants} variants from seed {self.seed} on would end above "
                f"{LIMITS['seed'].high}: choose a smaller seed."
            )
        if not isinstance(self.edit, bool):
            raise InputError("The request cannot be served: edit must be true or false.")
        read_loras(self.loras)
        read_references(self.references)
        read_control(self.control)
        if self.scope not in get_args(Scope):
            choices = ", ".join(get_args(Scope))
            raise InputError(f"There is no scope {self.scope!r}; choose one of {choices}.")


def _is_text(value: Any) -> bool:
    """Whether a value is a string that can be written; half a surrogate pair cannot."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _limits_of(settings: type[GenerationSettings]) -> Mapping[str, Limits]:
    hints = get_type_hints(settings, include_extras=True).items()
    notes = {name: getattr(hint, "__metadata__", ()) for name, hint in hints}
    return MappingProxyType({name: note[0] for name, note in notes.items() if note})


LIMITS = _limits_of(GenerationSettings)
DEFAULT_SETTINGS = GenerationSettings()
# Of an enlarged picture: more of it invents; the bundled model softens from 0.3 on.
REDRAW_STRENGTH = 0.15


@dataclass(frozen=True, slots=True)
class ResolvedSettings(GenerationSettings):
    """Settings with the model's defaults filled in (EngineInfo.resolve)."""

    steps: int = 1
    guidance: float = 1.0
    sampler: str = ""


class SettingsKeywords(TypedDict, total=False):
    """The fields of GenerationSettings as keyword arguments, for type checkers."""

    prompt: str
    negative: str
    seed: int
    variants: int
    steps: int | None
    guidance: float | None
    sampler: str | None
    strength: float
    blender: str
    scope: Scope
    language: str
    loras: str
    edit: bool
    references: str
    control: str
