"""Class labels instead of text: the paper's class-conditional inpainting."""

from __future__ import annotations

import re

import torch

from lazydiff_core.errors import InputError
from lazydiff_core.model.network.decoder import LazyDecoder
from lazydiff_core.model.text.prompt import Prompt


class ClassLabels:
    """Encodes prompts "class:207", "207" or a class's name as the decoder's learned states."""

    def __init__(self, decoder: LazyDecoder, names: tuple[str, ...] = ()) -> None:
        self.decoder = decoder
        self.names = {name.strip().lower(): k for k, name in enumerate(names)}

    def encode(self, prompts: list[str]) -> Prompt:
        """One state per prompt; InputError for a prompt that is not a class."""
        labels = [self.label(prompt) for prompt in prompts]
        return self.decoder.class_prompt(torch.tensor(labels, device=self.decoder.null_text.device))

    def label(self, prompt: str) -> int:
        """The number of a class; InputError for a prompt that is not a class."""
        prompt = prompt.strip().lower()
        if prompt in self.names:
            return self.names[prompt]
        number = re.fullmatch(r"(?:class:)?\s*(\d{1,9})", prompt, re.ASCII)
        count = self.decoder.config.classes
        if number is None or int(number[1]) >= count:
            raise InputError(
                f"This model has {count} classes, and {prompt!r} is not one of them: "
                f"write class:0 to class:{count - 1}, or nothing to continue the surroundings."
            )
        return int(number[1])
