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
    with safe_open(resource("models/bundled/lexicon.safetensors"), "np") as file:
        words = json.loads(file.metadata()["words"])
    return PromptReader(Vocabulary(words["phrases"], words["surface_phrases"]))
