"""The record of what people were told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.notifications.notice import NoticeChannel, NoticeKind

from ..connection import Pool
from ..transactions import Transaction
from .tables import TO_PRINT


@dataclass(frozen=True, slots=True)
class WordedNotice:
    """A notice to `person_id` in the words it will have."""

    id: UUID
    kind: NoticeKind
    channel: NoticeChannel
    person_id: UUID
    membership_id: UUID | None
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice to print. `address` is empty where none is known; `school_id` is of the membership it is about."""

    person_id: UUID
    name: str
    address: str
    school_id: UUID | None
    subject: str
    body: str


async def trust_name(transaction: Transaction) -> str:
    name: str = await transaction.value("select name from trust where id = $1", transaction.trust_id)
    return name


async def add_notices(transaction: Transaction, notices: Iterable[WordedNotice]) -> None:
    await transaction.run_many(
        "insert into notice (trust_id, id, kind, channel, person_id, membership_id, language, subject, body)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            (
                transaction.trust_id,
                each.id,
                each.kind.value,
                each.channel.value,
                each.person_id,
                each.membership_id,
                each.language,
                each.subject,
                each.body,
            )
            for each in notices
        ],
    )


async def dispatch_letters(transaction: Transaction, most: int) -> datetime | None:
    """Marks the oldest notices that wait for paper as dispatched, all at one moment, by which letters_of finds them
    again; None where none waits."""
    moment: datetime | None = await transaction.value(
        f"with batch as (select id from notice where trust_id = $1 and {TO_PRINT}"
        " order by id limit $2 for update skip locked), marked as (update notice n set dispatched_at = app_now() from batch"
        " where n.trust_id = $1 and n.id = batch.id returning n.dispatched_at) select max(dispatched_at) from marked",
        transaction.trust_id,
        most,
    )
    return moment


async def last_batch(transaction: Transaction) -> datetime | None:
    """When the last batch of letters was dispatched."""
    moment: datetime | None = await transaction.value(
        "select max(dispatched_at) from notice where trust_id = $1 and channel = 'PRINT'", transaction.trust_id
    )
    return moment


async def letters_of(transaction: Transaction, dispatched_at: datetime) -> Sequence[Letter]:
    """The letters of the batch, but for those whose text is forgotten; addressed to the people themselves."""
    rows = await transaction.rows(
        "select n.person_id, p.given_name || ' ' || p.family_name as name, m.school_id, n.subject, n.body,"
        " coalesce(p.contact_address, m.service_address, '') as address"
        " from notice n join person p on p.trust_id = $1 and p.id = n.person_id"
        " left join membership m on m.trust_id = $1 and m.id = n.membership_id"
        " where n.trust_id = $1 and n.channel = 'PRINT' and n.dispatched_at = $2 and n.body is not null order by n.id",
        transaction.trust_id,
        dispatched_at,
    )
    return [Letter(**row) for row in rows]


async def withdraw_about(transaction: Transaction, memberships: Sequence[UUID], kinds: Iterable[NoticeKind]) -> None:
    """Letters of these kinds about the memberships that have not left will not. Waits for a batch that is being made."""
    await transaction.run(
        "update notice set withdrawn_at = app_now(), body = null where trust_id = $1 and membership_id = any($2)"
        f" and kind = any($3) and {TO_PRINT}",
        transaction.trust_id,
        memberships,
        [kind.value for kind in kinds],
    )


async def withdraw_about_person(transaction: Transaction, person_id: UUID, kinds: Iterable[NoticeKind]) -> None:
    """As withdraw_about, of the letters about the person: about their memberships, or to them about no membership."""
    await transaction.run(
        "update notice n set withdrawn_at = app_now(), body = null where trust_id = $1 and kind = any($3) and"
        f" {TO_PRINT} and (n.membership_id is null and n.person_id = $2 or exists (select from membership m"
        " where m.trust_id = $1 and m.id = n.membership_id and m.person_id = $2))",
        transaction.trust_id,
        person_id,
        [kind.value for kind in kinds],
    )


async def last_told(transaction: Transaction, membership_id: UUID, kinds: Iterable[NoticeKind]) -> NoticeKind | None:
    """Of which of these kinds the last notice about the membership is that was not withdrawn and did not come back; what
    is queued as a mail counts as told."""
    kind: str | None = await transaction.value(
        "select kind from notice where trust_id = $1 and membership_id = $2 and kind = any($3) and withdrawn_at is null"
        " and bounced_at is null order by queued_at desc, id desc limit 1",
        transaction.trust_id,
        membership_id,
        [kind.value for kind in kinds],
    )
    return None if kind is None else NoticeKind.named(kind)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a notice has come."""

    has_left: bool
    came_back: bool


async def delivery_for_update(transaction: Transaction, notice_id: UUID) -> Delivery | None:
    """How far the notice has come, with the notice locked; None where there is none."""
    row = await transaction.row(
        "select dispatched_at is not null as has_left, bounced_at is not null as came_back from notice"
        " where trust_id = $1 and id = $2 for no key update",
        transaction.trust_id,
        notice_id,
    )
    return None if row is None else Delivery(**row)


async def dispatched(worker: Pool, trust_id: UUID, notice_id: UUID) -> None:
    """The mail has left. Does nothing for a mail that is no notice."""
    await worker.execute(
        "update notice set dispatched_at = app_now() where trust_id = $1 and id = $2 and dispatched_at is null",
        trust_id,
        notice_id,
    )


async def bounced(worker: Pool, trust_id: UUID, notice_id: UUID, why: str) -> bool:
    """The mail came back, or was turned away for good; False where it was no notice of ours."""
    status: str = await worker.execute(
        "update notice set bounced_at = app_now(), bounce = $3 where trust_id = $1 and id = $2 and bounced_at is null",
        trust_id,
        notice_id,
        why,
    )
    return status != "UPDATE 0"
