"""What officers decided about people on record: who was told apart, corrected, or moved on at the end of a school year."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, Text

from ..access import APPEND_ONLY, WITH_DELETE, Access
from ..columns import (
    TEXTS,
    Row,
    column,
    identifier,
    key,
    moment,
    points_to,
    reference,
    tenant,
)
from ..personal import Changed, Deleted, NoPerson, Personal


class PeopleToldApartRow(Row, table=True):
    """An officer's word that two people who look the same are two; `one_id` is the lesser of the ids."""

    __tablename__ = "people_told_apart"
    __access__ = Access(app=APPEND_ONLY + ", update (reason)")
    __personal__ = Personal(
        {name: Changed({"reason": "''"}) for name in ("one_id", "other_id")},
        columns=("at",),
        why="Why two who look the same were taken to be two (rule 3d).",
        hidden=("reason",),  # it may be about the other
        officers=("told_by_id",),
        unmoved="It is about these two records.",
    )
    __table_args__ = (
        key("one_id", "other_id"),
        points_to("person", "one_id"),
        points_to("person", "other_id"),
        points_to("person", "told_by_id"),
        CheckConstraint("one_id < other_id", name="in_order"),
        Index(None, "trust_id", "other_id"),
    )
    trust_id: UUID = tenant()
    one_id: UUID = reference()
    other_id: UUID = reference()
    reason: str = column(Text)
    told_by_id: UUID = reference()
    at: datetime = moment(default="app_now()")


class PersonCorrectionRow(Row, table=True):
    """What an officer corrected about somebody, what was on record before, and by which evidence. Append-only."""

    __tablename__ = "person_correction"
    __access__ = Access(app=f"{APPEND_ONLY}, delete")
    __personal__ = Personal(
        {"person_id": Deleted()},
        columns=("what", "given_name", "family_name", "date_of_birth", "email", "corrected_at"),
        why="That a record was rightly corrected can be shown, and put right again (rule 5i).",
        hidden=("evidence",),  # it may be about somebody else
        officers=("corrected_by_id",),
        unmoved="It says what was corrected of the record it is about.",
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("person", "corrected_by_id"),
        Index(None, "trust_id", "person_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID = reference()
    what: list[str] = column(TEXTS)
    given_name: str | None = column(Text, null=True)  # of what was corrected, as it was before
    family_name: str | None = column(Text, null=True)
    date_of_birth: date | None = column(Date, null=True)
    email: str | None = column(Text, null=True)
    evidence: str = column(Text)
    corrected_at: datetime = moment(default="app_now()")
    corrected_by_id: UUID = reference()


class SchoolYearEndRow(Row, table=True):
    """The end of a school year at one school; `day` is the first of the new one. `ended_at`: when that was done; without
    it, it was done before what it changed was kept."""

    __tablename__ = "school_year_end"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = NoPerson("A school and a day.")
    __table_args__ = (key("school_id", "day"), points_to("school", "school_id"))
    trust_id: UUID = tenant()
    school_id: UUID = reference()
    day: date = column(Date)
    ended_at: datetime | None = moment(null=True)


class SchoolYearChangeRow(Row, table=True):
    """A relationship that the end of a school year ended or moved up, as it was before: until the next one, to undo it."""

    __tablename__ = "school_year_change"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = Personal(
        {"person_id": Deleted()},
        columns=("day", "has_ended", "until_before", "year_group_before"),
        why="To undo the end of a school year that was entered wrongly; until the school's next one.",
    )
    # no key to the relationship: an erasure takes both, in whatever order
    __table_args__ = (
        key("school_id", "day", "relationship_id"),
        points_to("person", "person_id"),
        Index(None, "trust_id", "person_id"),
    )
    trust_id: UUID = tenant()
    school_id: UUID = reference()
    day: date = column(Date)
    relationship_id: UUID = reference()
    person_id: UUID = reference()
    has_ended: bool = column(Boolean)
    until_before: date | None = column(Date, null=True)
    end_known_on_before: date | None = column(Date, null=True)
    year_group_before: int | None = column(Integer, null=True)
    year_group_on_before: date | None = column(Date, null=True)
