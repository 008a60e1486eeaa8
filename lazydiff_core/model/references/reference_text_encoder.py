"""A text encoder that knows, besides what a prompt says, which things of a lexicon it names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lazydiff_core.images.colour_names import Colour
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.references.variations import PLAIN, Pose
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.prompts.parts import Part


@dataclass(frozen=True)
class Subject:
    """What a prompt is about, in a lexicon's words.

    thing, surface: words; "" where it names none; where it names both, a large hole takes the
    surface. style: its place in STYLES, None for the usual one. poses: seeds take turns with them.
    colour: None for its own. count: how many of it. native: the colour is in its name. tone: of
    a person's skin, "" for what the seed chooses. second: of a thing in two colours.
    """

    thing: str = ""
    surface: str = ""
    style: int | None = None
    colour: Colour | None = None
    poses: tuple[Pose, ...] = (PLAIN,)
    count: int = 1
    native: bool = False
    tone: str = ""
    second: Colour | None = None


class ReferenceTextEncoder:
    """What `text` reads, and which words of the lexicon it is about."""

    def __init__(self, text: TextEncoder, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon

    def encode(self, prompts: list[str]) -> Prompt:
        """The states of prompts without what is told another way: styles, taught words."""
        return self.text.encode([self._said(prompt) for prompt in prompts])

    def subjects(self, prompt: str) -> tuple[Subject, ...]:
        """What a prompt is about: the first thing or surface that is known, and the things that
        are named beside it ("a cat and a dog"); none where nothing is known."""
        parts = self.lexicon.vocabulary.parts(self.lexicon.styled(prompt)[0])
        known = [part for part in parts if part.meaning]
        beside = [part for part in known[1:] if not part.aside]
        subjects = [self._subject(part, prompt) for part in (*known[:1], *beside)]
        return tuple(one for one in subjects if one.thing or one is subjects[0])

    def _subject(self, part: Part, prompt: str) -> Subject:
        word, surface = part.meaning, part.surface
        start, stop = self.lexicon.spans[word]
        if start == stop:
            word, surface = "", word
        return Subject(
            word,
            surface,
            self.lexicon.styled(prompt)[1],
            part.colour,
            self.lexicon.poses(word) if word else (PLAIN,),
            part.count,
            part.native and part.colour is not None,
            part.tone,
            part.second if word else None,
        )

    def _said(self, prompt: str) -> str:
        plain, _ = self.lexicon.styled(prompt)
        vocabulary = self.lexicon.vocabulary
        for part in vocabulary.parts(plain):
            for text in part.unheeded:
                if any(vocabulary.named(text)):  # the weights would mix it in: a woman knitting
                    plain = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)\s*", "", plain).strip()
            if part.kind == "taught":
                plain = self.lexicon.said(plain, part.meaning)
        return plain


def plain(subject: Subject) -> Subject:
    """The same in the pose in which it is known."""
    return replace(subject, poses=(PLAIN,))
