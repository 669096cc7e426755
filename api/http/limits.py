"""How much one credential may ask for in a while."""

import time
from collections import OrderedDict

MOST_REMEMBERED = 50_000


class RateLimiter:
    """A bucket of objects per credential: `capacity` at once, `per_second` of it coming back."""

    def __init__(self, capacity: int, per_second: int) -> None:
        self._capacity, self._per_second = float(capacity), float(per_second)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # credential -> (left, as of)

    def take(self, credential: str, amount: int, share: float = 1.0) -> float:
        """Takes `amount` from a bucket of `share` of the full size; seconds to wait if there is not enough, else 0."""
        now = time.monotonic()
        capacity, per_second = self._capacity * share, self._per_second * share
        left, as_of = self._buckets.pop(credential, (capacity, now))
        left = min(capacity, left + (now - as_of) * per_second)
        missing = amount - left
        self._buckets[credential] = (left if missing > 0 else left - amount, now)
        if len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return max(0.0, missing / per_second)
