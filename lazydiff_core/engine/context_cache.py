"""The contexts of the last few canvases, so that a prompt or seed needs no encoder."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

from lazydiff_core.backends.protocols import Context, ModelInput
from lazydiff_core.engine.model_crop import ModelCrop

CONTEXTS_KEPT = 4


class ContextCache:
    """Encodes crops and keeps the latest `size` contexts."""

    def __init__(self, encode: Callable[[ModelInput], Context], size: int = CONTEXTS_KEPT) -> None:
        self._encode, self._size = encode, size
        self._contexts: OrderedDict[bytes, Context] = OrderedDict()

    def __len__(self) -> int:
        return len(self._contexts)

    def __iter__(self) -> Iterator[Context]:
        """The contexts that are kept, the one used last at the end."""
        return iter(self._contexts.values())

    def find(self, crop: ModelCrop) -> tuple[Context, bool]:
        """The context of a crop, and whether it was kept."""
        if crop.key in self._contexts:
            self._contexts.move_to_end(crop.key)
            return self._contexts[crop.key], True
        context = self._encode(crop.input)
        self._contexts[crop.key] = context
        while len(self._contexts) > self._size:
            self._contexts.popitem(last=False)
        return context, False

    def clear(self) -> None:
        """Give their memory back."""
        self._contexts.clear()
