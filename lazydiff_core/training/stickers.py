"""The bank of object renderings ("stickers") that training scenes are composed from.

Sources are npm packages of permissively licensed illustration sets, unpacked in one folder
(`npm install --prefix DIR ...`); resources/train/LICENSES.md lists them. A rendering that
the hold-out list names never enters the bank, so nothing trained from it can have seen it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.errors import TrainingError
from lazydiff_core.images.cutouts import SQUARE, tight_square
from lazydiff_core.model.references.lexicon import STYLES
from lazydiff_core.model.references.variations import Pose, poses_of
from lazydiff_core.training.scenery import draw_scenery

STICKER_SIZE = SQUARE
ICON_SETS = {"noto": "noto", "twemoji": "twemoji", "fluent-flat": "fluent-emoji-flat"}
PACKAGES = (
    "@lobehub/fluent-emoji-3d",
    "@iconify-json/noto",
    "@iconify-json/twemoji",
    "@iconify-json/fluent-emoji-flat",
    "emoji-datasource",
)
CATEGORIES = (
    "Animals & Nature", "Food & Drink", "Travel & Places", "Objects", "Activities",
    "Smileys & Emotion",
)  # fmt: skip
# What looks wrong when it leans.
STEADY = frozenset((
    "animal-mammal", "computer", "drink", "hotel", "household", "mail", "place-building",
    "place-geographic", "place-map", "place-other", "place-religious", "transport-ground",
    "transport-water",
))  # fmt: skip
# What its mirror image is not: it has letters, digits or hands, or is another thing then.
ONE_WAY = frozenset((
    "8ball", "admission_tickets", "alarm_clock", "ambulance", "bank", "bar_chart", "black_joker",
    "calendar", "card_index", "chart", "chart_with_upwards_trend", "clapper", "clock3", "coin",
    "convenience_store", "credit_card", "crescent_moon", "department_store", "dollar", "dvd",
    "earth_africa", "earth_americas", "email", "fax", "fire_engine", "first_place_medal",
    "first_quarter_moon", "floppy_disk", "flower_playing_cards", "game_die", "hospital", "hotel",
    "identification_card", "iphone", "izakaya_lantern", "keyboard",
    "last_quarter_moon_with_face", "mahjong", "mantelpiece_clock", "money_with_wings", "moneybag",
    "moon", "musical_keyboard", "musical_note", "newspaper", "notes", "octagonal_sign",
    "oncoming_police_car", "oncoming_taxi", "page_facing_up", "pager", "police_car", "post_office",
    "receipt", "red_envelope", "rolled_up_newspaper", "school", "scroll", "second_place_medal",
    "slot_machine", "sports_medal", "stopwatch", "taxi", "third_place_medal", "thermometer",
    "ticket", "timer_clock", "vhs", "waning_crescent_moon", "watch", "world_map",
))  # fmt: skip


@dataclass(frozen=True)
class Sticker:
    """One rendering: `concept` is the short name shared by all styles of the same thing.

    kind: what its set files it under, "animal-bird" for example.
    """

    concept: str
    codepoint: str
    style: str
    name: str
    kind: str = ""

    @property
    def leans(self) -> bool:
        return self.kind not in STEADY

    @property
    def is_one_way(self) -> bool:
        return self.concept in ONE_WAY

    @property
    def poses(self) -> tuple[Pose, ...]:
        """How else it may be drawn."""
        return poses_of(leaning=self.leans, one_way=self.is_one_way)


@dataclass(frozen=True)
class StickerBank:
    """`pixels` (n, 256, 256, 4) uint8 straight-alpha RGBA, tight crops centred on a square."""

    stickers: tuple[Sticker, ...]
    pixels: npt.NDArray[np.uint8]

    def of(self, concept: str, style: str) -> int | None:
        """Index of a rendering, or None where the bank lacks it."""
        return self._index().get((concept, style))

    def _index(self) -> dict[tuple[str, str], int]:
        return {(s.concept, s.style): i for i, s in enumerate(self.stickers)}

    @classmethod
    def load(cls, folder: Path) -> StickerBank:
        """Read a bank written by `build_bank`; raises TrainingError where it is incomplete."""
        try:
            listed = json.loads((folder / "stickers.json").read_text())
            pixels = np.load(folder / "stickers.npy", mmap_mode="r")
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"No sticker bank in {folder}: build it first ({error})."
            ) from error
        return cls(tuple(Sticker(**row) for row in listed), pixels)


def read_holdout(path: Path) -> frozenset[tuple[str, str]]:
    """(codepoint, style) pairs that no model may be trained on."""
    rows = json.loads(path.read_text())["pairs"]
    return frozenset((row["codepoint"], row["style"]) for row in rows)


def build_bank(assets: Path, out: Path, holdout: frozenset[tuple[str, str]]) -> StickerBank:
    """Render every suitable emoji of every installed set, hold-out pairs excepted, and our scenery
    into `out`."""
    wanted = [
        Sticker(
            row["short_name"],
            row["unified"].lower(),
            style,
            row["name"].lower(),
            row["subcategory"],
        )
        for row in _listing(assets)
        for style in ("fluent-3d", *ICON_SETS)
        if not is_held_out(row["unified"], style, holdout)
    ]
    kept = render_stickers(assets, wanted)
    kept += [(_scenery(name), image) for name, image in draw_scenery().items()]
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "stickers.npy", np.stack([image for _, image in kept]))
    (out / "stickers.json").write_text(json.dumps([asdict(s) for s, _ in kept]))
    return StickerBank.load(out)


def _scenery(name: str) -> Sticker:
    """In the usual style; it stands, as places do."""
    return Sticker(name, "", STYLES[0], name.replace("_", " "), "place-other")


def _listing(assets: Path) -> list[dict[str, Any]]:
    """What emoji-datasource says of every emoji of the wanted categories, in its order."""
    try:
        path = assets / "node_modules" / "emoji-datasource" / "emoji.json"
        listing = json.loads(path.read_text())
    except OSError as error:
        raise TrainingError(f"{assets} lacks emoji-datasource; install {PACKAGES}.") from error
    rows = [row for row in listing if row["category"] in CATEGORIES]
    return sorted(rows, key=lambda row: int(row["sort_order"]))


def render_stickers(
    assets: Path, wanted: Sequence[Sticker]
) -> list[tuple[Sticker, npt.NDArray[np.uint8]]]:
    """Draw these renderings; those that the installed sets lack are left out.

    Raises TrainingError where a set is not installed.
    """
    modules = assets / "node_modules"
    try:
        svg_sets = {
            style: _IconSet(modules / "@iconify-json" / name) for style, name in ICON_SETS.items()
        }
    except OSError as error:
        raise TrainingError(f"{assets} lacks a picture set; install {PACKAGES}.") from error
    with ThreadPoolExecutor(2) as pool:
        drawn = pool.map(lambda s: _draw(s, modules, svg_sets), wanted)
        return [(s, image) for s, image in zip(wanted, drawn, strict=True) if image is not None]


def is_held_out(codepoint: str, style: str, holdout: frozenset[tuple[str, str]]) -> bool:
    """Whether the pair is on the list, the emoji variation selector ignored."""
    plain = codepoint.lower().removesuffix("-fe0f")
    return (plain, style) in holdout or (f"{plain}-fe0f", style) in holdout


class _IconSet:
    """SVG bodies of one Iconify package by codepoint."""

    def __init__(self, folder: Path) -> None:
        data = json.loads((folder / "icons.json").read_text())
        self.chars: dict[str, str] = json.loads((folder / "chars.json").read_text())
        self.icons: dict[str, dict[str, str]] = data["icons"]
        self.side = int(data.get("width", data.get("height", 16)))

    def svg(self, codepoint: str) -> str | None:
        name = self.chars.get(codepoint) or self.chars.get(codepoint.replace("-fe0f", ""))
        if name is None or name not in self.icons:
            return None
        body = self.icons[name]["body"]
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{STICKER_SIZE}" height="{STICKER_SIZE}" '
            f'viewBox="0 0 {self.side} {self.side}">{body}</svg>'
        )


def _draw(
    sticker: Sticker, modules: Path, svg_sets: dict[str, _IconSet]
) -> npt.NDArray[np.uint8] | None:
    if sticker.style == "fluent-3d":
        folder = modules / "@lobehub" / "fluent-emoji-3d" / "assets"
        data = next(
            (f.read_bytes() for f in _webp_names(folder, sticker.codepoint) if f.exists()), None
        )
    else:
        import resvg_py  # only the data builder needs it

        svg = svg_sets[sticker.style].svg(sticker.codepoint)
        data = bytes(resvg_py.svg_to_bytes(svg_string=svg)) if svg else None
    if data is None:
        return None
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None or image.ndim != 3 or image.shape[2] != 4:
        return None
    return tight_square(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA), np.uint8))


def _webp_names(folder: Path, codepoint: str) -> Iterator[Path]:
    yield folder / f"{codepoint}.webp"
    yield folder / f"{codepoint.replace('-fe0f', '')}.webp"
