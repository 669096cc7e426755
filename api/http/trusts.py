"""Which trust an address is about."""

import time
from uuid import UUID

from db.connection import Pool
from db.identity.viewers import trusts_by_slug

from .time_limits import TimeLimit

LOOK_AGAIN_AFTER = 5.0  # seconds, for a trust nobody has heard of


class Trusts:
    """The trusts by their part of the address, remembered; one that is loaded while we run is found soon."""

    def __init__(self, pool: Pool, limit: TimeLimit) -> None:
        self._pool, self._limit = pool, limit
        self._known: dict[str, UUID] = {}
        self._look_again_at = 0.0

    async def find(self, slug: str) -> UUID | None:
        """The trust's id. Raises BUSY or UNAVAILABLE where the database can't say."""
        if slug not in self._known and time.monotonic() >= self._look_again_at:
            self._look_again_at = time.monotonic() + LOOK_AGAIN_AFTER
            await self.look()
        return self._known.get(slug)

    async def look(self) -> None:
        """Remembers those that there are."""
        with self._limit():
            self._known = await trusts_by_slug(self._pool)
