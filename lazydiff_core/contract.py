"""The types of a request and its result: frozen, numpy only, shared by all callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import Any, Final, Literal, TypeAlias, Unpack

from lazydiff_core.generation_settings import (
    DEFAULT_SETTINGS,
    GenerationSettings,
    ResolvedSettings,
    SettingsKeywords,
)
from lazydiff_core.geometry.box import Box as Box
from lazydiff_core.geometry.pixels import RGB as RGB
from lazydiff_core.geometry.pixels import RGBA as RGBA
from lazydiff_core.geometry.pixels import Cover as Cover
from lazydiff_core.geometry.pixels import Mask as Mask
from lazydiff_core.geometry.pixels import Pixels as Pixels
from lazydiff_core.geometry.tokens import Computed as Computed
from lazydiff_core.geometry.window import Framing as Framing
from lazydiff_core.geometry.window import Scope as Scope

Stage: TypeAlias = Literal["text", "context", "denoise", "decode", "blend"]

CONTENT_AWARE: Final = "content_aware"  # the backend that removes what is masked, by no prompt

_ids = count(1)


@dataclass(frozen=True, eq=False, init=False)
class EditRequest:
    """One regional edit. Arrays are not copied and must not be changed afterwards.

    image:    the canvas: (H, W, 3) uint8, or (H, W, 4) with straight alpha. The engine also takes
              grey, (H, W) or (H, W, 1), and uint16.
    mask:     (H, W) bool, True = hole; pixels outside it never change.
    settings: what to generate there, and how.
    cover:    (H, W) uint8, how much of the fill shows inside the mask, from 0 (the canvas stays)
              to 255 (only the fill shows): soft edges. None = 255 everywhere in the mask.
    sketch:   (H, W, 4) uint8 RGBA guide, used inside the mask only, over the canvas there: what it
              leaves bare of the mask starts from the picture beneath. None = no guide.
    backend:  name in BACKENDS that must be loaded; None = any.
    id:       unique number of the request; None = the next free one.
    """

    image: Pixels
    mask: Mask
    settings: GenerationSettings
    cover: Cover | None
    sketch: RGBA | None
    backend: str | None
    id: int

    def __init__(
        self,
        image: Pixels,
        mask: Mask,
        *,
        settings: GenerationSettings = DEFAULT_SETTINGS,
        cover: Cover | None = None,
        sketch: RGBA | None = None,
        backend: str | None = None,
        id: int | None = None,
        **changes: Unpack[SettingsKeywords],
    ) -> None:
        """A setting given as a keyword replaces the one in `settings`.

        Raises InputError for a setting outside its limits.
        """
        given = replace(settings, **changes)
        vars(self).update(  # the class is frozen: its fields are set once, here
            image=image,
            mask=mask,
            settings=given,
            cover=cover,
            sketch=sketch,
            backend=backend,
            id=next(_ids) if id is None else id,
        )

    def on(self, image: Pixels) -> EditRequest:
        """The same edit on another canvas of this size, as a request with its own id."""
        return replace(self, image=image, id=next(_ids))


@dataclass(frozen=True, eq=False)
class Progress:
    """A report from a running request.

    step, steps:  finished steps of the stage, and how many it takes.
    seconds_left: estimate for the whole request; None = unknown.
    box, preview: (box.height, box.width, 3 or 4) uint8, the region `box` of the canvas as it looks
                  so far; None = no preview.
    """

    id: int
    stage: Stage
    step: int = 0
    steps: int = 0
    seconds_left: float | None = None
    box: Box | None = None
    preview: Pixels | None = None


@dataclass(frozen=True)
class Tokens:
    """Number of tokens in the model's window, and of those that were generated."""

    canvas: int
    hole: int


@dataclass(frozen=True, eq=False)
class EditResult:
    """A finished edit. Outside the mask, every patch equals the canvas it was made from.

    A fill is opaque: on a canvas with alpha, it raises the alpha of its pixels by its cover.

    box:     the bounding box of the mask: no pixel outside it changed.
    patches: one array per variant, of the box's size, with the canvas's channels and depth.
    seeds:   the seed that reproduces each variant.
    seconds: duration of each stage (text, context, denoise, decode, blend) and "total".
    context_reused: the context came from the cache; the encoder did not run.
    canvas:  the image of the request.
    notice:  the method the backend chose, as a sentence; empty if it has only one.
    peak_bytes: peak memory of the run's tensors, in bytes; 0 = not counted.
    """

    id: int
    box: Box
    patches: tuple[Pixels, ...]
    seeds: tuple[int, ...]
    seconds: dict[str, float]
    tokens: Tokens
    device: str
    backend: str
    model: str
    steps: int
    pixels_changed_outside_mask: int
    context_reused: bool
    canvas: Pixels = field(repr=False)
    notice: str = ""
    peak_bytes: int = 0

    def image_of(self, variant: int = 0) -> Pixels:
        """The canvas with this variant in place."""
        image = self.canvas.copy()
        image[self.box.slices] = self.patches[variant]
        return image

    @property
    def image(self) -> Pixels:
        """The canvas with the first variant in place."""
        return self.image_of(0)


OnProgress: TypeAlias = Callable[[Progress], None]
IsCancelled: TypeAlias = Callable[[], bool]


@dataclass(frozen=True)
class EngineInfo:
    """The properties of a loaded engine that callers need.

    native_side:  side of the model's window, in pixels.
    token_pixels: side of a token, in pixels.
    concepts:     words the model was trained on or taught; empty = not declared.
    model_hash:   SHA-256 that tells models of the same name apart; "" = no weights.
    notice:       the method the backend chose, as a sentence; empty if it has only one.
    framing:      how the hole must lie in the model's window.
    computed:     which tokens are computed.
    devices:      devices that models can run on here.
    teachable:    whether Engine.teach can teach it words by pictures.
    things, surfaces: what prompts may name -> the word for it, of a model that knows words one by
                  one; empty for one that reads whole texts.
    lora_refusal: why the model, as it was loaded, takes no LoRA; "" = it takes them.
    edits:        whether prompts may be instructions (GenerationSettings.edit).
    references:   how many pictures a prompt may refer to.
    controls:     whether it takes a picture to follow (GenerationSettings.control).
    """

    model: str
    backend: str
    device: str
    native_side: int
    token_pixels: int
    samplers: tuple[str, ...]
    default_sampler: str
    default_steps: int
    default_guidance: float
    concepts: tuple[str, ...] = ()
    model_hash: str = ""
    notice: str = ""
    framing: Framing = Framing()
    computed: Computed = Computed()
    devices: tuple[str, ...] = ("cpu",)
    teachable: bool = False
    things: Mapping[str, str] = field(default_factory=dict)
    surfaces: Mapping[str, str] = field(default_factory=dict)
    lora_refusal: str = ""
    edits: bool = False
    references: int = 0
    controls: bool = False

    def resolve(self, settings: GenerationSettings) -> ResolvedSettings:
        """The settings with this model's defaults in place of every None."""
        values: dict[str, Any] = {
            "steps": self.default_steps,
            "guidance": self.default_guidance,
            "sampler": self.default_sampler,
        }
        asked = {name: value for name, value in asdict(settings).items() if value is not None}
        return ResolvedSettings(**(values | asked))


# What all engines that remove things have in common: it can be told before one is loaded.
REMOVAL: Final = EngineInfo(
    model=CONTENT_AWARE,
    backend=CONTENT_AWARE,
    device="cpu",
    native_side=1024,
    token_pixels=16,
    samplers=("surroundings",),
    default_sampler="surroundings",
    default_steps=1,
    default_guidance=1.0,
    computed=Computed(rim=1),
)


def removal(seed: int = 0, variants: int = 1) -> GenerationSettings:
    """The settings that remove what is masked; the sampler says so, in recipes too."""
    return GenerationSettings(seed=seed, variants=variants, sampler=REMOVAL.default_sampler)


def is_removal(settings: GenerationSettings) -> bool:
    """Whether the surroundings are to continue, without a model."""
    return settings.sampler in REMOVAL.samplers
