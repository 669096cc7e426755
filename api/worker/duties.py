"""What the passing of a day brings."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

from actions.membership.lifecycle import keep_register
from db.connection import Pool
from db.identity.viewers import trusts_by_slug
from db.privacy.retention import forget_overdue
from db.transactions import Transactions

from .trouble import apart

log = logging.getLogger("folkmoot.worker")


def duties_of_a_day(worker: Pool, app: Pool, trust_id: UUID) -> Mapping[str, Callable[[], Awaitable[dict[str, int]]]]:
    """What the passing of a day does to a trust: to members, and to what is kept too long; each says how many of what."""
    return {
        "keeping the register": partial(keep_register, Transactions(app), trust_id),
        "forgetting": partial(Transactions(worker).run, trust_id, forget_overdue),
    }


async def pass_the_day(worker: Pool, app: Pool) -> None:
    """The duties of a day, trust by trust."""
    for slug, trust_id in (await trusts_by_slug(app)).items():
        for doing, duty in duties_of_a_day(worker, app, trust_id).items():
            with apart(doing, trust=slug):
                done = await duty()
                if any(done.values()):
                    log.info({"trust": slug, **done})
