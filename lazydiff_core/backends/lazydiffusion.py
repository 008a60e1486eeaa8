"""LazyDiffusion: the context encoder runs once, the decoder at each step on hole tokens only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lazydiff_core.backends.lazy_context import LazyContext, LazyLatents
from lazydiff_core.backends.protocols import DenoiseParams, ModelInput, OnStep
from lazydiff_core.blending.grounds import on_ground
from lazydiff_core.contract import RGB, RGBA, Computed, EngineInfo, Tokens
from lazydiff_core.errors import ModelError, OutOfMemoryError
from lazydiff_core.geometry.tokens import computed_tokens, token_frames, token_mask
from lazydiff_core.model.autoencoders.lazy_codec import LazyCodec
from lazydiff_core.model.checkpoint.checkpoint import (
    Checkpoint,
    load_checkpoint,
    to_device,
    working_dtype,
)
from lazydiff_core.model.checkpoint.teaching import teach
from lazydiff_core.model.checkpoint.text_encoder_choice import load_text_encoder
from lazydiff_core.model.files.config import Architecture
from lazydiff_core.model.files.devices import choose_device
from lazydiff_core.model.files.live_bytes import counting_bytes
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.transformer_layers import patchify, unpatchify
from lazydiff_core.model.references.lexicon import UNNAMED
from lazydiff_core.model.references.neighbours import Neighbours
from lazydiff_core.model.references.reference_latents import grey
from lazydiff_core.model.references.reference_text_encoder import (
    ReferenceTextEncoder,
    Subject,
    plain,
)
from lazydiff_core.model.references.teller import (
    Teller,
    frames_in_shares,
    things_of,
)
from lazydiff_core.model.text.prompt import Prompt, Told, join_prompts
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.sampling import SAMPLERS, samplers_for
from lazydiff_core.sampling.guidance import guided
from lazydiff_core.sampling.noise import noise_source
from lazydiff_core.sampling.sampler import Generators, Start

# Of what is told, in the noise that a fill starts from: pure noise may settle on another hue before
# the decoder looks at what it is told.
HINT = 0.1
# Share of a hole's surroundings that must be a smooth ground, to go on without a prompt.
BARE = 0.97
SMOOTH = 1.5  # of 255: what departs more from a smooth ground may be a pattern


@dataclass(frozen=True, eq=False)
class LazyText:
    """Encoded prompt and negative prompt (None = the learned null prompt).

    An empty prompt, encoded as text or as the null prompt, continues the surroundings.
    subjects: what the prompt names of the model's lexicon.
    continued: what is read instead where the prompt is empty and the surroundings are told.
    """

    prompt: Prompt | None
    negative: Prompt | None
    subjects: tuple[Subject, ...] = ()
    continued: Prompt | None = None


class LazyBackend:
    """A LazyDiffusion checkpoint loaded on a device."""

    _computed: ClassVar[Computed] = Computed()
    _teller: Teller | None
    _neighbours: Neighbours | None

    def __init__(self, checkpoint: Checkpoint, text: TextEncoder, device: torch.device) -> None:
        self.device = device
        self.dtype = working_dtype(checkpoint, device)
        self.checkpoint = to_device(checkpoint, device)
        self.codec = LazyCodec(self.checkpoint.autoencoder)
        self.text = text
        self._styles: WeakKeyDictionary[LazyContext, int | None] = WeakKeyDictionary()
        self._learn_lexicon()
        config = checkpoint.lazy.config
        samplers = samplers_for(config.objective)
        self.info = EngineInfo(
            model=checkpoint.name,
            backend=config.architecture,
            device=str(device),
            native_side=config.side,
            token_pixels=config.token_pixels,
            samplers=samplers,
            default_sampler=samplers[0],
            default_steps=checkpoint.defaults.steps,
            default_guidance=checkpoint.defaults.guidance,
            concepts=checkpoint.concepts,
            model_hash=checkpoint.digest,
            framing=config.framing,
            computed=self._computed,
            teachable=checkpoint.lexicon is not None,
            **_vocabulary(checkpoint),
        )

    @torch.inference_mode()
    def encode_prompt(self, prompt: str, negative: str) -> LazyText:
        with self._computing():
            positive, negative_prompt = (
                self._encoded(prompt, self._empty_is_text),
                self._encoded(negative),
            )
            text = self.text
            subjects = text.subjects(prompt) if isinstance(text, ReferenceTextEncoder) else ()
            continued = None
            if isinstance(self.text, ReferenceTextEncoder) and not prompt.strip():
                continued = self._encoded(UNNAMED)
        return LazyText(positive, negative_prompt, subjects, continued)

    def _learn_lexicon(self) -> None:
        checkpoint, self._teller, self._neighbours = self.checkpoint, None, None
        self._styles.clear()
        if checkpoint.lexicon is None:
            return
        codec, lexicon = checkpoint.autoencoder, checkpoint.lexicon
        self._teller = Teller(codec, lexicon, checkpoint.lazy.config, stressed=True)
        if len(lexicon.cells):
            self._neighbours = Neighbours(codec, lexicon)

    def _encoded(self, prompt: str, even_empty: bool = False) -> Prompt | None:
        if not (even_empty or prompt.strip()):
            return None
        return self._on_device(self.text.encode([prompt]))

    @property
    def _empty_is_text(self) -> bool:
        config = self.checkpoint.lazy.config
        return config.empty_text and not config.classes

    def _on_device(self, prompt: Prompt) -> Prompt:
        return prompt.map(lambda part: part.to(self.device))

    def teach(self, words: Mapping[str, RGBA]) -> None:
        if not isinstance(self.text, ReferenceTextEncoder):
            return
        encoder = self.text.text
        checkpoint = teach(self.checkpoint, words)
        assert checkpoint.lexicon is not None
        self.checkpoint, self.text = checkpoint, ReferenceTextEncoder(encoder, checkpoint.lexicon)
        self._learn_lexicon()
        self.info = replace(self.info, concepts=checkpoint.concepts, **_vocabulary(checkpoint))

    @torch.inference_mode()
    def encode_context(self, model_input: ModelInput) -> LazyContext:
        config = self.checkpoint.lazy.config
        grid = computed_tokens(
            token_mask(model_input.mask, config.token_pixels), self.info.computed
        )
        index = torch.from_numpy(np.flatnonzero(grid))[None].to(self.device)
        frame = torch.from_numpy(token_frames(model_input.mask, grid, config.token_pixels))[None]
        mask = torch.from_numpy(model_input.mask)[None, None].float().to(self.device)
        image = self._image(model_input.image) * (1 - mask)
        with self._computing():
            visible = self.codec.encode(image)
            hole = self.checkpoint.lazy.encode_context(visible, mask, index, frame.to(self.device))
        return LazyContext(hole, visible, grid, image, model_input.mask, model_input.inside)

    def tokens(self, context: LazyContext) -> Tokens:
        return Tokens(int(context.grid.size), int(context.grid.sum()))

    @torch.inference_mode()
    def denoise(
        self, context: LazyContext, text: LazyText, params: DenoiseParams, on_step: OnStep
    ) -> LazyLatents:
        count, decoder = len(params.seeds), self.checkpoint.lazy.decoder
        settings = params.settings
        null = decoder.null_prompt(1)
        negative = _repeat(text.negative or null, count)
        continued = self._continued(context, text)
        subjects = self._subjects(context, text, params)
        if continued is not None:
            prompt = _repeat(continued, count)
        else:
            told = [self._told(context, text, subjects, seed) or null for seed in params.seeds]
            prompt = join_prompts(*told)
        # Guidance between two null prompts has no effect: skipping it halves the work. What is only
        # to go on has nothing to be pushed away from.
        unguided = text.prompt is text.negative is None or continued is not None
        scale = 1.0 if unguided else settings.guidance
        generators = [noise_source(seed) for seed in params.seeds]
        noise = self._noise(context, generators)
        if params.sketch is None and prompt.told is not None:
            noise = noise + HINT * self._told_tokens(context, prompt.told)
        start = Start(noise, self._sketch(context, params), settings.strength)
        with self._computing():
            hole = self._hole(context, text).repeat(count)
            model = guided(decoder, hole, prompt, negative, scale)
            sampler = SAMPLERS[settings.sampler]
            outlines = self._outlines(context, text, subjects, params)

            def on_estimate(step: int, of: int, estimate: Tensor) -> None:
                on_step(step, of, LazyLatents(estimate, outlines))

            tokens = sampler.run(model, start, settings.steps, generators, on_estimate)
        return LazyLatents(tokens, outlines)

    def _told_tokens(self, context: LazyContext, told: Told) -> Tensor:
        """(B,N,P) latents of what is told at the hole tokens; 0 where that is nothing."""
        patch = self.checkpoint.lazy.config.patch
        latents = patchify(told.cells[:, :-1] + self._grey, patch)
        cover = patchify(told.cells[:, -1:], patch).mean(-1, keepdim=True)
        return torch.where(cover > 0.5, latents, 0.0)[:, context.hole.index[0]]

    @cached_property
    def _grey(self) -> Tensor:
        """(1,C,h,w): the latents of nothing."""
        return grey(self.checkpoint.autoencoder, self.checkpoint.lazy.config.side).float()

    def _hole(self, context: LazyContext, text: LazyText) -> Hole:
        """The hole, in shares where several things are to be in it."""
        things = len(things_of(text.subjects))
        if things < 2:
            return context.hole
        pixels = self.checkpoint.lazy.config.token_pixels
        frames = frames_in_shares(things, context.mask, context.grid, pixels)
        return replace(context.hole, frame=torch.from_numpy(frames)[None].to(self.device))

    def _continued(self, context: LazyContext, text: LazyText) -> Prompt | None:
        """What is told of the surroundings where a prompt is empty and they say how to go on."""
        if text.continued is None or self._teller is None or context.mask.all():
            return None
        picture, read = context.pattern, text.continued
        if picture is None:
            picture = context.smooth
        if picture is None:
            return None
        with self._computing():
            told = self._teller.picture(picture)
        return replace(read, told=told.map(lambda part: part.to(read.states)))

    def _subjects(
        self, context: LazyContext, text: LazyText, params: DenoiseParams
    ) -> list[Subject]:
        """What the prompt is about, in the style of what is around; where a sketch shows the pose,
        as it is known."""
        subjects = [one if params.sketch is None else plain(one) for one in text.subjects]
        if any(one.thing and one.style is None for one in subjects):
            style = self._style_around(context)
            subjects = [
                one if one.style is not None else replace(one, style=style) for one in subjects
            ]
        return subjects

    def _told(
        self, context: LazyContext, text: LazyText, subjects: list[Subject], seed: int
    ) -> Prompt | None:
        """The prompt, and what the seed makes of its subjects."""
        prompt = text.prompt
        if prompt is None or self._teller is None:
            return prompt
        with self._computing():
            told = self._teller.told(subjects, context.mask, seed)
        if told is None:
            return prompt
        return replace(prompt, told=told.map(lambda part: part.to(prompt.states)))

    def _outlines(
        self, context: LazyContext, text: LazyText, subjects: list[Subject], params: DenoiseParams
    ) -> tuple[npt.NDArray[np.float32] | None, ...]:
        """For each seed, as in LazyLatents. Around what is sketched, nothing is known; without a
        prompt there is only the ground, if that is bare."""
        teller, ground = self._teller, context.ground
        if teller is None or ground is None or params.sketch is not None:
            return (None,) * len(params.seeds)
        if text.continued is None:
            return tuple(teller.outline(subjects, context.mask, seed) for seed in params.seeds)
        # A sky or a horizon is like itself a little further along, but that is no pattern.
        if ground.bare < BARE or (ground.rough > SMOOTH and context.pattern is not None):
            return (None,) * len(params.seeds)
        return (np.zeros(context.mask.shape, np.float32),) * len(params.seeds)

    def _style_around(self, context: LazyContext) -> int | None:
        """The style of what is visible, found once a context."""
        if self._neighbours is None or context.mask.all():
            return None
        if context not in self._styles:
            with self._computing():
                self._styles[context] = self._neighbours.style(context.canvas, context.mask)
        return self._styles[context]

    @torch.inference_mode()
    def decode(self, context: LazyContext, latents: LazyLatents, variant: int) -> RGB:
        config = self.checkpoint.lazy.config
        tokens = patchify(context.visible, config.patch)[0].clone()
        tokens[context.hole.index[0]] = latents.tokens[variant].to(tokens.dtype)
        composite = unpatchify(tokens[None], config.patch, config.grid, config.grid)
        with self._computing():
            picture = self.codec.picture(composite, self.codec.around(context.grid, config.patch))
        outline = latents.outlines[variant]
        if outline is None or context.ground is None:
            return picture
        return on_ground(picture, context.ground, outline)

    def counting(self) -> AbstractContextManager[Callable[[], int]]:
        return counting_bytes(self.device)

    def _image(self, image: RGB) -> Tensor:
        """(S,S,3) uint8 -> (1,3,S,S) in [-1,1]."""
        return torch.from_numpy(image).permute(2, 0, 1)[None].float().to(self.device) / 127.5 - 1

    def _noise(self, context: LazyContext, generators: Generators) -> Tensor:
        """(B,N,P) noise at the hole tokens, one sample per seed.

        Drawn on the CPU for the whole canvas, so that a place has the same noise for any mask.
        """
        config = self.checkpoint.lazy.config
        shape = (config.grid**2, config.token_width)
        full = torch.stack([torch.randn(shape, generator=source) for source in generators])
        return full.to(self.device)[:, context.hole.index[0]]

    def _sketch(self, context: LazyContext, params: DenoiseParams) -> Tensor | None:
        """(B,N,P) latents at the hole tokens, of the canvas with the sketch painted in."""
        if params.sketch is None:
            return None
        guide = torch.from_numpy(params.sketch).permute(2, 0, 1)[None].to(self.device)
        cover, paint = guide[:, 3:], guide[:, :3] * 2 - 1
        with self._computing():
            latents = self.codec.encode(torch.lerp(context.image, paint, cover))
        tokens = patchify(latents, self.checkpoint.lazy.config.patch)
        return tokens[:, context.hole.index[0]].expand(len(params.seeds), -1, -1)

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """Autocast to the weights' precision; raises OutOfMemoryError in place of torch's."""
        mixed = torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32)
        try:
            with mixed:
                yield
        except torch.OutOfMemoryError:
            raise OutOfMemoryError(
                "The device has no memory left for this edit: use a smaller mask or fewer variants."
            ) from None


def _vocabulary(checkpoint: Checkpoint) -> dict[str, Any]:
    """The words that a checkpoint knows one by one, for EngineInfo."""
    lexicon = checkpoint.lexicon
    if lexicon is None:
        return {}
    return {"things": lexicon.phrases, "surfaces": lexicon.surface_phrases}


def _repeat(prompt: Prompt, count: int) -> Prompt:
    return prompt.map(lambda part: part.expand(count, *part.shape[1:]))


def load_as(
    kind: type[LazyBackend], architecture: Architecture, model: str, device: str | None
) -> LazyBackend:
    """Load a model as a backend of this kind; ModelError if its architecture is another."""
    where = choose_device(device)
    checkpoint = load_checkpoint(locate_model(model))
    own = checkpoint.lazy.config.architecture
    if own != architecture:
        raise ModelError(
            f"{checkpoint.name} is a model for the backend {own}, not for {architecture}."
        )
    return kind(checkpoint, load_text_encoder(checkpoint, where), where)


def load(model: str, device: str | None) -> LazyBackend:
    """Load a model folder, "bundled", or a hub id of architecture `lazydiffusion`."""
    return load_as(LazyBackend, "lazydiffusion", model, device)
