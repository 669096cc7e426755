"""One write: a transaction of one trust, with its clock, its audit trail and its outbox."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from domain.audit.events import AuditAction
from domain.governance.rulesets import Ruleset
from domain.notifications.mail import priority_of

from .connection import RETRIED, Connection, Pool

Result = TypeVar("Result")


MOST_TRIES = 5
MANY = 1_000


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to queue. A notice and its mail share their id."""

    recipient: str
    subject: str
    body: str
    html: str | None = None
    notice_id: UUID | None = None


class Transaction:
    """What an action may use. Never shared between two actions."""

    def __init__(self, connection: Connection, trust_id: UUID) -> None:
        self.connection = connection
        self.trust_id = trust_id
        self._now: datetime | None = None
        self._today: date | None = None
        self.rulesets: dict[int, Ruleset] = {}  # by version, as db/governance/rulesets.py has parsed them
        self.ruleset_today: Ruleset | None = None
        self.signed_out: set[UUID] = set()  # people and partners' apps whose sessions and tokens this ends

    async def now(self) -> datetime:
        """The database's clock, which stands still within one transaction."""
        if self._now is None:
            await self._read_clock()
        assert self._now is not None
        return self._now

    async def today(self) -> date:
        """The day in England: a day of law begins at midnight there."""
        if self._today is None:
            await self._read_clock()
        assert self._today is not None
        return self._today

    async def _read_clock(self) -> None:
        self._now, self._today = await self.connection.fetchrow("select app_now(), legal_today()")

    async def row(self, statement: str, *values: object) -> Mapping[str, Any] | None:
        return await self.connection.fetchrow(statement, *values)  # type: ignore[no-any-return]

    async def rows(self, statement: str, *values: object) -> list[Mapping[str, Any]]:
        return await self.connection.fetch(statement, *values)  # type: ignore[no-any-return]

    async def value(self, statement: str, *values: object) -> Any:
        return await self.connection.fetchval(statement, *values)

    async def stream(self, statement: str, *values: object) -> AsyncIterator[Mapping[str, Any]]:
        """The rows, fetched some hundred at a time: however many there are, little memory is held."""
        async for row in self.connection.cursor(statement, *values, prefetch=500):
            yield row

    async def run(self, statement: str, *values: object) -> None:
        await self.connection.execute(statement, *values)

    async def run_many(self, statement: str, values: list[tuple[object, ...]]) -> None:
        """The statement for each of the values, a thousand at a time: the time limit of a statement is for so many."""
        for first in range(0, len(values), MANY):
            await self.connection.executemany(statement, values[first : first + MANY])

    async def hold(self, name: str) -> None:
        """Takes a name of this trust until the transaction ends: whoever else wants it waits."""
        await self.run("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{self.trust_id} {name}")

    async def share(self, name: str) -> None:
        """Takes a name beside others who share it: whoever wants to hold it waits until all of them have ended."""
        await self.run("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", f"{self.trust_id} {name}")

    async def new_ids(self, count: int) -> list[UUID]:
        """Ids in their order, for rows that others are to name before they are stored."""
        return [row["id"] for row in await self.rows("select uuidv7() as id from generate_series(1, $1::int)", count)]

    async def add(self, table: str, values: Mapping[str, object]) -> UUID:
        """Adds one row with the columns named in `values`, as `change` would set them. Its id."""
        named = "".join(f', "{name}"' for name in values)
        bound = "".join(f", ${index}" for index, _ in enumerate(values, start=2))
        row_id: UUID = await self.value(
            f'insert into "{table}" (trust_id{named}) values ($1{bound}) returning id', self.trust_id, *values.values()
        )
        return row_id

    async def change(self, table: str, row_id: UUID, values: Mapping[str, object]) -> None:
        """Sets the columns named in `values` of one row. Table and columns are named by our code, never by a client."""
        assigned = ", ".join(f'"{name}" = ${index}' for index, name in enumerate(values, start=3))
        await self.run(
            f'update "{table}" set {assigned} where trust_id = $1 and id = $2', self.trust_id, row_id, *values.values()
        )

    async def audit(self, action: AuditAction, subject_id: UUID, actor_id: UUID | None, **details: object) -> None:
        """Appends what happened. `details` are ids, codes and numbers, never names."""
        await self.audit_many(action, actor_id, [(subject_id, details)])

    async def audit_many(
        self, action: AuditAction, actor_id: UUID | None, subjects: Iterable[tuple[UUID, Mapping[str, object]]]
    ) -> None:
        """Appends the same of many subjects, each with its details."""
        await self.run_many(
            "insert into audit_event (trust_id, action, subject_id, actor_id, details) values ($1, $2, $3, $4, $5)",
            [
                (self.trust_id, action.value, subject_id, actor_id, json.dumps(details, default=str))
                for subject_id, details in subjects
            ],
        )

    async def queue_mail(self, recipient: str, subject: str, body: str) -> None:
        """Puts a mail in the outbox; it leaves only if this transaction commits."""
        await self.queue_mails([NewMail(recipient, subject, body)])

    async def queue_mails(self, mails: Iterable[NewMail]) -> None:
        """The same of many."""
        await self.run_many(
            "insert into outbox (trust_id, id, priority, recipient, subject, body, html)"
            " values ($1, coalesce($2, uuidv7()), $3, $4, $5, $6, $7)",
            [
                (
                    self.trust_id,
                    each.notice_id,
                    priority_of(is_notice=each.notice_id is not None),
                    each.recipient,
                    each.subject,
                    each.body,
                    each.html,
                )
                for each in mails
            ],
        )


class Transactions:
    """Opens write transactions on a pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.when_signed_out: Callable[[UUID, UUID], None] | None = None  # told of trust and who, after the commit

    async def run(self, trust_id: UUID, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Runs `action` in one transaction of the trust; whatever it raises undoes everything.

        Tries again, at most five times, where PostgreSQL found two transactions in each other's way.
        """
        for tries in range(1, MOST_TRIES + 1):
            try:
                return await self._once(trust_id, action)
            except RETRIED:
                if tries == MOST_TRIES:
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.05) * tries)
        raise AssertionError("unreachable")

    async def _once(self, trust_id: UUID, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
        async with self._pool.acquire() as connection:
            try:
                # one round trip; a UUID object prints as nothing but hexadecimal digits and dashes
                await connection.execute(f"begin; set local app.trust = '{trust_id}'")
                transaction = Transaction(connection, trust_id)
                result = await action(transaction)
                await connection.execute("commit")
            except BaseException:
                await _undo(connection)
                raise
        if self.when_signed_out is not None:
            for each in transaction.signed_out:
                self.when_signed_out(trust_id, each)
        return result


async def _undo(connection: Connection) -> None:
    """Rolls back, whatever state an error or a caller who went away has left; a connection that can't is closed."""
    try:
        await connection.execute("rollback", timeout=2)
    except Exception:  # nothing of this connection can be trusted any more, and PostgreSQL undoes what it left
        connection.terminate()
