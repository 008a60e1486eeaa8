"""In which order samples come: shuffled and dealt without a list of them in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_ROUNDS = 6
_WORD = (1 << 64) - 1


def permuted(place: int, count: int, *key: int) -> int:
    """Where place 0..count-1 goes in a shuffle of that many; `key` chooses the shuffle.

    A Feistel network over the smallest even number of bits that holds `count`, walked on until it
    ends below `count` (Black and Rogaway 2002, Ciphers with arbitrary finite domains): memory and
    time do not depend on `count`.
    """
    half = max(1, ((count - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    keys = np.random.SeedSequence(list(key)).generate_state(_ROUNDS, np.uint64).tolist()
    while True:
        left, right = place >> half, place & mask
        for word in keys:
            left, right = right, left ^ (_mixed(right ^ word) & mask)
        place = (left << half) | right
        if place < count:
            return place


def _mixed(word: int) -> int:
    """A number of 64 bits, each of which depends on all of the given one (SplitMix64)."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _WORD
    return word ^ (word >> 31)


def deal(sizes: Sequence[int], hands: int, *key: int) -> list[list[int]]:
    """Deal samples, by number, into hands of equally many whose sizes sum up alike.

    The largest first, each to the hand that has least. The order of the hands, and that within
    them, are by chance: each sample comes at each place equally often.
    """
    source = np.random.default_rng(list(key))
    each, rest = divmod(len(sizes), hands)
    if rest:
        raise ValueError(f"{len(sizes)} samples cannot be dealt into {hands} equal hands")
    shuffled = source.permutation(len(sizes)).tolist()
    dealt: list[list[int]] = [[] for _ in range(hands)]
    sums = [0] * hands
    for sample in sorted(shuffled, key=lambda sample: -sizes[sample]):
        hand = min((h for h in range(hands) if len(dealt[h]) < each), key=sums.__getitem__)
        dealt[hand].append(sample)
        sums[hand] += sizes[sample]
    for hand in range(hands):
        dealt[hand] = [dealt[hand][k] for k in source.permutation(each)]
    return [dealt[k] for k in source.permutation(hands)]
