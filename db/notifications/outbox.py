"""The outbox, as the worker sees it: trust by trust, so that every statement belongs to one shard."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.notifications.mail import MOST_TRIES

from ..connection import Pool
from .tables import IS_WAITING

FIRST_DELAY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to send. `tries` counts this one."""

    trust_id: UUID
    id: UUID
    tries: int
    recipient: str
    subject: str
    body: str
    html: str | None


async def claim(worker: Pool, trust_id: UUID) -> Mail | None:
    """The mail that is due first, by priority, claimed for a minute: a worker that dies leaves it to the next one."""
    row = await worker.fetchrow(
        f"with due as (select id from outbox where trust_id = $1 and {IS_WAITING} and try_at <= app_now()"
        "  order by priority, try_at limit 1 for update skip locked)"
        " update outbox o set try_at = app_now() + interval '1 minute', tries = tries + 1 from due"
        " where o.trust_id = $1 and o.id = due.id returning o.trust_id, o.id, tries, recipient, subject, body, html",
        trust_id,
    )
    return None if row is None else Mail(**row)


async def sent(worker: Pool, mail: Mail) -> None:
    """Notes that it left, and forgets what it said."""
    await worker.execute(
        "update outbox set sent_at = app_now(), body = null, html = null, failure = null where trust_id = $1 and id = $2",
        mail.trust_id,
        mail.id,
    )


async def failed(worker: Pool, mail: Mail, failure: str) -> None:
    """Tries again later, each time twice as late. `failure` names the kind of failure only."""
    await worker.execute(
        "update outbox set try_at = app_now() + $3::interval, failure = $4 where trust_id = $1 and id = $2",
        mail.trust_id,
        mail.id,
        FIRST_DELAY * 2**mail.tries,
        failure,
    )


async def given_up(worker: Pool, mail: Mail, failure: str) -> None:
    """Will not be tried again; its text is forgotten."""
    await worker.execute(
        "update outbox set tries = $3, body = null, html = null, failure = $4 where trust_id = $1 and id = $2",
        mail.trust_id,
        mail.id,
        MOST_TRIES,
        failure,
    )
