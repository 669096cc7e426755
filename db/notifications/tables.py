"""Mails to send, and the record of what people were told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, text

from domain.governance.rulesets import RecordType
from domain.notifications.mail import MOST_TRIES
from domain.notifications.notice import NoticeChannel, NoticeKind

from ..access import READ_WRITE, Access
from ..columns import Row, belongs_to_trust, column, identifier, key, moment, one_of, points_to, reference, tenant
from ..personal import Changed, Personal, Time

TO_PRINT = "channel = 'PRINT' and dispatched_at is null and withdrawn_at is null"  # of a notice
IS_WAITING = f"sent_at is null and tries < {MOST_TRIES}"  # of the outbox; with its number, or no index answers to it


class OutboxRow(Row, table=True):
    """Queued in the transaction that causes it, sent by the worker; the body is forgotten once it is sent."""

    __tablename__ = "outbox"
    __access__ = Access(app="insert", worker="select, update, delete")
    __personal__ = Personal(
        {},
        columns=("recipient", "subject", "body", "html", "failure", "sent_at"),
        why="To send the mail, and to show that it left (rule 21c); it is to a mailbox and says of no person whose.",
        times=(
            Time("90 days", "after it left", "t.sent_at < {moment}"),
            Time(
                "7 days",
                "after the last try, where it never left",
                f"t.sent_at is null and t.tries >= {MOST_TRIES} and t.try_at < {{moment}}",
            ),
        ),
    )
    __table_args__ = (
        key(),
        belongs_to_trust(),
        Index("outbox_waiting_idx", "trust_id", "priority", "try_at", postgresql_where=text(IS_WAITING)),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    priority: int = column(Integer)  # MailPriority
    recipient: str = column(Text)
    subject: str = column(Text)
    body: str | None = column(Text, null=True)
    html: str | None = column(Text, null=True)
    queued_at: datetime = moment(default="app_now()")
    try_at: datetime = moment(default="app_now()")
    tries: int = column(Integer, default="0")
    sent_at: datetime | None = moment(null=True)
    failure: str | None = column(Text, null=True)


class NoticeRow(Row, table=True):
    """What somebody was told, how, and whether it left and came back. By e-mail it is the mail of the same id. A letter that
    is no longer true before it leaves is withdrawn: its text goes, and it is never printed."""

    __tablename__ = "notice"
    __access__ = Access(
        app=READ_WRITE,
        worker="select (trust_id, id, dispatched_at, bounced_at, body),"
        " update (dispatched_at, bounced_at, bounce, body)",
    )
    __personal__ = Personal(
        {
            "person_id": Changed(
                {
                    "body": "null",
                    "bounce": "null",
                    "withdrawn_at": f"case when {TO_PRINT} then :now else t.withdrawn_at end",
                }
            )
        },
        columns=(
            *("kind", "language", "subject", "body"),
            *("queued_at", "dispatched_at", "withdrawn_at", "bounced_at", "bounce"),
        ),
        why="That somebody was told in time, for good; what it said, until it can no longer be disputed (rule 21c).",
        times=(
            Time(
                RecordType.NOTICE_TEXT,
                "after it left",
                "t.body is not null and t.dispatched_at < {midnight}",
                then=Changed({"body": "null"}),
            ),
        ),
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("membership", "membership_id"),
        one_of("kind", NoticeKind),
        one_of("channel", NoticeChannel),
        CheckConstraint("dispatched_at is null or withdrawn_at is null", name="left_or_withdrawn"),
        Index(None, "trust_id", "person_id"),
        Index(None, "trust_id", "membership_id"),
        Index(
            "notice_to_print_idx",
            "trust_id",
            "id",
            postgresql_where=text(TO_PRINT),
        ),
        Index("notice_bounced_idx", "trust_id", "id", postgresql_where=text("bounced_at is not null")),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    kind: str = column(Text)
    channel: str = column(Text)
    person_id: UUID = reference()
    membership_id: UUID | None = reference(null=True)
    language: str = column(Text)
    subject: str = column(Text)
    body: str | None = column(Text, null=True)  # forgotten after its time
    queued_at: datetime = moment(default="app_now()")
    dispatched_at: datetime | None = moment(null=True)
    withdrawn_at: datetime | None = moment(null=True)
    bounced_at: datetime | None = moment(null=True)
    bounce: str | None = column(Text, null=True)
