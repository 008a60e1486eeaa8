"""What scenes ask for, in the words of their vocabulary, encoded once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.lexicon import STYLES, UNNAMED
from lazydiff_core.model.prompt import Prompt, hide_styles, join_prompts
from lazydiff_core.model.text_encoder import TextEncoder
from lazydiff_core.training.shards import ShardSet
from lazydiff_core.training.vocabulary import phrases

# How often a scene is not told of a word's looks in one style, and in any.
HIDDEN_STYLE, HIDDEN_WORD = 0.15, 0.05
# How often it is told of the looks alone, under a name that says nothing: as a word that is taught
# later will be (lexicon.UNNAMED).
NAMELESS = 0.1


class PromptTable:
    """Every training phrase, encoded once."""

    def __init__(self, encoder: TextEncoder, concepts: dict[str, tuple[str, ...]]) -> None:
        self.wordings = {name: phrases(prompts) for name, prompts in concepts.items()} | {"": ("",)}
        self.encoder = encoder
        self.read: dict[str, Prompt] = {}
        self.unnamed = replace(encoder.encode([UNNAMED]), looks=None)
        self._learn(text for wording in self.wordings.values() for text in wording)

    def learn(self, shards: ShardSet) -> None:
        """Encode the prompts of scenes that ask for more than their concept's own.

        TrainingError for scenes of concepts that have no prompts.
        """
        unknown = sorted(set(shards.concepts) - self.wordings.keys())
        if unknown:
            raise TrainingError(
                f"The scenes show {len(unknown)} concepts that the chosen sections lack, such as "
                f"{unknown[0]}: choose the sections that they were rendered with."
            )
        self._learn(text for prompt in shards.prompts if prompt for text in phrases((prompt,)))

    def _learn(self, texts: Iterable[str]) -> None:
        for text in sorted(set(texts) - self.read.keys()):
            self.read[text] = self.encoder.encode([text])

    def draw(
        self, concepts: Sequence[str], prompts: Sequence[str], generator: torch.Generator
    ) -> Prompt:
        """What each scene asks for, or where it says nothing a random wording for its concept, the
        first prompt's twice as likely."""
        nameless = torch.rand(len(prompts), generator=generator) < NAMELESS
        drawn = []
        for name, prompt, unnamed in zip(concepts, prompts, nameless.tolist(), strict=True):
            wording = phrases((prompt,)) if prompt else self.wordings[name]
            pick = int(torch.randint(len(wording) + 2, (1,), generator=generator))
            read = self.read[wording[pick % len(wording)]]
            if unnamed and not prompt and read.looks is not None:
                read = replace(self.unnamed, looks=read.looks)
            drawn.append(read)
        joined = join_prompts(*drawn)
        if joined.looks is None:
            return joined
        return hide_styles(joined, _hidden_styles(len(drawn), generator))


def _hidden_styles(count: int, generator: torch.Generator) -> Tensor:
    """(count, STYLES) bool: renderings that a scene is not told of, so that none is relied on."""
    each = torch.rand(count, len(STYLES), generator=generator) < HIDDEN_STYLE
    return each | (torch.rand(count, 1, generator=generator) < HIDDEN_WORD)
