"""Edits to JSON and back; arrays are stored elsewhere and referred to by number.

Reading trusts nothing: a value that is missing, of the wrong type or out of range is a
ProjectError. Unknown keys are ignored, so that later versions can add some.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias, TypeVar, get_args
from uuid import UUID

from app.document.edits import Cutout, Edit, Provenance, Recipe, Variant
from app.storage.formats.raster import Pixels
from lazydiff_core.contract import Box, Scope
from lazydiff_core.errors import ProjectError
from lazydiff_core.generation_settings import LIMITS, ResolvedSettings
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.geometry.placement import LEAST_SCALE, MOST_SCALE, Placement
from lazydiff_core.prompts.markup import choices_in, chosen

Json: TypeAlias = dict[str, Any]
NumberOf: TypeAlias = Callable[[Pixels], int]
Value = TypeVar("Value", int, str, bool, list[Any], dict[str, Any])

_MAX_TEXT = 100_000
_MAX_DATE = 1e11
_MAX_PLACE = 1_000_000
_SCALES = ("scale_x", "scale_y")
_USUAL: Json = {
    "name": "",
    "visible": True,
    "opacity": 1.0,
    "blend": str(BlendMode.NORMAL),
    "made_on": "",
}
_MAX_VARIANT_SEED = LIMITS["seed"].high + LIMITS["variants"].high


@dataclass(frozen=True)
class CutoutRecord:
    """A cut-out without its pixels: their number and their (height, width)."""

    pixels: int
    size: tuple[int, int]
    placement: Placement


@dataclass(frozen=True)
class VariantRecord:
    """A variant without arrays: `pixels` and `matte` are their numbers."""

    seed: int
    pixels: int
    matte: int | None = None
    cutout: CutoutRecord | None = None


@dataclass(frozen=True)
class EditRecord:
    """An edit without arrays: `mask`, `cover`, `sketch` and `variants` hold array numbers."""

    id: UUID
    box: Box
    mask: int
    cover: int | None
    sketch: int | None
    recipe: Recipe | None
    variants: tuple[VariantRecord, ...]
    chosen: int | None
    stale: bool
    created: float
    name: str = ""
    visible: bool = True
    opacity: float = 1.0
    blend: BlendMode = BlendMode.NORMAL
    made_on: str = ""

    def stored_bytes(self, channels: int) -> int:
        """Bytes of the arrays that the record refers to, on a canvas of so many channels."""
        optional = (self.cover is not None) + 4 * (self.sketch is not None)
        mattes = sum(variant.matte is not None for variant in self.variants)
        each = 1 + channels * len(self.variants) + mattes + optional
        cutouts = (row.cutout.size for row in self.variants if row.cutout is not None)
        own = sum(4 * height * width for height, width in cutouts)
        return self.box.width * self.box.height * each + own


def edit_to_json(edit: Edit, number_of: NumberOf) -> Json:
    """An edit as JSON; `number_of` gives the number of each array."""
    box = edit.box
    return {
        "id": str(edit.id),
        "box": [box.left, box.top, box.right, box.bottom],
        "mask": number_of(edit.mask),
        "cover": None if edit.cover is None else number_of(edit.cover),
        "sketch": None if edit.sketch is None else number_of(edit.sketch),
        "recipe": None if edit.recipe is None else recipe_to_json(edit.recipe),
        "variants": [_variant_to_json(edit, variant, number_of) for variant in edit.variants],
        "chosen": edit.chosen,
        "stale": edit.stale,
        "created": edit.created,
        **_as_layer(edit),
    }


def is_plain(edit: Edit) -> bool:
    """Whether readers of versions 1 and 2 show the edit as it is."""
    has_matte = any(variant.matte is not None for variant in edit.variants)
    is_generated = edit.recipe is not None
    return is_generated and not has_matte and _as_layer(edit).keys() <= {"name", "made_on"}


def _as_layer(edit: Edit) -> Json:
    """What a layer can be, but for what it usually is."""
    found = {
        "name": edit.name,
        "visible": edit.visible,
        "opacity": edit.opacity,
        "blend": str(edit.blend),
        "made_on": edit.made_on,
    }
    return {key: value for key, value in found.items() if value != _USUAL[key]}


def edit_from_json(found: Json, size: tuple[int, int]) -> EditRecord:
    """The inverse of `edit_to_json`, for a canvas of (height, width); raises ProjectError."""
    variants = tuple(_variant(item) for item in get(found, "variants", list))
    chosen, layer = found.get("chosen"), _USUAL | found
    if "recipe" not in found:
        raise ProjectError("Its recipe is missing.")
    return EditRecord(
        id=_id(get(found, "id", str)),
        box=_box(get(found, "box", list), size),
        mask=get(found, "mask", int),
        cover=_optional(found, "cover"),
        sketch=_optional(found, "sketch"),
        recipe=None if found["recipe"] is None else recipe_from_json(get(found, "recipe", dict)),
        variants=variants,
        chosen=None if chosen is None else int(number(found, "chosen", 0, len(variants) - 1)),
        stale=get(found, "stale", bool),
        created=number(found, "created", 0, _MAX_DATE),
        name=get(layer, "name", str),
        visible=get(layer, "visible", bool),
        opacity=float(number(layer, "opacity", 0, 1)),
        blend=_blend(get(layer, "blend", str)),
        made_on=get(layer, "made_on", str),
    )


def recipe_to_json(recipe: Recipe) -> Json:
    """Settings and provenance in one flat object, as every version of the format has it."""
    return asdict(recipe.settings) | asdict(recipe.provenance)


def recipe_from_json(found: Json) -> Recipe:
    """A recipe from JSON; missing keys take their defaults. Raises ProjectError."""
    if found.get("scope", "auto") not in get_args(Scope):
        raise ProjectError("Its scope is unknown.")
    settings = ResolvedSettings(**_values(found, ResolvedSettings))
    return Recipe(settings, Provenance(**_values(found, Provenance)))


def _variant_to_json(edit: Edit, variant: Variant, number_of: NumberOf) -> Json:
    matte = {} if variant.matte is None else {"matte": number_of(variant.matte)}
    cutout = (
        {} if variant.cutout is None else {"cutout": _cutout_to_json(variant.cutout, number_of)}
    )
    return {
        "seed": variant.seed,
        "pixels": number_of(variant.pixels),
        **matte,
        **cutout,
        **_text(edit, variant),
    }


def _cutout_to_json(cutout: Cutout, number_of: NumberOf) -> Json:
    size = list(cutout.pixels.shape[:2])
    return {"pixels": number_of(cutout.pixels), "size": size} | asdict(cutout.placement)


def _text(edit: Edit, variant: Variant) -> Json:
    """Which text a prompt with choices was for a variant: for readers; it follows from the seed."""
    prompt = "" if edit.recipe is None else edit.recipe.settings.prompt
    return {"text": chosen(prompt, variant.seed)} if choices_in(prompt) > 1 else {}


def _values(found: Json, kind: type[ResolvedSettings | Provenance]) -> Json:
    """The fields of `kind` present in `found`, checked for type and range."""
    values: Json = {}
    for row in fields(kind):
        if row.name in found:
            values[row.name] = _value(found, row.name, type(row.default))
    return values


def _value(found: Json, name: str, kind: type) -> Any:
    if kind is bool:
        return get(found, name, bool)
    if kind is str:
        return get(found, name, str)
    limits = LIMITS[name]
    if kind is int:
        return _whole(found, name, limits.low, limits.high)
    return float(number(found, name, limits.low, limits.high))


def dump(value: Json) -> str:
    """JSON text on one line."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def load(text: str | bytes) -> Json:
    """A JSON object from text; raises ProjectError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProjectError("Some of it is not readable.") from error
    if not isinstance(found, dict):
        raise ProjectError("Some of it is of another kind than it should be.")
    return found


def get(found: Mapping[str, Any], key: str, kind: type[Value]) -> Value:
    """The value of `key`, which must have exactly this type; raises ProjectError."""
    value = found.get(key)
    if type(value) is not kind:
        raise ProjectError(f"Its {key} is missing or of another kind than it should be.")
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        raise ProjectError(f"Its {key} is too long.")
    return value


def number(found: Mapping[str, Any], key: str, low: float, high: float) -> float:
    """The finite number `key`, from low to high, int or float as written; raises ProjectError."""
    value: Any = found.get(key)
    if type(value) not in (int, float) or not low <= value <= high:  # NaN fails too
        raise ProjectError(f"Its {key} is missing or out of range.")
    return float(value) if type(value) is float else int(value)


def _variant(item: object) -> VariantRecord:
    if not isinstance(item, dict):
        raise ProjectError("One of its variants is of another kind than it should be.")
    seed = _whole(item, "seed", 0, _MAX_VARIANT_SEED)
    cutout = None if item.get("cutout") is None else _cutout(get(item, "cutout", dict))
    return VariantRecord(seed, get(item, "pixels", int), _optional(item, "matte"), cutout)


def _cutout(found: Json) -> CutoutRecord:
    size = get(found, "size", list)
    if len(size) != 2 or any(type(n) is not int or not 0 < n <= _MAX_PLACE for n in size):
        raise ProjectError("The size of one of its cut-outs is invalid.")
    x, y, angle = (
        float(number(found, key, -_MAX_PLACE, _MAX_PLACE)) for key in ("x", "y", "angle")
    )
    across, down = (float(number(found, key, -MOST_SCALE, MOST_SCALE)) for key in _SCALES)
    if min(abs(across), abs(down)) < LEAST_SCALE:
        raise ProjectError("One of its cut-outs is too small to be shown.")
    placement = Placement(x, y, across, down, angle)
    return CutoutRecord(get(found, "pixels", int), (size[0], size[1]), placement)


def _blend(text: str) -> BlendMode:
    try:
        return BlendMode(text)
    except ValueError as error:
        raise ProjectError("Its blend mode is unknown.") from error


def _optional(found: Json, key: str) -> int | None:
    return None if found.get(key) is None else get(found, key, int)


def _whole(found: Json, key: str, low: int, high: int) -> int:
    number(found, key, low, high)
    return get(found, key, int)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ProjectError("Its id is invalid.") from error


def _box(sides: list[Any], size: tuple[int, int]) -> Box:
    if len(sides) != 4 or any(type(side) is not int for side in sides):
        raise ProjectError("Its box is invalid.")
    box = Box(*sides)
    if not Box.of(size).contains(box):
        raise ProjectError("Its box lies outside the canvas.")
    return box
