"""Backend for a public DiT checkpoint; computes hole tokens only, at almost every step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.abilities import (
    ControlFamily,
    LoraFamily,
    PaddedFamily,
    ReferenceFamily,
    SteeredPass,
)
from lazydiff_core.backends.cached_dit.cache_plan import (
    CachePlan,
    choose_plan,
    fallback_plan,
    free_memory,
)
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, Mode
from lazydiff_core.backends.cached_dit.denoise_loop import (
    HoleNoise,
    Predictor,
    denoise,
    make_guidance,
)
from lazydiff_core.backends.cached_dit.family import DitShape, Family, Pass, Text
from lazydiff_core.backends.cached_dit.kv_cache import KVCache, KVCacheError
from lazydiff_core.backends.cached_dit.padding import Padding
from lazydiff_core.backends.cached_dit.picture_coder import PictureCoder
from lazydiff_core.backends.cached_dit.reference_encoder import ReferenceEncoder, make_room
from lazydiff_core.backends.cached_dit.reference_keys import ReferenceRun, WithReferences
from lazydiff_core.backends.cached_dit.refresh_run import RefreshRun, full_steps
from lazydiff_core.backends.cached_dit.token_canvas import References, TokenCanvas
from lazydiff_core.backends.protocols import ControlInput, DenoiseParams, ModelInput, OnStep
from lazydiff_core.contract import RGB, Box, EngineInfo, Tokens
from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.errors import InputError, OutOfMemoryError
from lazydiff_core.geometry.tokens import computed_tokens, token_mask
from lazydiff_core.lora_files import Lora
from lazydiff_core.model.files.live_bytes import counting_bytes
from lazydiff_core.sampling.schedule import Schedule, first_step

_NO_MEMORY = "The device has no memory left for this edit: use a smaller mask or fewer variants."
_TEXTS_KEPT = 8  # a PixArt text takes up to 31 MB


@dataclass(eq=False)
class DitContext:
    """The encoded canvas; `plan` and `kv_cache` belong to one schedule at a time.

    passes, shape: the family's, or those under a control network.
    wanted:     the pixels of the window that are decoded.
    references: what the model is shown besides, if anything.
    once:       passes that keep their keys, where those are computed once.
    """

    canvas: TokenCanvas
    image: Tensor  # (1,3,S,S) in [-1,1], as it was encoded
    passes: Pass
    shape: DitShape
    wanted: Box
    references: References | None = None
    plan: CachePlan | None = None
    kv_cache: KVCache | None = None
    once: WithReferences | None = None

    @property
    def kept(self) -> int:
        """Tokens whose keys are kept for a step; 0 where all is hole."""
        return len(self.canvas.kept_places) if len(self.canvas.visible_N) else 0

    def forget(self) -> None:
        """Drop all keys."""
        self.kv_cache = self.once = None


@dataclass(frozen=True, eq=False)
class DitText:
    """Encoded prompts. `alike`: both are the same, so guidance has no effect."""

    prompt: Text
    negative: Text
    alike: bool


def _padding_of(family: Family, settings: CacheSettings) -> Padding | None:
    """How padding is kept; None where it is computed, or there is none."""
    if not isinstance(family, PaddedFamily) or settings.padding == "computed":
        return None
    return Padding(family, by_prompt=settings.padding == "kept_by_prompt")


class CachedDit:
    """A family's model with its KV cache. Only the last canvas keeps a cache."""

    def __init__(
        self,
        family: Family,
        model: str,
        settings: CacheSettings | None = None,
        name: str = "cached_dit",
    ) -> None:
        self.family, self.settings = family, settings or CacheSettings()
        self.budget = self.settings.budget or free_memory(family.device, family.work)
        shape, defaults = family.shape, family.defaults
        most, canvas = shape.tokens - 1, self.settings.mode == "reference"
        self._last_schedule = (defaults.samplers[0], defaults.steps)
        self._cached: DitContext | None = None
        self._pictures = PictureCoder(family)
        self._encode_prompt = lru_cache(maxsize=_TEXTS_KEPT)(family.encode_prompt)
        self._padding = _padding_of(family, self.settings)
        self._read_references = ReferenceEncoder(shape, self._pictures.encode_apart)
        self.info = EngineInfo(
            model=model,
            backend=name,
            device=str(family.device),
            native_side=shape.side,
            token_pixels=shape.side // shape.grid,
            samplers=defaults.samplers,
            default_sampler=defaults.samplers[0],
            default_steps=defaults.steps,
            default_guidance=defaults.guidance,
            concepts=family.concepts,
            framing=family.framing,
            notice=self._said(self._plan(shape, most, most if canvas else 0, defaults.steps)),
            computed=self.settings.computed(family.sees_blank),
            edits=isinstance(family, ReferenceFamily),
            references=family.references if isinstance(family, ReferenceFamily) else 0,
            controls=isinstance(family, ControlFamily) and family.takes_control,
        )

    # --- the interface of a backend --------------------------------------------------------------

    @torch.inference_mode()
    def encode_prompt(self, prompt: str, negative: str) -> DitText:
        one, other = prompt.strip(), negative.strip()
        with self._computing():
            return DitText(self._encode_prompt(one), self._encode_prompt(other), one == other)

    @torch.inference_mode()
    def encode_context(self, model_input: ModelInput) -> DitContext:
        hole = model_input.mask
        computed = self.settings.computed(self.family.sees_blank)
        grid = computed_tokens(token_mask(hole, self.info.token_pixels), computed)
        mask = torch.from_numpy(hole)[None, None].float().to(self.family.device)
        shows_canvas, pictures = self.settings.mode == "reference", self._pictures
        with self._computing():
            image = pictures.seen(model_input.image, mask)
            tokens, control = pictures.encode(image), model_input.control
            if control is None:
                steered, conditions = None, self.family.conditions(tokens, mask)
            else:
                steered, picture = self._steered(control), pictures.image_of(control.picture)
                conditions = steered.conditions(pictures.encode_apart, picture, image, mask)
            references = self._read_references(model_input, tokens, grid, canvas=shows_canvas)
        together = None if self._is_causal else references
        canvas = TokenCanvas(tokens, grid, self.settings.fresh_noise, conditions, together)
        if references is not None:
            alone = self._keeps_once(self.settings.mode)
            computed_at_once = len(references) if alone else len(canvas.places)
            make_room(self.family, computed_at_once, self._forget)
        passes: Pass = steered or self.family
        shape = steered.shape if steered else self.family.shape
        return DitContext(canvas, image, passes, shape, model_input.wanted, references)

    def _forget(self) -> None:
        """Drop what is kept of the last canvas."""
        if self._cached is not None:
            self._cached.forget()
            self._cached = None

    def _steered(self, control: ControlInput) -> SteeredPass:
        """The passes under a control network, which is loaded in place of what was kept."""
        family = self.family
        assert isinstance(family, ControlFamily)
        if not family.has_control(control):
            self._forget()
            family.load_control(control)
            self.budget = self.settings.budget or free_memory(family.device)
        return family.steered(control)

    def tokens(self, context: DitContext) -> Tokens:
        grid = context.canvas.grid
        return Tokens(int(grid.size), int(grid.sum()))

    @torch.inference_mode()
    def denoise(
        self, context: DitContext, text: DitText, params: DenoiseParams, on_step: OnStep
    ) -> Tensor:
        self._last_schedule = (params.settings.sampler, params.settings.steps)
        try:
            return self._samples(context, text, params, on_step)
        except KVCacheError:
            self._drop_cache(context)
        try:  # again from the start, without a bank
            return self._samples(context, text, params, on_step)
        except KVCacheError:  # references that are computed once have nothing to fall back on
            raise OutOfMemoryError(_NO_MEMORY) from None

    @torch.inference_mode()
    def decode(self, context: DitContext, latents: Tensor, variant: int) -> RGB:
        tokens = context.canvas.tokens.clone()
        tokens[:, context.canvas.hole_N] = latents[variant].to(tokens.dtype)
        with self._computing():
            return self._pictures.decode(tokens, context.wanted)

    @property
    def _lora_family(self) -> LoraFamily:
        if not isinstance(self.family, LoraFamily):
            raise InputError("This model takes no LoRA: choose another one, or leave it out.")
        return self.family

    def check_takes_loras(self) -> None:
        """As in SupportsLoras."""
        self._lora_family.check_takes_loras()

    def check_lora(self, path: Path) -> None:
        """As in SupportsLoras."""
        self._lora_family.lora_rack.check(path)

    def use_loras(self, loras: tuple[Lora, ...]) -> None:
        """As in SupportsLoras; what is kept of canvas and prompts is the changed model's."""
        if (loras or isinstance(self.family, LoraFamily)) and self._lora_family.use_loras(loras):
            self._encode_prompt.cache_clear()
            self._forget()

    def counting(self) -> AbstractContextManager[Callable[[], int]]:
        return counting_bytes(self.family.device)

    # --- ahead of a request ----------------------------------------------------------------------

    @torch.inference_mode()
    def prepare(self, context: DitContext, is_superseded: Callable[[], bool]) -> None:
        """Fill the KV cache for the sampler and steps used last; may stop before it is full."""
        sampler, steps = self._last_schedule
        cache = self._kv_cache(context, sampler, steps)
        with self._computing():
            try:
                if context.once is not None:
                    context.once.keys()
                if cache is not None:
                    cache.fill(is_superseded)
            except KVCacheError:
                self._drop_cache(context)

    def notice(self, context: DitContext) -> str:
        """How this canvas is computed, and in how much memory; empty before the first run."""
        return self._said(context.plan) if context.plan else ""

    def _said(self, plan: CachePlan) -> str:
        keeps = self._padding if plan.mode != "full" else None
        whose = "each prompt" if keeps and keeps.by_prompt else "prompts"
        padding = f"The padding of {whose} is kept, too." if keeps else ""
        return " ".join(filter(None, (self.family.notice, plan.notice, padding)))

    # --- plan, cache and samples -----------------------------------------------------------------

    def _plan(self, shape: DitShape, kept: int, references: int, steps: int) -> CachePlan:
        """The plan for so many tokens to keep, and so many of references."""
        once = references if self._keeps_once(self.settings.mode) else 0
        dtype, padding = self.family.dtype, self._padding_tokens
        return choose_plan(*(self.settings, shape, kept, steps, dtype, self.budget), once, padding)

    @property
    def _padding_tokens(self) -> int:
        return self._padding.tokens if self._padding else 0

    @property
    def _is_causal(self) -> bool:
        """Whether the model was trained with references that see nothing else."""
        return isinstance(self.family, ReferenceFamily) and self.family.causal_references

    def _keeps_once(self, mode: Mode) -> bool:
        """Whether keys of references are computed once, and serve all steps."""
        return mode == "reference" or self._is_causal

    def _schedule(self, sampler: str, steps: int) -> Schedule:
        return Schedule(sampler, self.family.scheduler, self.family.timetable(steps))

    def _kv_cache(self, context: DitContext, sampler: str, steps: int) -> KVCache | None:
        """The canvas's KV cache for a schedule, created if needed; None unless the mode is bank."""
        cache = context.kv_cache
        if cache is not None and (cache.schedule.name, len(cache.schedule)) == (sampler, steps):
            return cache
        context.kv_cache = None
        references = context.references
        if context.plan is None or context.plan.steps != steps:
            count = 0 if references is None else len(references)
            context.plan = self._plan(context.shape, context.kept, count, steps)
        if self._cached not in (None, context):
            self._cached.forget()
        self._cached, plan = context, context.plan
        if references is None or not self._keeps_once(plan.mode):
            context.once = None
        elif context.once is None or context.once.storage != plan.storage:
            assert isinstance(self.family, ReferenceFamily)
            context.once = WithReferences(self.family, references, plan.storage)
        if plan.mode == "bank" or (plan.mode == "reference" and self._padding):
            text = self.family.batch([self._encode_prompt(self.settings.bank_prompt)])
            schedule = self._schedule(sampler, steps)
            passes = self._passes(context)
            context.kv_cache = KVCache(passes, context.canvas, schedule, plan, text, self._padding)
        return context.kv_cache

    def _passes(self, context: DitContext) -> Pass:
        """The family's passes, with references that are computed once."""
        return context.once or context.passes

    def _drop_cache(self, context: DitContext) -> None:
        assert context.plan is not None
        once = len(context.references or ()) if self._is_causal else 0
        context.plan = fallback_plan(
            *(context.plan, self.settings, context.shape, context.kept, self.budget, once),
            self._padding_tokens,
        )
        context.forget()

    def _samples(
        self, context: DitContext, text: DitText, params: DenoiseParams, on_step: OnStep
    ) -> Tensor:
        """(B,N_hole,P) hole tokens of all seeds, computed in groups. Raises KVCacheError."""
        settings, sketch = params.settings, self._sketch(context, params)
        start = 0 if sketch is None else first_step(settings.steps, settings.strength)
        guidance = 1.0 if text.alike else settings.guidance
        groups = self._groups(context, params)
        done: list[Tensor] = []

        def report(step: int, steps: int, clean: Tensor) -> None:
            on_step(len(done) * steps + step, len(groups) * steps, clean)

        for seeds in groups:
            with self._computing():
                guided = make_guidance(
                    self.family, text.prompt, text.negative, guidance, len(seeds)
                )
                schedule = self._schedule(settings.sampler, settings.steps)
                noise = HoleNoise(self.family, context.canvas, seeds)
                x = schedule.pure(noise.draw())
                if sketch is not None:
                    x = schedule.rates[start].mix(sketch, x)
                way = context.kv_cache or self._without_bank(context, schedule, start)
                done.append(denoise(way, schedule, x, guided, noise, report, start))
        return torch.cat(done)

    def _groups(self, context: DitContext, params: DenoiseParams) -> list[tuple[int, ...]]:
        """Seeds that are computed together: all if they share a KV cache, else as many as fit."""
        settings = params.settings
        cache, plan = self._kv_cache(context, settings.sampler, settings.steps), context.plan
        assert plan is not None
        if cache is not None or plan.mode == "reference":
            return [params.seeds]
        size = max(1, self.budget.device // max(1, plan.bytes)) if plan.mode == "refresh" else 1
        return [params.seeds[k : k + size] for k in range(0, len(params.seeds), size)]

    def _without_bank(self, context: DitContext, schedule: Schedule, start: int) -> Predictor:
        """A run from step `start` without a KV cache."""
        assert context.plan is not None
        if context.plan.mode == "reference":
            assert context.once is not None
            return ReferenceRun(context.once, context.canvas, schedule)
        settings, steps = self.settings, len(schedule)
        every = 1 if context.plan.mode == "full" else settings.every
        full = full_steps(steps, every, settings.last_full, start)
        return RefreshRun(
            *(self._passes(context), context.canvas, schedule, context.plan, full), self._padding
        )

    def _sketch(self, context: DitContext, params: DenoiseParams) -> Tensor | None:
        """(1,N_hole,P) latents of the canvas with the sketch painted into the hole."""
        if params.sketch is None:
            return None
        with self._computing():
            painted = self._pictures.painted(context.image, params.sketch)
            return self._pictures.encode(painted)[:, context.canvas.hole_N]

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """Raises OutOfMemoryError in place of torch's memory errors."""
        try:
            yield
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            raise OutOfMemoryError(_NO_MEMORY) from None
