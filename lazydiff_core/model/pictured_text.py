"""A text encoder that adds, to what a prompt says, what the thing it names looks like."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from lazydiff_core.model.lexicon import Lexicon
from lazydiff_core.model.prompt import Prompt, join_prompts
from lazydiff_core.model.text_encoder import TextEncoder


class PicturedText:
    """What `text` reads, and the looks of the word that the lexicon finds in it."""

    def __init__(self, text: TextEncoder, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon

    def encode(self, prompts: list[str]) -> Prompt:
        """Prompts that name nothing known are their text only."""
        return join_prompts(*(self._encode_one(prompt) for prompt in prompts))

    def _encode_one(self, prompt: str) -> Prompt:
        read = self.text.encode([prompt])
        word = self.word(prompt, read.pooled[0])
        looks = None if word is None else self.lexicon.looks(word)
        if word is None or looks is None:
            return read
        said = self.lexicon.said(prompt, word)
        if said != prompt:
            read = self.text.encode([said])
        return replace(read, looks=looks.map(lambda x: x.to(read.states)))

    def word(self, prompt: str, meaning: Tensor) -> str | None:
        """The word whose looks belong to a prompt of this mean state (W,), if any."""
        if not prompt.strip():
            return None
        return self.lexicon.find(prompt) or self.lexicon.nearest(meaning.cpu())
