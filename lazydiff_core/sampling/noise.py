"""Where the noise of a fill comes from: one source a seed, on the CPU, for every seed its own."""

from __future__ import annotations

import numpy as np
import torch

_LOW = 2**32 - 1
# torch's saved state: the seed, two counters and a place, then the words of the Mersenne twister,
# each in eight bytes.
_WORDS = slice(24, 24 + 624 * 8)


def noise_source(seed: int) -> torch.Generator:
    """A CPU generator for a seed of 0 .. 2^63 - 1.

    torch seeds its Mersenne twister by the low 32 bits alone. Larger seeds are spread over its
    whole state (`init_by_array` of Matsumoto and Nishimura, 2002), so that no two agree; smaller
    ones have the noise that torch gives them.
    """
    source = torch.Generator().manual_seed(seed & _LOW)
    if seed > _LOW:
        keys = np.array([seed & _LOW, seed >> 32], np.uint32)
        words = np.random.RandomState(keys).get_state(legacy=False)["state"]["key"]
        state = source.get_state()
        state[_WORDS] = torch.from_numpy(words.astype(np.int64).view(np.uint8))
        source.set_state(state)
    return source
