"""The audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text

from ..access import APPEND_ONLY, Access
from ..columns import JSON, Row, column, identifier, key, moment, reference, tenant
from ..personal import Personal, Stays

_TRAIL = "What was done stays, by ids without names."


class AuditEventRow(Row, table=True):
    """Append-only: the app's role may insert and read, nothing else."""

    __tablename__ = "audit_event"
    __access__ = Access(app=APPEND_ONLY)
    __personal__ = Personal(
        {"actor_id": Stays(_TRAIL), "subject_id": Stays(_TRAIL)},
        columns=("at", "action", "details"),
        why="Every decision leaves an event, which is never altered (rule 25a).",
        unmoved="Events are never altered (rule 25a): those of both records are found under their ids.",
    )
    # no foreign key to the trust: its check would lock the trust's row with every write; row-level security fixes it
    __table_args__ = (key(), Index(None, "trust_id", "subject_id"))
    trust_id: UUID = tenant()
    id: UUID = identifier(ordered=False)
    at: datetime = moment(default="app_now()")
    actor_id: UUID | None = reference(null=True)
    action: str = column(Text)  # of the domain's closed list; no check, which every new action would rebuild
    subject_id: UUID = reference()
    details: dict[str, Any] = column(JSON, default="'{}'")
