from __future__ import annotations

from lazydiff_core.backends.protocols import ModelInput
from lazydiff_core.engine.context_cache import ContextCache
from lazydiff_core.engine.model_crop import ModelCrop


class Encoder:
    """Gives every input a number, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, model_input: ModelInput) -> int:
        self.count += 1
        return self.count


def crop(key: str) -> ModelCrop:
    return ModelCrop(None, None, None, key.encode())  # type: ignore[arg-type]


def find(cache: ContextCache, keys: str) -> list[tuple[int, bool]]:
    return [cache.find(crop(key)) for key in keys]


def test_what_was_encoded_is_found_again() -> None:
    cache = ContextCache(Encoder())
    assert find(cache, "abab") == [(1, False), (2, False), (1, True), (2, True)]


def test_the_one_used_longest_ago_gives_way() -> None:
    cache = ContextCache(Encoder(), size=2)
    find(cache, "abac")
    assert list(cache) == [1, 3]
    assert find(cache, "ab") == [(1, True), (4, False)]
    assert len(cache) == 2


def test_cleared_it_encodes_anew() -> None:
    cache = ContextCache(Encoder())
    find(cache, "a")
    cache.clear()
    assert len(cache) == 0
    assert find(cache, "a") == [(2, False)]
