"""People, their relationships and the register."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Integer, PrimaryKeyConstraint, Text, text

from domain.governance.qualification import RelationshipKind
from domain.members.membership import OPEN_STATUSES, MembershipStatus
from domain.members.relationships import RelationshipSource

from ..columns import Row, belongs_to_trust, column, identifier, key, moment, one_of, points_to, reference, tenant

_OPEN = ", ".join(sorted(f"'{status.value}'" for status in OPEN_STATUSES))


class PersonRow(Row, table=True):
    """A human being known to one trust. Two people may share a mailbox."""

    __tablename__ = "person"
    __table_args__ = (
        key(),
        belongs_to_trust(),
        Index(None, "trust_id", "email"),
        Index("person_name_idx", "trust_id", "family_name", "given_name", "id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    given_name: str = column(Text)
    family_name: str = column(Text)
    email: str | None = column(Text, null=True)
    date_of_birth: date | None = column(Date, null=True)
    created_at: datetime = moment(default="now()")


class RelationshipRow(Row, table=True):
    """A dated fact about a person; `until` is the first day it no longer holds."""

    __tablename__ = "relationship"
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("school", "school_id"),
        one_of("kind", RelationshipKind),
        one_of("source", RelationshipSource),
        Index(None, "trust_id", "person_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID = reference()
    school_id: UUID | None = reference(null=True)
    kind: str = column(Text)
    since: date = column(Date)
    until: date | None = column(Date, null=True)
    source: str = column(Text)


class MembershipRow(Row, table=True):
    """An application and what became of it. It is on the register once it has a number (Companies Act 2006 s.113)."""

    __tablename__ = "membership"
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("constituency", "constituency_id"),
        points_to("school", "school_id"),
        one_of("status", MembershipStatus),
        CheckConstraint("(number is null) = (registered_on is null)", name="registered"),
        CheckConstraint("(status in ('ADMITTED', 'RESIGNED')) = (number is not null)", name="numbered"),
        CheckConstraint("(status = 'RESIGNED') = (ceased_on is not null)", name="ceased"),
        # one open membership per person and trust (domain rule 3); also what settles two applications at once
        Index(
            "membership_open_key", "trust_id", "person_id", unique=True, postgresql_where=text(f"status in ({_OPEN})")
        ),
        Index("membership_number_key", "trust_id", "number", unique=True, postgresql_where=text("number is not null")),
        Index(None, "trust_id", "person_id"),
        Index(None, "trust_id", "school_id", "id"),
        Index(None, "trust_id", "constituency_id", "id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID = reference()
    constituency_id: UUID = reference()
    school_id: UUID | None = reference(null=True)
    status: str = column(Text)
    service_address: str = column(Text)
    ruleset_version: int = column(Integer)
    applied_at: datetime = moment(default="now()")
    number: int | None = column(BigInteger, null=True)
    registered_on: date | None = column(Date, null=True)
    ceased_on: date | None = column(Date, null=True)


class MembershipTransitionRow(Row, table=True):
    """Append-only: every change of a membership's status, by whom, when, why and under which rules."""

    __tablename__ = "membership_transition"
    __table_args__ = (
        key(),
        points_to("membership", "membership_id"),
        points_to("person", "actor_id"),
        one_of("status", MembershipStatus),
        Index(None, "trust_id", "membership_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    membership_id: UUID = reference()
    status: str = column(Text)
    actor_id: UUID = reference()
    at: datetime = moment(default="now()")
    reason: str | None = column(Text, null=True)
    ruleset_version: int = column(Integer)


class RegisterNumberRow(Row, table=True):
    """The next number of a trust's register; its row lock keeps the numbers without gaps."""

    __tablename__ = "register_number"
    __table_args__ = (PrimaryKeyConstraint("trust_id"), belongs_to_trust())
    trust_id: UUID = tenant()
    next_number: int = column(BigInteger, default="1")
