"""The seam between the engine and a way to generate.

The engine speaks numpy and canvas windows; a backend hides its tensors behind opaque values:
`encode_prompt` -> text, `encode_context` -> context (cached by the engine), `denoise` -> latents,
`decode` -> pixels.
To add a backend: one file with a class of this shape and one line in BACKENDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, RGBA, EngineInfo, IsCancelled, Mask, Tokens
from lazydiff_core.generation_settings import ResolvedSettings

Context: TypeAlias = Any
Text: TypeAlias = Any
Latents: TypeAlias = Any


@dataclass(frozen=True, eq=False)
class ModelInput:
    """What the model looks at: `image` (S,S,3) uint8 and `mask` (S,S) bool at its native side.

    Pixels under the mask are already blank: nothing of the old content can leak.
    """

    image: RGB
    mask: Mask


@dataclass(frozen=True, eq=False)
class DenoiseParams:
    """One denoising run of a fill.

    settings: what the fill is asked for.
    seeds:    of the variants in this batch: some of the fill's, or all.
    sketch:   (S,S,4) float32: RGB in [0,1] and its coverage alpha; None = no guide.
    """

    settings: ResolvedSettings
    seeds: tuple[int, ...]
    sketch: npt.NDArray[np.float32] | None = None


# Called after each step with (step, steps, estimate of the clean latents); may raise Cancelled.
OnStep: TypeAlias = Callable[[int, int, Latents], None]


class Backend(Protocol):
    """A loaded way to generate; used from one thread at a time."""

    @property
    def info(self) -> EngineInfo:
        """Names, sizes and defaults."""
        ...

    def encode_prompt(self, prompt: str, negative: str) -> Text:
        """Encode the prompts."""
        ...

    def encode_context(self, model_input: ModelInput) -> Context:
        """Encode the canvas once; the result serves any prompt and seed."""
        ...

    def tokens(self, context: Context) -> Tokens:
        """How many tokens the window has, and how many are generated."""
        ...

    def denoise(
        self, context: Context, text: Text, params: DenoiseParams, on_step: OnStep
    ) -> Latents:
        """Generate one set of latents a seed."""
        ...

    def decode(self, context: Context, latents: Latents, variant: int) -> RGB:
        """(S,S,3) uint8 pixels, valid in the hole and some pixels around it."""
        ...


@runtime_checkable
class SupportsPrepare(Protocol):
    """What a backend offers besides that can do more for a canvas before a prompt is there."""

    def prepare(self, context: Context, is_superseded: IsCancelled) -> None:
        """Work ahead on a context; stops early where `is_superseded()` is true."""
        ...

    def notice(self, context: Context) -> str:
        """How this context is gone about, as a sentence for the artist."""
        ...


@runtime_checkable
class SupportsMemoryCount(Protocol):
    """What a backend offers besides that can tell how much memory its tensors take."""

    def counting(self) -> AbstractContextManager[Callable[[], int]]:
        """Yields what tells, afterwards, the most bytes held at a time meanwhile."""
        ...


@runtime_checkable
class SupportsTeaching(Protocol):
    """What a backend offers besides that can be taught words by pictures, without training."""

    def teach(self, words: Mapping[str, RGBA]) -> None:
        """Know these words, too; a model without a lexicon knows no more than before.

        Raises InputError for a word or a picture that says nothing.
        """
        ...
