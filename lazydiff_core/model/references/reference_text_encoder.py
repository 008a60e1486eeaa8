"""A text encoder that adds, to what a prompt says, what the thing it names looks like."""

from __future__ import annotations

from dataclasses import replace

import torch

from lazydiff_core.model.references.lexicon import STYLES, Lexicon
from lazydiff_core.model.references.variations import PLAIN, Pose
from lazydiff_core.model.text.prompt import Prompt, hide_styles, join_prompts
from lazydiff_core.model.text.text_encoder import TextEncoder


class PicturedText:
    """What `text` reads, and the looks of the word that the lexicon finds in it."""

    def __init__(self, text: TextEncoder, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon

    def encode(self, prompts: list[str]) -> Prompt:
        """Prompts that name nothing known are their text only.

        Of a style that a prompt names it is told alone, where the thing is known in it.
        """
        return join_prompts(*(self._encode_one(prompt) for prompt in prompts))

    def poses(self, prompt: str) -> tuple[Pose, ...]:
        """How else what a prompt names may be painted (Lexicon.poses)."""
        word = self._word(prompt)
        return (PLAIN,) if word is None else self.lexicon.poses(word)

    def _encode_one(self, prompt: str) -> Prompt:
        word = self._word(prompt)
        looks = None if word is None else self.lexicon.looks(word)
        if word is None or looks is None:
            return self.text.encode([prompt])
        plain, style = self.lexicon.styled(prompt)
        read = self.text.encode([self.lexicon.said(plain, word)])
        told = replace(read, looks=looks.map(lambda x: x.to(read.states)))
        if style is None or not looks.extents[0, style, 0]:
            return told
        return hide_styles(told, torch.arange(len(STYLES))[None] != style)

    def _word(self, prompt: str) -> str | None:
        """The word whose looks belong to a prompt, if any."""
        if not prompt.strip():
            return None
        found = self.lexicon.find(prompt)
        if found is None:
            found = self.lexicon.nearest(self.text.encode([prompt]).pooled[0].cpu())
        return found
