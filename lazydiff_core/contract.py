"""What goes into an edit and what comes out of it: frozen, numpy only, shared by all callers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import Any, Literal, TypeAlias, Unpack

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
from lazydiff_core.geometry.tokens import Computed as Computed
from lazydiff_core.geometry.window import Framing as Framing
from lazydiff_core.geometry.window import Scope as Scope

Stage: TypeAlias = Literal["text", "context", "denoise", "decode", "blend"]

_ids = count(1)


@dataclass(frozen=True, eq=False, init=False)
class EditRequest:
    """One regional edit. Arrays are not copied and must not be changed afterwards.

    image:    (H, W, 3) uint8 canvas.
    mask:     (H, W) bool, True = hole; pixels outside it never change.
    settings: what to generate there, and how.
    cover:    (H, W) uint8, how much of the fill shows inside the mask, from 0 (the canvas stays)
              to 255 (all of it): soft edges. None = all of it everywhere in the mask.
    sketch:   (H, W, 4) uint8 RGBA guide, used inside the mask only; None = no guide.
    backend:  name in BACKENDS that must be loaded; None = any.
    id:       tells requests apart.
    """

    image: RGB
    mask: Mask
    settings: GenerationSettings
    cover: Cover | None
    sketch: RGBA | None
    backend: str | None
    id: int

    def __init__(
        self,
        image: RGB,
        mask: Mask,
        *,
        settings: GenerationSettings = DEFAULT_SETTINGS,
        cover: Cover | None = None,
        sketch: RGBA | None = None,
        backend: str | None = None,
        id: int | None = None,
        **changes: Unpack[SettingsKeywords],
    ) -> None:
        """Each setting may be given as a keyword, too: it replaces that of `settings`.

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

    def on(self, image: RGB) -> EditRequest:
        """The same for another canvas of this size, as a request of its own."""
        return replace(self, image=image, id=next(_ids))


@dataclass(frozen=True, eq=False)
class Progress:
    """News of a running request. `preview` is what `box` of the canvas looks like so far."""

    id: int
    stage: Stage
    step: int = 0
    steps: int = 0
    seconds_left: float | None = None
    box: Box | None = None
    preview: RGB | None = None


@dataclass(frozen=True)
class Tokens:
    """Tokens of the window the model looked at, and those it had to generate."""

    canvas: int
    hole: int


@dataclass(frozen=True, eq=False)
class EditResult:
    """A finished edit. Outside `mask` every patch equals the canvas it was made from.

    box:     the bounding box of the mask: the only pixels that changed.
    patches: one (box.height, box.width, 3) uint8 array a variant.
    seeds:   the seed that reproduces each variant.
    seconds: seconds a stage (text, context, denoise, decode, blend) and "total".
    context_reused: the encoder did not run, its result was in the cache.
    notice:  how the backend went about it, where there are several ways; else empty.
    peak_bytes: most bytes that the tensors of the run held at a time; 0 where nobody counted.
    """

    id: int
    box: Box
    patches: tuple[RGB, ...]
    seeds: tuple[int, ...]
    seconds: dict[str, float]
    tokens: Tokens
    device: str
    backend: str
    model: str
    steps: int
    pixels_changed_outside_mask: int
    context_reused: bool
    canvas: RGB = field(repr=False)
    notice: str = ""
    peak_bytes: int = 0

    def image_of(self, variant: int = 0) -> RGB:
        """(H, W, 3) uint8: the canvas with this variant in place."""
        image = self.canvas.copy()
        image[self.box.slices] = self.patches[variant]
        return image

    @property
    def image(self) -> RGB:
        """The canvas with the first variant in place."""
        return self.image_of(0)


OnProgress: TypeAlias = Callable[[Progress], None]
IsCancelled: TypeAlias = Callable[[], bool]


@dataclass(frozen=True)
class EngineInfo:
    """What the window shows about a loaded engine.

    model_hash: SHA-256 that tells two models of one name apart; "" where there are no weights.
    framing:    how a hole is to lie in the window that the model looks at.
    devices:    what models can run on here, as far as the libraries this one needs know.
    computed:   which tokens are computed.
    teachable:  it can be taught words by pictures (Engine.teach).
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

    def resolve(self, settings: GenerationSettings) -> ResolvedSettings:
        """The settings with this model's defaults where they leave it the choice."""
        values: dict[str, Any] = {
            "steps": self.default_steps,
            "guidance": self.default_guidance,
            "sampler": self.default_sampler,
        }
        asked = {name: value for name, value in asdict(settings).items() if value is not None}
        return ResolvedSettings(**(values | asked))
