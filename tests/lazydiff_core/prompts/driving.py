"""The bundled model's words, without its tensors."""

from __future__ import annotations

import json
from functools import cache

from safetensors import safe_open

from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.prompts.reading import PromptReader
from lazydiff_core.storage.resources import resource


@cache
def bundled_reader() -> PromptReader:
    things: dict[str, str] = {}
    surfaces: dict[str, str] = {}
    for name in ("lexicon", "people"):
        with safe_open(resource(f"models/bundled/{name}.safetensors"), "np") as file:
            words = json.loads(file.metadata()["words"])
        things |= words["phrases"]
        surfaces |= words["surface_phrases"]
    return PromptReader(Vocabulary(things, surfaces))
