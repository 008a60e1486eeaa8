"""What a prompt was understood to be, in sentences for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lazydiff_core.engine.engine import Engine
from lazydiff_core.prompts.languages import ENGLISH, language_name
from lazydiff_core.prompts.reading import NoteKind, Reading
from lazydiff_core.prompts.translation import readable

_NOTES: Mapping[NoteKind, str] = {
    "weight": "Weights have no effect: {} is read without them.",
    "extra": "{} has no effect: a prompt adds no weights to a model.",
    "unheeded": "Understood, but not painted: {}.",
    "avoided": "Avoided, as the prompt says: {}.",
    "removal": "A prompt says what to paint: `lazydiff remove` removes what is masked ({}).",
    "left-out": "Told to the model in words only, not placed: {}.",
}


def sentences(reading: Reading, engine: Engine) -> Iterator[str]:
    """What of a prompt is not known, not obeyed, or in another language."""
    if reading.language not in ("", ENGLISH) or reading.mixed:
        codes = dict.fromkeys((reading.language, *reading.mixed))
        said = " and ".join(language_name(code) for code in codes)
        yield f"Read as {said}: {readable(reading.english)}"
    if reading.unknown:
        yield f"Not understood: {', '.join(reading.unknown)}."
    for word in reading.missing:
        near = engine.suggestions(word, reading.language)
        if near:
            yield f"Known words like {word}: {', '.join(near)}."
    for note in reading.notes:
        yield _NOTES[note.kind].format(note.text)
