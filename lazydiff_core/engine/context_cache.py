"""Caches the contexts of the last few canvases, so that a new prompt or seed needs no encoding."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

from lazydiff_core.backends.protocols import Context, ModelInput
from lazydiff_core.engine.model_crop import ModelCrop

CONTEXTS_KEPT = 4


class ContextCache:
    """Encodes crops and keeps the `size` contexts used last."""

    def __init__(self, encode: Callable[[ModelInput], Context], size: int = CONTEXTS_KEPT) -> None:
        self._encode, self._size = encode, size
        self._contexts: OrderedDict[bytes, Context] = OrderedDict()

    def __len__(self) -> int:
        return len(self._contexts)

    def __iter__(self) -> Iterator[Context]:
        """The cached contexts, the one used last at the end."""
        return iter(self._contexts.values())

    def find(self, crop: ModelCrop) -> tuple[Context, bool]:
        """The context of a crop, encoded if necessary, and whether it was in the cache."""
        if crop.key in self._contexts:
            self._contexts.move_to_end(crop.key)
            return self._contexts[crop.key], True
        context = self._encode(crop.input)
        self._contexts[crop.key] = context
        while len(self._contexts) > self._size:
            self._contexts.popitem(last=False)
        return context, False

    def clear(self) -> None:
        """Drop all contexts, to free their memory."""
        self._contexts.clear()
