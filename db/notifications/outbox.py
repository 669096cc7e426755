"""The outbox, as the worker sees it."""

from dataclasses import dataclass
from uuid import UUID

from ..connection import Pool

MOST_TRIES = 10


@dataclass(frozen=True, slots=True)
class Mail:
    id: UUID
    recipient: str
    subject: str
    body: str
    html: str | None


async def claim(worker: Pool, most: int = 20) -> list[Mail]:
    """Mails that are due, each claimed for a minute: a worker that dies leaves them to the next one."""
    rows = await worker.fetch(
        "update outbox set try_at = app_now() + interval '1 minute', tries = tries + 1 where (trust_id, id) in"
        " (select trust_id, id from outbox where sent_at is null and try_at <= app_now() and tries < $2"
        "  order by try_at limit $1 for update skip locked) returning id, recipient, subject, body, html",
        most,
        MOST_TRIES,
    )
    return [Mail(**row) for row in rows]


async def sent(worker: Pool, mail_id: UUID) -> None:
    """Notes that it left, and forgets what it said."""
    await worker.execute(
        "update outbox set sent_at = app_now(), body = null, html = null, failure = null where id = $1", mail_id
    )


async def failed(worker: Pool, mail_id: UUID, failure: str) -> None:
    """Tries again later, each time twice as late. `failure` names the kind of failure only."""
    await worker.execute(
        "update outbox set try_at = app_now() + interval '5 seconds' * power(2, tries), failure = $2 where id = $1",
        mail_id,
        failure,
    )


async def given_up(worker: Pool, mail_id: UUID, failure: str) -> None:
    """Will not be tried again; its text is forgotten."""
    await worker.execute(
        "update outbox set tries = $3, body = null, html = null, failure = $2 where id = $1",
        mail_id,
        failure,
        MOST_TRIES,
    )


async def purge(worker: Pool) -> None:
    """Forgets answers kept for retries, codes nobody can use any more, and mails after 90 days (7 where undeliverable)."""
    await worker.execute("delete from idempotency_key where used_at < app_now() - interval '2 days'")
    await worker.execute(
        "delete from outbox where sent_at < app_now() - interval '90 days'"
        " or (sent_at is null and tries >= $1 and try_at < app_now() - interval '7 days')",
        MOST_TRIES,
    )
    await worker.execute("delete from sign_in_challenge where expires_at < app_now() - interval '1 hour'")
