"""The statutory register and requests to inspect it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from domain.governance.rulesets import RecordType
from domain.register.inspections import InspectionDecision
from domain.register.lines import RegisterChange

from ..access import APPEND_ONLY, READ_WRITE, Access
from ..columns import (
    Row,
    belongs_to_trust,
    column,
    identifier,
    key,
    moment,
    one_of,
    points_to,
    reference,
    tenant,
)
from ..personal import Changed, NoPerson, Personal, Stays, Time

_PARTICULARS_GONE = Changed({"name": "''", "service_address": "''"})


class RegisterLineRow(Row, table=True):
    """Append-only: a register entry as it stood after one change. The register is the last line of each number.

    `changed_on` is the day of law, `entered_at` the moment it was written (Companies Act 2006 ss.113 and 113A).
    """

    __tablename__ = "register_line"
    __access__ = Access(app=APPEND_ONLY, worker="select (trust_id, membership_id), update (name, service_address)")
    __personal__ = Personal(
        {"membership_id": Stays("What is on the register stays until its time is over (rule 5g).")},
        columns=(
            *("number", "name", "service_address", "constituency_id", "is_company_member", "registered_on"),
            *("ceased_on", "change", "changed_on", "entered_at"),
        ),
        why="The register of members, as it stood at any moment (Companies Act 2006 ss.113 and 121).",
        times=(
            Time(RecordType.FORMER_MEMBER, "after membership ceased", with_its="membership_id", then=_PARTICULARS_GONE),
        ),
        officers=("actor_id",),
    )
    __table_args__ = (
        key(),
        points_to("membership", "membership_id"),
        points_to("constituency", "constituency_id"),
        points_to("person", "actor_id"),
        one_of("change", RegisterChange),
        UniqueConstraint("trust_id", "membership_id", "line"),
        Index(None, "trust_id", "number", "line"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    membership_id: UUID = reference()
    line: int = column(Integer)
    change: str = column(Text)
    number: int = column(BigInteger)
    name: str = column(Text)
    service_address: str = column(Text)
    constituency_id: UUID = reference()
    is_company_member: bool = column(Boolean)
    guarantee_pence: int = column(Integer)
    share_pence: int = column(Integer)
    registered_on: date = column(Date)
    ceased_on: date | None = column(Date, null=True)
    changed_on: date = column(Date)
    entered_at: datetime = moment(default="app_now()")
    actor_id: UUID | None = reference(null=True)


class RegisterNumberRow(Row, table=True):
    """The next number of a trust's register; its row lock keeps the numbers without gaps."""

    __tablename__ = "register_number"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("The next number of the register.")
    __table_args__ = (PrimaryKeyConstraint("trust_id"), belongs_to_trust())
    trust_id: UUID = tenant()
    next_number: int = column(BigInteger, default="1")


class InspectionRequestRow(Row, table=True):
    """A request to inspect the register (Companies Act 2006 s.116) and how it was answered."""

    __tablename__ = "inspection_request"
    __access__ = Access(app=READ_WRITE, worker="select (trust_id, answered_on), delete")
    __personal__ = Personal(
        {"person_id": Changed({"name": "''", "address": "''", "email": "null"})},
        columns=(
            *("name", "address", "email", "purpose", "onward_disclosure"),
            *("decision", "note", "asked_on", "answered_on"),
        ),
        why="To whom the register was shown, and what for (rule 5f).",
        times=(Time(RecordType.INSPECTION_REQUEST, "after its answer", "t.answered_on < {day}"),),
        officers=("answered_by_id",),
    )
    __table_args__ = (
        key(),
        belongs_to_trust(),
        points_to("person", "person_id"),
        points_to("person", "answered_by_id"),
        one_of("decision", InspectionDecision),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID | None = reference(null=True)  # who is signed in; anybody may ask
    name: str = column(Text)
    address: str = column(Text)
    email: str | None = column(Text, null=True)  # the mailbox of whoever asks, which may be nobody's on record
    purpose: str = column(Text)
    onward_disclosure: str = column(Text)
    asked_on: date = column(Date)
    due_on: date = column(Date)
    decision: str | None = column(Text, null=True)
    note: str | None = column(Text, null=True)
    answered_on: date | None = column(Date, null=True)
    answered_by_id: UUID | None = reference(null=True)
