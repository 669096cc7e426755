"""Memberships and what is decided about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Index,
    Integer,
    Text,
    text,
)

from domain.governance.rulesets import RecordType
from domain.membership.duties import Duty
from domain.membership.lifecycle import DECLINED, ENDED, NEVER_SENT, MembershipStatus
from domain.membership.removal import OPEN_STAGES, RemovalStage
from domain.privacy.erasure import ERASED

from ..access import APPEND_ONLY, READ_WRITE, WITH_DELETE, WITH_MAINTAIN, Access
from ..columns import (
    Row,
    column,
    folded,
    identifier,
    key,
    listed,
    moment,
    one_of,
    points_to,
    reference,
    tenant,
)
from ..fragments.statuses import OPEN, REGISTERED
from ..personal import Changed, Deleted, Personal, Stays, Time

_DECIDED = "What was decided about a membership stays; it points at nobody named."
_PARTICULARS_GONE = Changed({"name": "''", "service_address": "''", "redacted_on": "legal_today()"})
DRAFTS_TIME = Time(
    RecordType.DRAFT_APPLICATION,
    "after it was begun",
    f"t.status in ({listed(NEVER_SENT)}) and t.applied_at < {{midnight}}",
    then=Stays("It is withdrawn, a step like any other (actions/membership/lifecycle.py), and its time runs as such."),
)


class MembershipRow(Row, table=True):
    """An application and what became of it. It is on the register once it has a number (Companies Act 2006 s.113).

    The holder is a person or an organisation. `name` and `service_address` are what the register says now;
    `register_line` keeps what it said before.
    """

    __tablename__ = "membership"
    __access__ = Access(
        app=WITH_MAINTAIN,
        worker="select (trust_id, id, person_id, organisation_id, status, applied_at, ceased_on, number, redacted_on),"
        " update (name, service_address, redacted_on)",
        search="select (trust_id, id, search_name)",
    )
    __personal__ = Personal(
        {
            "person_id": Changed(
                {"name": f"'{ERASED}'", "service_address": "''", "redacted_on": "legal_today()"},
                only="t.number is null",
                but="What is on the register stays until its time is over (rule 5g).",
            )
        },
        columns=(
            *("name", "service_address", "status", "constituency_id", "school_id", "number"),
            *("applied_at", "registered_on", "ceased_on", "lapses_on", "redacted_on"),
        ),
        why="The register of members (Companies Act 2006 ss.113 and 121), and that somebody applied.",
        times=(
            Time(
                RecordType.REFUSED_APPLICATION,
                "after it was sent, where it was refused or withdrawn",
                f"t.status in ({listed(DECLINED)}) and t.redacted_on is null and t.applied_at < {{midnight}}",
                then=_PARTICULARS_GONE,
            ),
            DRAFTS_TIME,
            Time(
                RecordType.FORMER_MEMBER,
                "after membership ceased",
                "t.number is not null and t.redacted_on is null and t.ceased_on < {day}",
                then=_PARTICULARS_GONE,
            ),
        ),
        hidden=("search_name",),
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("organisation", "organisation_id"),
        points_to("constituency", "constituency_id"),
        points_to("school", "school_id"),
        points_to("membership", "converted_from_id"),
        one_of("status", MembershipStatus),
        CheckConstraint("(person_id is null) <> (organisation_id is null)", name="holder"),
        CheckConstraint("(number is null) = (registered_on is null)", name="registered"),
        CheckConstraint(f"(status in ({REGISTERED})) = (number is not null)", name="numbered"),
        CheckConstraint(f"(status in ({listed(ENDED)})) = (ceased_on is not null)", name="ceased"),
        CheckConstraint(
            f"status = '{MembershipStatus.SUSPENDED}' or (status = '{MembershipStatus.LAPSING}') = (lapses_on is not null)",
            name="lapsing",
        ),
        # one open membership per holder and constituency; that it is one altogether, where the rules say so, is
        # checked under the lock of the holder (rule 3a)
        Index(
            "membership_person_open_key",
            "trust_id",
            "person_id",
            "constituency_id",
            unique=True,
            postgresql_where=text(f"status in ({OPEN})"),
        ),
        Index(
            "membership_organisation_open_key",
            "trust_id",
            "organisation_id",
            "constituency_id",
            unique=True,
            postgresql_where=text(f"status in ({OPEN}) and organisation_id is not null"),
        ),
        Index("membership_number_key", "trust_id", "number", unique=True, postgresql_where=text("number is not null")),
        Index("membership_lapsing_idx", "trust_id", "lapses_on", postgresql_where=text("lapses_on is not null")),
        Index(
            "membership_search_idx",
            "trust_id",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index(None, "trust_id", "person_id"),
        Index(None, "trust_id", "school_id", "id"),
        Index(None, "trust_id", "constituency_id", "id"),
        Index(None, "trust_id", "status", "id"),
        Index(None, "trust_id", "applied_at", "id"),  # in which order lists may be asked for
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID | None = reference(null=True)
    organisation_id: UUID | None = reference(null=True)
    constituency_id: UUID = reference()
    school_id: UUID | None = reference(null=True)
    status: str = column(Text)
    name: str = column(Text)
    service_address: str = column(Text)
    ruleset_version: int = column(Integer)
    applied_at: datetime = moment(default="app_now()")
    number: int | None = column(BigInteger, null=True)
    registered_on: date | None = column(Date, null=True)
    ceased_on: date | None = column(Date, null=True)
    lapses_on: date | None = column(Date, null=True)
    converted_from_id: UUID | None = reference(null=True)
    redacted_on: date | None = column(Date, null=True)  # names and addresses were taken out: their time was over
    search_name: str = folded("name", before="' ' || ")


class MembershipTransitionRow(Row, table=True):
    """Append-only: every change of a membership's status, by whom (nobody: the clock), when, why, under which rules."""

    __tablename__ = "membership_transition"
    __access__ = Access(app=APPEND_ONLY)
    __personal__ = Personal(
        {"membership_id": Stays(_DECIDED)},
        columns=("status", "at", "reason"),
        why="Every step of a membership, its day and its reason (rule 4c).",
        officers=("actor_id",),
    )
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
    actor_id: UUID | None = reference(null=True)
    at: datetime = moment(default="app_now()")
    reason: str | None = column(Text, null=True)
    ruleset_version: int = column(Integer)


class RemovalRow(Row, table=True):
    """The removal of a member, from the proposal to what came of it."""

    __tablename__ = "removal"
    __access__ = Access(app=READ_WRITE)
    __personal__ = Personal(
        {"membership_id": Stays(_DECIDED)},
        columns=(
            *("stage", "ground", "case_stated", "minute", "deciding_body", "votes_for", "votes_against"),
            *("proposed_on", "notice_until", "decided_on"),
            *("appeal_until", "appeal_ground", "appeal_body", "appeal_decided_on"),
        ),
        why="That a removal was fair can be shown (rule 4g).",
        officers=("proposed_by_id",),
    )
    __table_args__ = (
        key(),
        points_to("membership", "membership_id"),
        points_to("person", "proposed_by_id"),
        one_of("stage", RemovalStage),
        Index(
            "removal_open_key",
            "trust_id",
            "membership_id",
            unique=True,
            postgresql_where=text(f"stage in ({listed(OPEN_STAGES)})"),
        ),
        Index(None, "trust_id", "membership_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    membership_id: UUID = reference()
    stage: str = column(Text)
    ground: str = column(Text)
    proposed_by_id: UUID = reference()
    proposed_on: date = column(Date)
    notice_until: date = column(Date)
    case_stated: str | None = column(Text, null=True)
    deciding_body: str | None = column(Text, null=True)
    minute: str | None = column(Text, null=True)
    votes_for: int | None = column(Integer, null=True)
    votes_against: int | None = column(Integer, null=True)
    decided_on: date | None = column(Date, null=True)
    appeal_until: date | None = column(Date, null=True)
    appeal_ground: str | None = column(Text, null=True)
    appeal_body: str | None = column(Text, null=True)
    appeal_decided_on: date | None = column(Date, null=True)


class FailedDutyRow(Row, table=True):
    """A case in which a duty of the day failed, until it is done: of a membership or a person, or of the duty as a whole."""

    __tablename__ = "failed_duty"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = Personal(
        {"membership_id": Deleted(), "person_id": Deleted()},
        columns=("duty", "since", "tried_at", "code"),
        why="That something was not done on its day, until it is (rule 4).",
        unmoved="It is tried again at night, and noted anew of who is there then.",
    )
    __table_args__ = (
        key(),
        points_to("membership", "membership_id"),
        points_to("person", "person_id"),
        one_of("duty", Duty),
        Index(
            "failed_duty_case_key",
            "trust_id",
            "duty",
            "membership_id",
            "person_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "trust_id", "membership_id"),
        Index(None, "trust_id", "person_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    duty: str = column(Text)
    membership_id: UUID | None = reference(null=True)
    person_id: UUID | None = reference(null=True)
    since: datetime = moment()
    tried_at: datetime = moment()
    code: str = column(Text)
