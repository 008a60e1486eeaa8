"""What scenes ask for, in the words of their vocabulary, encoded once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.references.lexicon import STYLES, UNNAMED
from lazydiff_core.model.references.reference_latents import posed_looks
from lazydiff_core.model.references.variations import POSES
from lazydiff_core.model.text.prompt import Looks, Prompt, hide_styles, join_prompts
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.shards import Asked, ShardSet
from lazydiff_core.training.vocabulary import phrases

# How often a scene is not told of a word's looks in one style, and in any.
HIDDEN_STYLE, HIDDEN_WORD = 0.15, 0.05
# How often it is told of its own style only, as by a prompt that names the style.
TOLD_STYLE = 0.25
# How often it is told of the looks alone, under a name that says nothing: as a word that is taught
# later will be (lexicon.UNNAMED).
NAMELESS = 0.1


class PromptTable:
    """Every training phrase, encoded once, and what it names in every pose that was asked for.

    codec: of the looks' latents; None where the prompts have none.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        concepts: dict[str, tuple[str, ...]],
        codec: LatentCodec | None = None,
    ) -> None:
        self.wordings = {name: phrases(prompts) for name, prompts in concepts.items()} | {"": ("",)}
        self.encoder, self.codec = encoder, codec
        self.read: dict[str, Prompt] = {}
        self.posed: dict[tuple[str, int], Looks] = {}
        self.unnamed = replace(encoder.encode([UNNAMED]), looks=None)
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

    def draw(self, scenes: Sequence[Asked], generator: torch.Generator) -> Prompt:
        """What each scene asks for, or where it says nothing a random wording for its concept, the
        first prompt's twice as likely."""
        nameless = torch.rand(len(scenes), generator=generator) < NAMELESS
        drawn = []
        for asked, unnamed in zip(scenes, nameless.tolist(), strict=True):
            wording = phrases((asked.prompt,)) if asked.prompt else self.wordings[asked.concept]
            pick = int(torch.randint(len(wording) + 2, (1,), generator=generator))
            # All wordings name the same word.
            looks = self._looks(wording[0], asked.pose)
            read = replace(self.read[wording[pick % len(wording)]], looks=looks)
            if unnamed and not asked.prompt and looks is not None:
                read = replace(self.unnamed, looks=looks)
            drawn.append(read)
        joined = join_prompts(*drawn)
        if joined.looks is None:
            return joined
        return hide_styles(joined, _hidden_styles([asked.style for asked in scenes], generator))

    def _looks(self, text: str, pose: int) -> Looks | None:
        """What a phrase names in a pose; made when it is asked for first."""
        looks = self.read[text].looks
        if looks is None or self.codec is None:
            return looks
        if (text, pose) not in self.posed:
            self.posed[text, pose] = posed_looks(self.codec, looks, POSES[pose])
        return self.posed[text, pose]


def _hidden_styles(styles: Sequence[str], generator: torch.Generator) -> Tensor:
    """(scenes, STYLES) bool: renderings that a scene is not told of, so that none is relied on."""
    count = len(styles)
    each = torch.rand(count, len(STYLES), generator=generator) < HIDDEN_STYLE
    told = torch.rand(count, 1, generator=generator) < TOLD_STYLE
    own = torch.tensor([[style == one for one in STYLES] for style in styles])
    only = told & own.any(1, keepdim=True)
    hidden = torch.where(only, ~own, each)
    return hidden | (torch.rand(count, 1, generator=generator) < HIDDEN_WORD)
