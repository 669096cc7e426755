"""Mails to send."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, Text, text

from ..columns import Row, belongs_to_trust, column, identifier, key, moment, tenant


class OutboxRow(Row, table=True):
    """Queued in the transaction that causes it, sent by the worker; the body is forgotten once it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        key(),
        belongs_to_trust(),
        Index("outbox_waiting_idx", "try_at", postgresql_where=text("sent_at is null")),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    recipient: str = column(Text)
    subject: str = column(Text)
    body: str | None = column(Text, null=True)
    queued_at: datetime = moment(default="now()")
    try_at: datetime = moment(default="now()")
    tries: int = column(Integer, default="0")
    sent_at: datetime | None = moment(null=True)
    failure: str | None = column(Text, null=True)
