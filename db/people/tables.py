"""People, how they stand to schools, those who answer for children, and organisations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, Text, UniqueConstraint, text

from domain.governance.qualification import RelationshipKind
from domain.people.guardians import ConsentSource
from domain.people.relationships import RelationshipSource
from domain.privacy.erasure import ERASED

from ..access import READ_WRITE, WITH_DELETE, WITH_MAINTAIN, Access
from ..columns import (
    JSON,
    TEXTS,
    Row,
    belongs_to_trust,
    column,
    folded,
    identifier,
    key,
    moment,
    one_of,
    points_to,
    reference,
    tenant,
)
from ..personal import Changed, Deleted, NoPerson, Personal, Stays

_NOBODY = Changed(
    {
        **{"given_name": f"'{ERASED}'", "family_name": f"'{ERASED}'", "email": "null", "phone": "null"},
        **{"contact_address": "null", "language": "'en'", "marketing_opt_out": "true"},
        **{"date_of_birth": "null", "declared": "'{}'", "admitted_too_young": "false", "erased_on": "legal_today()"},
    },
    but="The birth date of a child stays while the register shows the school's address instead of the child's (rule 5c).",
)


class PersonRow(Row, table=True):
    """A human being known to one trust. Two people may share a mailbox."""

    __tablename__ = "person"
    __access__ = Access(app=WITH_MAINTAIN)
    __personal__ = Personal(
        {"id": _NOBODY, "merged_into_id": Stays("Which record a person goes on under; it points at nobody named.")},
        columns=(
            *("given_name", "family_name", "date_of_birth", "died_on", "erased_on"),
            *("email", "phone", "contact_address", "language", "marketing_opt_out", "created_at", "declared"),
            "admitted_too_young",
        ),
        why="To know, reach and rightly judge who belongs to the trust, until they ask for erasure.",
        hidden=("given_key", "family_key"),
        unmoved="Each of two records stays, under its own id, so that what was said of either is found.",
    )
    __table_args__ = (
        key(),
        belongs_to_trust(),
        points_to("person", "merged_into_id"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        Index(None, "trust_id", "merged_into_id", postgresql_where=text("merged_into_id is not null")),
        Index(None, "trust_id", "email"),
        Index("person_name_idx", "trust_id", "family_name", "given_name", "id"),
        Index(None, "trust_id", "family_key", "given_key"),  # matching imported rows
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    given_name: str = column(Text)
    family_name: str = column(Text)
    given_key: str = folded("given_name")
    family_key: str = folded("family_name")
    email: str | None = column(Text, null=True)
    date_of_birth: date | None = column(Date, null=True)
    created_at: datetime = moment(default="app_now()")
    phone: str | None = column(Text, null=True)
    contact_address: str | None = column(Text, null=True)
    language: str = column(Text, default="'en'")  # BCP 47
    marketing_opt_out: bool = column(Boolean, default="false")
    declared: list[str] = column(TEXTS, default="'{}'")  # columns that rest on their own, or a guardian's, word alone
    died_on: date | None = column(Date, null=True)
    # as an officer corrected their birth date since: younger than the rules of their admission asked
    admitted_too_young: bool = column(Boolean, default="false")
    erased_on: date | None = column(Date, null=True)  # of whom nothing is kept any more, nothing is written either
    merged_into_id: UUID | None = reference(null=True)  # under which record they go on: nothing is written of this one


class PersonMergeRow(Row, table=True):
    """Two records of one person that became one. `changes` is what was done, row by row, so that it can be undone: of each
    row what it said before and after; and which rows the two had. `stayed`: what was not given back when it was undone."""

    __tablename__ = "person_merge"
    __access__ = Access(app=READ_WRITE)
    __personal__ = Personal(
        {
            name: Changed({"changes": "'{}'", "reason": "''", "undo_reason": "null"})
            for name in ("kept_id", "merged_id")
        },
        columns=("reason", "merged_at", "undone_at", "undo_reason", "stayed"),
        why="Why two records were taken to be of one person, and what that did, so that it can be undone (rule 3g).",
        hidden=("changes",),  # ids, and what the rows of the two records say elsewhere
        officers=("merged_by_id", "undone_by_id"),
        unmoved="What was done to which records stays to be seen.",
    )
    __table_args__ = (
        key(),
        points_to("person", "kept_id"),
        points_to("person", "merged_id"),
        points_to("person", "merged_by_id"),
        points_to("person", "undone_by_id"),
        CheckConstraint("(undone_at is null) = (undone_by_id is null)", name="undone"),
        Index(None, "trust_id", "kept_id"),
        # a record is part of one other, until that is undone
        Index(
            "person_merge_merged_key", "trust_id", "merged_id", unique=True, postgresql_where=text("undone_at is null")
        ),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    kept_id: UUID = reference()
    merged_id: UUID = reference()
    reason: str = column(Text)
    changes: dict[str, Any] = column(JSON)
    merged_by_id: UUID = reference()
    merged_at: datetime = moment(default="app_now()")
    undone_by_id: UUID | None = reference(null=True)
    undone_at: datetime | None = moment(null=True)
    undo_reason: str | None = column(Text, null=True)
    stayed: list[str] = column(TEXTS, default="'{}'")


class PersonIdentifierRow(Row, table=True):
    """What a school's system calls a person, so that its next delta finds them again. Two schools may both count from one;
    without a school it was told before that was noted, and is of any. `told_on`: the day of the newest file that told it."""

    __tablename__ = "person_identifier"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = Personal(
        {"person_id": Deleted()},
        columns=("system", "school_id", "identifier", "told_on"),
        why="So that the next file of the same school's system finds the person again.",
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("school", "school_id"),
        Index(
            "person_identifier_key",
            *("trust_id", "system", "identifier", "school_id"),
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "trust_id", "person_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    system: str = column(Text)
    school_id: UUID | None = reference(null=True)
    identifier: str = column(Text)
    person_id: UUID = reference()
    told_on: date | None = column(Date, null=True)


class RelationshipRow(Row, table=True):
    """A dated fact about a person; `until` is the first day it no longer holds. `learner_id`: whose parent or kin."""

    __tablename__ = "relationship"
    __access__ = Access(app=f"{WITH_DELETE}, maintain")
    __personal__ = Personal(
        {"person_id": Deleted(), "learner_id": Changed({"learner_id": "null"})},
        columns=("kind", "school_id", "since", "until", "source", "verified_on", "year_group"),
        why="The grounds of a membership (rule 2c).",
        hidden=("evidence",),  # it may be about somebody else
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("school", "school_id"),
        points_to("person", "learner_id"),
        one_of("kind", RelationshipKind),
        one_of("source", RelationshipSource),
        Index(None, "trust_id", "person_id"),
        Index(None, "trust_id", "school_id", "kind"),
        Index(None, "trust_id", "learner_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID = reference()
    school_id: UUID | None = reference(null=True)
    kind: str = column(Text)
    since: date = column(Date)
    until: date | None = column(Date, null=True)
    end_known_on: date | None = column(Date, null=True)  # that it ends: when it was entered, or the day of the file
    source: str = column(Text)
    evidence: str | None = column(Text, null=True)
    learner_id: UUID | None = reference(null=True)
    year_group: int | None = column(Integer, null=True)  # 0: reception
    year_group_on: date | None = column(Date, null=True)  # the day of the file, or of the end of a year, that told it
    verified_on: date | None = column(Date, null=True)  # when an officer saw evidence, whosever word it is


class GuardianshipRow(Row, table=True):
    """Who answers for a child while it needs a guardian; `until` is the first day they no longer do, where somebody ended
    it: when the child is old enough is asked of its birth and the rules of the day. The guardian of a looked-after child may
    be an officer of the local authority."""

    __tablename__ = "guardianship"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = Personal(
        {"child_id": Deleted(), "guardian_id": Deleted()},
        columns=("since", "until", "source"),
        why="Who answers for a child (rule 6d).",
        hidden=("evidence",),  # it may be about the other guardian
    )
    __table_args__ = (
        key(),
        points_to("person", "child_id"),
        points_to("person", "guardian_id"),
        CheckConstraint("child_id <> guardian_id", name="two_people"),
        one_of("source", RelationshipSource),
        UniqueConstraint("trust_id", "child_id", "guardian_id"),
        Index(None, "trust_id", "guardian_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    child_id: UUID = reference()
    guardian_id: UUID = reference()
    since: date = column(Date)
    until: date | None = column(Date, null=True)
    source: str = column(Text)
    evidence: str | None = column(Text, null=True)


class GuardianConsentRow(Row, table=True):
    """A guardian's consent to a child's membership; `until` is the first day without it, where it was given for a
    time or taken back."""

    __tablename__ = "guardian_consent"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = Personal(
        {
            "child_id": Deleted(),
            "guardian_id": Changed(
                {"until": "least(t.until, :today)"},
                but="The membership of a child rested on it; it points at nobody named.",
            ),
        },
        columns=("source", "since", "until", "given_at"),
        why="The membership of a child rests on it (rule 6d).",
    )
    __table_args__ = (
        key(),
        points_to("person", "child_id"),
        points_to("person", "guardian_id"),
        one_of("source", ConsentSource),
        Index(None, "trust_id", "child_id"),
        Index(None, "trust_id", "guardian_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    child_id: UUID = reference()
    guardian_id: UUID = reference()
    source: str = column(Text)
    since: date = column(Date)
    until: date | None = column(Date, null=True)
    given_at: datetime = moment(default="app_now()")


class OrganisationRow(Row, table=True):
    """An organisation that is, or wants to be, a member."""

    __tablename__ = "organisation"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("An organisation; who acts for it is in `authorisation`.")
    __table_args__ = (
        key(),
        belongs_to_trust(),
        # what else makes two of them the same is asked of all at once: domain/people/organisations.py
        Index("organisation_name_key", "trust_id", "name", unique=True, postgresql_where=text("dissolved_on is null")),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    name: str = column(Text)
    kind: str = column(Text)
    registered_number: str | None = column(Text, null=True)
    created_at: datetime = moment(default="app_now()")
    dissolved_on: date | None = column(Date, null=True)


class AuthorisationRow(Row, table=True):
    """A person's power to act for an organisation; `until` is the first day without it. `application_id`: for that
    application alone, until it is admitted."""

    __tablename__ = "authorisation"
    __access__ = Access(app=READ_WRITE)
    __personal__ = Personal(
        {"person_id": Changed({"until": "least(t.until, :today)", "document": "''"})},
        columns=("since", "until", "document"),
        why="Who could act for an organisation, and vote for it (rule 7a).",
    )
    __table_args__ = (
        key(),
        points_to("organisation", "organisation_id"),
        points_to("person", "person_id"),
        points_to("membership", "application_id"),
        CheckConstraint("until is null or until >= since", name="dates"),
        Index(None, "trust_id", "organisation_id"),
        Index(None, "trust_id", "person_id"),
        Index(None, "trust_id", "application_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    organisation_id: UUID = reference()
    person_id: UUID = reference()
    since: date = column(Date)
    until: date | None = column(Date, null=True)
    document: str = column(Text)
    application_id: UUID | None = reference(null=True)
