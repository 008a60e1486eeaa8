"""Keys of a prompt's padding, kept as those of the canvas are.

Models that were trained with padding in sight compute hundreds of such tokens at each step, which
say little. They are kept either as another prompt has them, once for a canvas, or as the prompt
itself has them, once for a prompt. Both are approximations, which are measured on the weights
before they are used (padding_check.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from lazydiff_core.backends.cached_dit.abilities import PaddedFamily
from lazydiff_core.backends.cached_dit.family import Text
from lazydiff_core.backends.cached_dit.kv_entry import KVCacheEntry, ReuseKV


@dataclass(frozen=True, eq=False)
class Padding:
    """What of a text is computed, and what is taken from an entry.

    by_prompt: a bank keeps each prompt's own; else that of its own text, for all prompts.
    """

    family: PaddedFamily
    by_prompt: bool = False

    @property
    def tokens(self) -> int:
        """The most that are kept for a step."""
        branches = 2 if self.by_prompt and self.family.defaults.guidable else 1
        return self.family.padding * branches

    def record(self, text: Text) -> tuple[Text, int]:
        """A text to record with, and how many of its tokens come before those of the picture."""
        return self.family.with_padding_shown(text)

    def reuse(self, text: Text, entry: KVCacheEntry, recorded: Text) -> tuple[Text, ReuseKV]:
        """What of a text has to be computed beside an entry that was recorded with another."""
        start = self.family.words(recorded)
        count = max(start, self.family.words(text))
        return self.family.without_padding(text, count), ReuseKV(entry, skip=count - start)
