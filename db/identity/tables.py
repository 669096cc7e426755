"""Sign-in codes, sessions and roles. Secrets are stored as hashes only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, Text, UniqueConstraint, text

from domain.governance.rulesets import RecordType
from domain.identity.viewer import Role

from ..access import APPEND_ONLY, READ_WRITE, Access
from ..columns import JSON, Row, belongs_to_trust, column, identifier, key, moment, one_of, points_to, reference, tenant
from ..personal import Changed, Personal, Time


class SignInChallengeRow(Row, table=True):
    """A code that was sent; `id` is the random handle only the asking session knows."""

    __tablename__ = "sign_in_challenge"
    __access__ = Access(app=READ_WRITE, worker="select (trust_id, expires_at), delete")
    __personal__ = Personal(
        {},
        columns=("email", "network", "code_hash", "created_at"),
        why="To sign in with; until then nobody knows whose mailbox it is.",
        times=(Time("1 hour", "after it expires", "t.expires_at < {moment}"),),
    )
    __table_args__ = (
        key(),
        belongs_to_trust(),
        Index(None, "trust_id", "email", "created_at"),
        Index(None, "trust_id", "network", "created_at"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier(ordered=False)
    email: str = column(Text)
    code_hash: str = column(Text)
    network: str = column(Text)
    created_at: datetime = moment(default="app_now()")
    expires_at: datetime = moment()
    tries: int = column(Integer, default="0")
    used: bool = column(Boolean, default="false")


class SessionRow(Row, table=True):
    __tablename__ = "session"
    __access__ = Access(app=READ_WRITE, worker="select (trust_id, id, expires_at, ended_at), delete")
    __personal__ = Personal(
        {"person_id": Changed({"email": "''", "ended_at": "coalesce(t.ended_at, :now)"})},
        columns=("email", "started_at", "last_used_at", "expires_at", "ended_at"),
        why="To be signed in, and to see afterwards who was.",
        times=(Time(RecordType.ENDED_SESSION, "after its end", "least(t.ended_at, t.expires_at) < {midnight}"),),
        hidden=("token_hash",),
        unmoved="Who signed in, by which mailbox, stays to be seen; the sessions are over.",
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        UniqueConstraint("trust_id", "token_hash"),
        Index(None, "trust_id", "person_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier(ordered=False)
    token_hash: str = column(Text)
    email: str = column(Text)
    person_id: UUID | None = reference(null=True)
    started_at: datetime = moment(default="app_now()")
    last_used_at: datetime = moment(default="app_now()")
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(null=True)


class RoleGrantRow(Row, table=True):
    __tablename__ = "role_grant"
    __access__ = Access(app=READ_WRITE)
    __personal__ = Personal(
        {"person_id": Changed({"ended_at": "coalesce(t.ended_at, :now)"})},
        columns=("role", "granted_at", "ended_at"),
        why="Who was entitled to act for the trust, as the audit trail needs it (rule 25a).",
        unmoved="An office is given by whoever may grant it (rule 17d): nobody comes by one when records become one.",
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        one_of("role", Role),
        Index(
            "role_grant_held_key",
            "trust_id",
            "person_id",
            "role",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID = reference()
    role: str = column(Text)
    granted_at: datetime = moment(default="app_now()")
    ended_at: datetime | None = moment(null=True)


class IdempotencyKeyRow(Row, table=True):
    """The answer a mutation gave under a key, stored in the same transaction as what it did."""

    __tablename__ = "idempotency_key"
    __access__ = Access(app=APPEND_ONLY, worker="select (trust_id, used_at), delete")
    __personal__ = Personal(
        {},
        columns=("caller", "idempotency_key", "mutation", "answer"),
        why="So that a request sent twice is done once; it says which session asked, in ids alone.",
        times=(Time("2 days", "after its day", "t.used_at < {moment}"),),
    )
    __table_args__ = (key("caller", "idempotency_key"), belongs_to_trust())
    trust_id: UUID = tenant()
    caller: str = column(Text)
    idempotency_key: str = column(Text)
    mutation: str = column(Text)
    answer: dict[str, Any] = column(JSON)
    used_at: datetime = moment(default="date_trunc('day', app_now())")  # no finer: a vote may be behind it
