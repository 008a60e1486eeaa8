"""The interface between the engine and a backend, which is one way to generate.

The engine works on numpy arrays; a backend hides its tensors behind opaque values: `encode_prompt`
-> text, `encode_context` -> context (cached by the engine), `denoise` -> latents, `decode` ->
pixels. A new backend is one file with a class of this interface and one line in BACKENDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, RGBA, Box, EngineInfo, IsCancelled, Mask, Tokens
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.lora_files import Lora

Context: TypeAlias = Any
Text: TypeAlias = Any
Latents: TypeAlias = Any


ControlKey: TypeAlias = tuple[Path, int, int]


@dataclass(frozen=True, eq=False)
class ControlInput:
    """A picture that the model is to follow, and by which network.

    picture: (S,S,3) uint8, what of it lies in the window.
    key:     the network's file, its time and its size: what tells it from one in its place.
    """

    picture: RGB
    key: ControlKey
    strength: float

    @property
    def path(self) -> Path:
        return self.key[0]


@dataclass(frozen=True, eq=False)
class ModelInput:
    """The window as the model gets it: `image` (S,S,3) uint8 and `mask` (S,S) bool.

    Pixels under the mask are blank, so that no old content can leak into the fill. S is the native
    side, or less for a backend with exact framing.
    inside: (S,S) bool, False where the window shows no picture: beyond the canvas, or where that is
            clear; None = it shows some everywhere.
    before: (S,S,3) uint8, the window with what the mask covers, for a prompt that says how to
            change it; None = for one that says what to paint.
    references: (h,w,3) uint8 pictures that the prompt may refer to, h and w at most the native side
            and multiples of a token's.
    control: a picture to follow, where the model takes one.
    margin: pixels around the hole of which the result is looked at.
    """

    image: RGB
    mask: Mask
    inside: Mask | None = None
    before: RGB | None = None
    references: tuple[RGB, ...] = ()
    control: ControlInput | None = None
    margin: int = 32

    @property
    def wanted(self) -> Box:
        """The pixels of the window whose result is looked at."""
        return bounding_box(self.mask).grow(self.margin).clip(Box.of(self.mask.shape))


@dataclass(frozen=True, eq=False)
class DenoiseParams:
    """One denoising run of a fill.

    settings: the settings of the fill.
    seeds:    seeds of the variants in this batch, which may be a part of the fill's.
    sketch:   (S,S,4) float32: the picture to start from in the hole, RGB in [0,1], and the hole as
              its cover; None = no guide.
    """

    settings: ResolvedSettings
    seeds: tuple[int, ...]
    sketch: npt.NDArray[np.float32] | None = None


# Called after each step with (step, steps, estimate of the clean latents); may raise Cancelled.
OnStep: TypeAlias = Callable[[int, int, Latents], None]


class Backend(Protocol):
    """A loaded model and the way to generate with it; used from one thread at a time."""

    @property
    def info(self) -> EngineInfo:
        """Names, sizes and defaults."""
        ...

    def encode_prompt(self, prompt: str, negative: str) -> Text:
        """Encode the prompt and the negative prompt, in English; either may be empty."""
        ...

    def encode_context(self, model_input: ModelInput) -> Context:
        """Encode the window; the result serves any prompt and seed."""
        ...

    def tokens(self, context: Context) -> Tokens:
        """The number of tokens in the window, and of those that are generated."""
        ...

    def denoise(
        self, context: Context, text: Text, params: DenoiseParams, on_step: OnStep
    ) -> Latents:
        """Generate latents, one sample per seed."""
        ...

    def decode(self, context: Context, latents: Latents, variant: int) -> RGB:
        """(S,S,3) uint8, valid in the hole and a few pixels around it."""
        ...


@runtime_checkable
class SupportsPrepare(Protocol):
    """Optional interface of a backend that can do more work on a canvas before it has a prompt."""

    def prepare(self, context: Context, is_superseded: IsCancelled) -> None:
        """Work ahead on a context; stop early once `is_superseded()` returns True."""
        ...

    def notice(self, context: Context) -> str:
        """The method chosen for this context, as a sentence for the artist."""
        ...


@runtime_checkable
class SupportsMemoryCount(Protocol):
    """Optional interface of a backend that counts the memory of its tensors."""

    def counting(self) -> AbstractContextManager[Callable[[], int]]:
        """Yields a function that returns, after the block, its peak memory in bytes."""
        ...


@runtime_checkable
class SupportsTeaching(Protocol):
    """Optional interface of a backend that learns words from pictures, without training."""

    def teach(self, words: Mapping[str, RGBA]) -> None:
        """Teach words by (H,W,4) uint8 RGBA pictures; no effect on a model without a lexicon.

        Raises InputError for a word without letters or a fully transparent picture.
        """
        ...


@runtime_checkable
class SupportsLoras(Protocol):
    """Optional interface of a backend whose model takes LoRAs."""

    def check_takes_loras(self) -> None:
        """Raises InputError where this model, as it was loaded, takes none."""
        ...

    def check_lora(self, path: Path) -> None:
        """Raises ModelError for a file that is missing, damaged or made for another model."""
        ...

    def use_loras(self, loras: tuple[Lora, ...]) -> None:
        """Let these LoRAs count in what follows, and no others.

        Raises ModelError for a file that is missing, damaged or made for another model, and
        InputError where this model takes none.
        """
        ...
