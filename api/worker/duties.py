"""What the passing of a day brings."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from uuid import UUID

from actions.intake.jobs import abandon_unused
from actions.membership.lifecycle import keep_register
from db.clock import legal_today
from db.connection import Pool
from db.identity.viewers import trusts_by_slug
from db.privacy.retention import forget_overdue
from db.transactions import Transactions

from .supervision import Failures

log = logging.getLogger("folkmoot.worker")


def duties_of_a_day(worker: Pool, app: Pool, trust_id: UUID) -> Mapping[str, Callable[[], Awaitable[dict[str, int]]]]:
    """What the passing of a day does to a trust: to members, to imports, and to what is kept too long; each says how many of what."""
    return {
        "keeping the register": partial(keep_register, Transactions(app), trust_id),
        "abandoning imports": partial(Transactions(app).run, trust_id, abandon_unused),
        "forgetting": partial(forget_overdue, Transactions(worker), trust_id),
    }


class Days:
    """Does the duties of each day once; after a start also those of today, where what was done finds nothing to do."""

    def __init__(self, worker: Pool, app: Pool) -> None:
        self._worker, self._app = worker, app
        self._done_on: dict[tuple[str, str], date] = {}

    async def look(self, failures: Failures) -> None:
        today = await legal_today(self._app)
        for slug, trust_id in (await trusts_by_slug(self._app)).items():
            for doing, duty in duties_of_a_day(self._worker, self._app, trust_id).items():
                if self._done_on.get((slug, doing)) == today or failures.rest(trust=slug, doing=doing):
                    continue
                with failures.counted(trust=slug, doing=doing):
                    done = await duty()
                    self._done_on[slug, doing] = today
                    if any(done.values()):
                        log.info({"trust": slug, **done})
