"""How much one credential may ask for in a while."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.identity.viewer import Viewer, ViewerKind

from .guard import BadRequest

MOST_REMEMBERED = 50_000
# of a signed-in caller's; all of a network share it: two hundred parents who begin at once, and no steady stream of hashing
ANONYMOUS_AT_ONCE = 0.5
ANONYMOUS_PER_SECOND = 0.1


class Turns:
    """So many `at_once`, and a queue of at most `most_waiting`."""

    def __init__(self, at_once: int, most_waiting: int, retry_after: int) -> None:
        self._most, self._retry_after = at_once + most_waiting, retry_after  # seconds
        self._places = asyncio.Semaphore(at_once)
        self._here = 0

    def check(self) -> None:
        """Raises BadRequest (TOO_MANY_AT_ONCE) for whoever would not even be let into the queue."""
        if self._here >= self._most:
            message = f"Too many do this now; try again in {self._retry_after} seconds."
            raise BadRequest(429, "TOO_MANY_AT_ONCE", message, retry_after=self._retry_after)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a place and keeps it. Raises as `check`."""
        self.check()
        self._here += 1
        try:
            async with self._places:
                yield
        finally:
            self._here -= 1


class RateLimiter:
    """A bucket of objects per credential: `capacity` at once, `per_second` of it coming back."""

    def __init__(self, capacity: int, per_second: int) -> None:
        self._capacity, self._per_second = float(capacity), float(per_second)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # credential -> (left, as of)

    def take(self, credential: str, amount: int, at_once: float = 1.0, coming_back: float = 1.0) -> float:
        """Takes `amount` from a bucket of a share of the full size, of which a share comes back; seconds to wait if there
        is not enough, else 0."""
        now = time.monotonic()
        capacity, per_second = self._capacity * at_once, self._per_second * coming_back
        left, as_of = self._buckets.pop(credential, (capacity, now))
        left = min(capacity, left + (now - as_of) * per_second)
        missing = amount - left
        self._buckets[credential] = (left if missing > 0 else left - amount, now)
        if len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return max(0.0, missing / per_second)


def spend(allowances: RateLimiter, viewer: Viewer, nodes: int) -> None:
    """Takes so many objects from the caller's allowance. Raises BadRequest (RATE_LIMITED)."""
    anonymous = viewer.profile.kind is ViewerKind.ANONYMOUS
    shares = (ANONYMOUS_AT_ONCE, ANONYMOUS_PER_SECOND) if anonymous else (1.0, 1.0)
    wait = allowances.take(viewer.credential, max(nodes, 1), *shares)
    if wait > 0:
        seconds = int(wait) + 1
        raise BadRequest(429, "RATE_LIMITED", f"Try again in {seconds} seconds.", retry_after=seconds)
