"""From samples to what a model is trained on: latents, hole tokens and encoded prompts."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.checkpoint.checkpoint import Checkpoint
from lazydiff_core.model.checkpoint.class_labels import ClassLabels
from lazydiff_core.model.checkpoint.text_encoder_choice import load_text_encoder
from lazydiff_core.model.network.transformer_layers import patchify, take_tokens
from lazydiff_core.model.references.reference_text_encoder import ReferenceTextEncoder, plain
from lazydiff_core.model.references.teller import Teller
from lazydiff_core.model.text.prompt import Prompt, Told, join_prompts
from lazydiff_core.model.text.text_encoder import TextEncoder, stack_prompts
from lazydiff_core.training.precision import autocast
from lazydiff_core.training.samples import Sample

_STATES = "states"
TOLD = ("told_cells", "told_styles")  # of a sample that was encoded ahead


@dataclass(frozen=True, eq=False)
class Batch:
    """B samples, their hole tokens padded to the longest.

    visible: (B,c,h,w) latents without the hole. target: (B,c,h,w) latents of the whole window.
    mask: (B,1,S,S) float32. index_BN, frame_BN6: hole tokens, 0 where padded. valid_BN: bool.
    prompt: encoded captions, or class labels (B,) int64. nameless_B: bool, takes the null prompt.
    lengths: hole tokens of each. seeds: one a sample.
    """

    visible: Tensor
    target: Tensor
    mask: Tensor
    index_BN: Tensor
    frame_BN6: Tensor
    valid_BN: Tensor
    prompt: Prompt | Tensor
    nameless_B: Tensor
    lengths: tuple[int, ...]
    seeds: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """Its size in bytes."""
        prompt = self.prompt
        parts = [prompt] if isinstance(prompt, Tensor) else [prompt.states, prompt.mask]
        own = (self.visible, self.target, self.mask, self.index_BN, self.frame_BN6, self.valid_BN)
        return sum(part.nbytes for part in (*own, *parts))

    def on(self, device: torch.device) -> Batch:
        """The same on a device."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        moved: dict[str, Any] = {
            name: part.to(device) for name, part in parts.items() if isinstance(part, Tensor)
        }
        if isinstance(self.prompt, Prompt):
            moved["prompt"] = self.prompt.map(lambda part: part.to(device))
        return replace(self, **moved)

    def clean(self, patch: int) -> Tensor:
        """(B,N,P) target latents of the hole tokens."""
        return take_tokens(patchify(self.target, patch), self.index_BN)


class BatchMaker:
    """The frozen parts of a model: autoencoder and text encoder, on one device."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        device: torch.device,
        dtype: torch.dtype,
        *,
        resident_text: bool = False,
    ) -> None:
        self.checkpoint, self.device, self.dtype = checkpoint, device, dtype
        self.resident_text = resident_text
        self.sent = 0  # bytes of samples and of visiting layers that were sent to the device
        self.config = checkpoint.lazy.config
        self.autoencoder = checkpoint.autoencoder.to(device).eval().requires_grad_(False)

    @cached_property
    def text(self) -> TextEncoder:
        """Loaded when it is needed first: never, where all prompts were encoded ahead."""
        return load_text_encoder(self.checkpoint, self.device, resident=self.resident_text)

    @torch.no_grad()
    def batch(self, samples: list[Sample]) -> Batch:
        """Encode samples; what was encoded ahead is taken as it is."""
        lengths = tuple(len(sample.index) for sample in samples)
        latents = [self.latents(sample) for sample in samples]
        target, visible = (torch.stack(kind) for kind in zip(*latents, strict=True))
        captions = [sample.caption for sample in samples]
        null = self.config.classes > 0 or not self.config.empty_text
        nameless = torch.tensor([null and not caption for caption in captions])
        device = self.device
        return Batch(
            visible,
            target,
            torch.stack([self._sent(sample.mask) for sample in samples])[:, None].float(),
            _padded([sample.index for sample in samples]).to(device),
            _padded([sample.frame for sample in samples]).to(device),
            _padded([torch.ones(length, dtype=torch.bool) for length in lengths]).to(device),
            self.labels(captions) if self.config.classes else join_prompts(*self.prompts(samples)),
            nameless.to(device),
            lengths,
            tuple(sample.seed for sample in samples),
        )

    def latents(self, sample: Sample) -> tuple[Tensor, Tensor]:
        """(c,h,w) float32 of the window and of its visible part; one picture at a time, for memory.

        Raises TrainingError for stored latents of another size.
        """
        if sample.images is None:
            return self._stored(sample)
        images = self._sent(sample.images).float() / 127.5 - 1
        images[1] *= ~self._sent(sample.mask)
        with autocast(self.device, self.dtype):
            target, visible = self.autoencoder.encode(images).float()
        return target, visible

    def _sent(self, part: Tensor) -> Tensor:
        """On the device; what is pinned travels while the processor goes on."""
        self.sent += part.nbytes
        return part.to(self.device, non_blocking=True)

    def _stored(self, sample: Sample) -> tuple[Tensor, Tensor]:
        side = self.config.side // self.config.latent_scale
        wanted = (self.config.latent_channels, side, side)
        parts = [sample.stored.get(name) for name in ("target", "visible")]
        if any(part is None or part.shape != wanted for part in parts):
            raise TrainingError(
                f"Stored latents must be target and visible of {wanted}: encode the shards "
                "with the model that is to be trained."
            )
        target, visible = (self._sent(part).float() for part in parts if part is not None)
        return target, visible

    def prompts(self, samples: list[Sample]) -> list[Prompt]:
        """The encoded caption of each (a batch of 1); those not stored are encoded in one batch.

        Raises TrainingError for stored ones of another width.
        """
        fresh = iter(self._read([one for one in samples if _STATES not in one.stored]))
        return [
            self._stored_prompt(one) if _STATES in one.stored else next(fresh) for one in samples
        ]

    def _read(self, samples: list[Sample]) -> list[Prompt]:
        if not samples:
            return []
        with autocast(self.device, self.dtype):
            together = self.text.encode([sample.caption for sample in samples])
            self.sent += getattr(self.text, "visit_bytes", 0)
            told = [self._told(sample) or self._tell(sample) for sample in samples]
        return [
            replace(stack_prompts([states[real]]), told=one).map(self._placed)
            for states, real, one in zip(together.states, together.mask, told, strict=True)
        ]

    def _placed(self, part: Tensor) -> Tensor:
        return part.to(self.device, _plain(part.dtype))

    def _stored_prompt(self, sample: Sample) -> Prompt:
        stored, width = sample.stored[_STATES], self.config.text_width
        if stored.ndim != 2 or stored.shape[1] != width or not len(stored):
            raise TrainingError(f"Stored prompts must be {width} wide.")
        return replace(stack_prompts([self._sent(stored).float()]), told=self._told(sample))

    def _tell(self, sample: Sample) -> Told | None:
        """What the window is told of the caption's subject, in the pose in which it is known."""
        if not isinstance(self.text, ReferenceTextEncoder):
            return None
        subjects = [plain(one) for one in self.text.subjects(sample.caption)]
        teller = Teller(self.autoencoder, self.text.lexicon, self.config)
        return teller.told(subjects, sample.mask.numpy(), 0)

    def _told(self, sample: Sample) -> Told | None:
        """As stored; TrainingError for another model's."""
        styles, channels = self.config.look_styles, self.config.latent_channels + 1
        parts = [sample.stored[name] for name in TOLD if name in sample.stored]
        if len(parts) < len(TOLD) or not styles:
            return None
        side = self.config.side // self.config.latent_scale
        wanted = [(channels, side, side), (styles,)]
        if [part.shape for part in parts] != wanted:
            raise TrainingError(f"Stored cells must be of {wanted[0]}.")
        return Told(*(self._sent(part).float()[None] for part in parts))

    def labels(self, captions: list[str]) -> Tensor:
        """(B,) class labels, 0 where nothing is said; InputError for what names no class."""
        reader = ClassLabels(self.checkpoint.lazy.decoder, self.checkpoint.concepts)
        return torch.tensor(
            [reader.label(caption) if caption else 0 for caption in captions], device=self.device
        )


def _plain(dtype: torch.dtype) -> torch.dtype:
    return torch.float32 if dtype.is_floating_point else dtype


def _padded(rows: list[Tensor]) -> Tensor:
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
