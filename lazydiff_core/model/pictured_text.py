"""A text encoder that adds, to what a prompt says, what the thing it names looks like."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.errors import ModelError
from lazydiff_core.model.decoder import Prompt, join_prompts
from lazydiff_core.model.lexicon import STYLES, Lexicon
from lazydiff_core.model.text_encoder import TextEncoder


class PicturedText:
    """States of `text`, then those of the word's renderings, side by side in `width` numbers.

    Those of text come first in each state, those of renderings after them; the others are 0. The
    pooled state is the text's alone. ModelError for a lexicon of another width.
    """

    def __init__(self, text: TextEncoder, lexicon: Lexicon, width: int) -> None:
        self.text, self.lexicon, self.width = text, lexicon, width
        if lexicon.state_width != width:
            raise ModelError(
                f"The model reads states {width} numbers wide, but its lexicon makes them "
                f"{lexicon.state_width} wide."
            )

    def encode(self, prompts: list[str]) -> Prompt:
        """Prompts that name nothing known get the states of their text only."""
        return join_prompts(*(self._encode_one(prompt) for prompt in prompts))

    def _encode_one(self, prompt: str) -> Prompt:
        read = self.text.encode([prompt])
        states = F.pad(read.states[0][read.mask[0]], (0, self.lexicon.width))
        word = self.word(prompt, read.pooled[0])
        if word is not None:
            pictures = self.lexicon.states(word).to(states)
            states = torch.cat([states, F.pad(pictures, (self.width - self.lexicon.width, 0))])
        mask = torch.ones(1, len(states), dtype=torch.bool, device=states.device)
        return Prompt(states[None], mask, F.pad(read.pooled, (0, self.lexicon.width)))

    def word(self, prompt: str, meaning: Tensor) -> str | None:
        """The word whose renderings belong to a prompt of this mean state (W,), if any."""
        if not prompt.strip():
            return None
        return self.lexicon.find(prompt) or self.lexicon.nearest(meaning.cpu())


def hide_pictures(prompt: Prompt, hidden_BS: Tensor) -> Prompt:
    """Without the renderings in some styles, of each prompt (B, STYLES) bool; its text stays."""
    styles = prompt.states[..., -len(STYLES) :]
    hides = (styles * hidden_BS[:, None]).amax(-1) > 0
    return Prompt(prompt.states, prompt.mask & ~hides, prompt.pooled)
