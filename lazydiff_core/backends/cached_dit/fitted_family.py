"""What families share whose transformer of diffusers is fitted into a device's memory."""

from __future__ import annotations

from typing import Any, ClassVar

import torch

from lazydiff_core.backends.cached_dit.abilities import LoraFamily
from lazydiff_core.backends.fitting import Fit
from lazydiff_core.backends.loras import LoraRack, transformer_rack
from lazydiff_core.errors import InputError


class FittedFamily(LoraFamily):
    """A family with a transformer that a plan has placed, and that takes LoRAs.

    lora_loader: the class in diffusers.loaders that knows the formats of its LoRAs.
    device, fit: where it computes, and how it was fitted in; by default as the transformer is.
    """

    lora_loader: ClassVar[str]

    def __init__(self, transformer: Any, device: torch.device | None, fit: Fit | None) -> None:
        self.transformer = transformer
        # Where weights are stored in 8 bits, or visit, the transformer itself says something else.
        self.device = device or transformer.device
        self.dtype = fit.dtype if fit else transformer.dtype
        self.notice = fit.notice if fit else ""
        self.work = fit.work if fit else 0
        self._layers_visit = fit is not None and fit.denoiser == "visits"

    def check_takes_loras(self) -> None:
        if self._layers_visit:
            raise InputError(
                "A LoRA needs the model's layers on the card, where there is no room for them: "
                "leave it out, or close other programs and load the model again."
            )

    def _make_lora_rack(self) -> LoraRack:
        from diffusers.loaders import lora_pipeline

        mixin = getattr(lora_pipeline, self.lora_loader)
        return transformer_rack(self.transformer, mixin, self.device, self.dtype)
