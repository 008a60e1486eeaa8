"""What scenes ask for, in the words of their vocabulary, encoded once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.references.lexicon import STYLES, UNNAMED
from lazydiff_core.model.text.prompt import Prompt, Told, hide_told, join_prompts
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.shards import Asked, ShardSet
from lazydiff_core.training.vocabulary import phrases

# How often a scene is told in words alone.
HIDDEN = 0.05
# How often it is told of its thing without words, under a name that says nothing: as a word that
# is taught later will be (lexicon.UNNAMED).
NAMELESS = 0.1


class PromptTable:
    """Every training phrase, encoded once."""

    def __init__(self, encoder: TextEncoder, concepts: dict[str, tuple[str, ...]]) -> None:
        self.wordings = {name: phrases(prompts) for name, prompts in concepts.items()} | {"": ("",)}
        self.encoder = encoder
        self.read: dict[str, Prompt] = {}
        self.unnamed = encoder.encode([UNNAMED])
        self._learn(text for wording in self.wordings.values() for text in wording)

    def learn(self, shards: ShardSet) -> None:
        """Encode the prompts of scenes that ask for more than their concept's own.

        TrainingError for scenes of concepts that have no prompts.
        """
        unknown = sorted({asked.concept for asked in shards.asked} - self.wordings.keys())
        if unknown:
            raise TrainingError(
                f"The scenes show {len(unknown)} concepts that the chosen sections lack, such as "
                f"{unknown[0]}: choose the sections that they were rendered with."
            )
        prompts = {asked.prompt for asked in shards.asked if asked.prompt}
        self._learn(text for prompt in prompts for text in phrases((prompt,)))

    def _learn(self, texts: Iterable[str]) -> None:
        for text in sorted(set(texts) - self.read.keys()):
            self.read[text] = self.encoder.encode([text])

    def draw(self, scenes: Sequence[Asked], told: Tensor, generator: torch.Generator) -> Prompt:
        """What each scene asks for, or where it says nothing a random wording for its concept, the
        first prompt's twice as likely. told: (scenes,C,h,w) cells that go with it."""
        nameless = torch.rand(len(scenes), generator=generator) < NAMELESS
        drawn = []
        for asked, unnamed in zip(scenes, nameless.tolist(), strict=True):
            wording = phrases((asked.prompt,)) if asked.prompt else self.wordings[asked.concept]
            pick = int(torch.randint(len(wording) + 2, (1,), generator=generator))
            can_be_unnamed = unnamed and not asked.prompt and asked.style
            drawn.append(
                self.unnamed if can_be_unnamed else self.read[wording[pick % len(wording)]]
            )
        styles = [[float(asked.style == one) for one in STYLES] for asked in scenes]
        joined = replace(join_prompts(*drawn), told=Told(told, torch.tensor(styles)))
        return hide_told(joined, torch.rand(len(scenes), generator=generator) < HIDDEN)
