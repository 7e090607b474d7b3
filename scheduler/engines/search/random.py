"""Random numbers of the kernels: xorshift64, one word of state, the same on every machine."""

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.search.compiled import part


@part
def uniform(state: NDArray[np.uint64]) -> float:
    """Draw a number from 0 to below 1."""
    word = state[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state[0] = word
    return np.float64(word >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@part
def below(state: NDArray[np.uint64], n: int) -> int:
    """Draw a whole number from 0 to n - 1."""
    return int(uniform(state) * n)


def seeded(*numbers: int) -> NDArray[np.uint64]:
    """State that depends on every one of the numbers."""
    words = np.random.SeedSequence([abs(n) for n in numbers]).generate_state(1, np.uint64)
    return np.bitwise_or(words, np.uint64(1), dtype=np.uint64)
