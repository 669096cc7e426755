"""What the rows of a file change of somebody's relationships: one answer for the dry run and for applying."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intake.file_rows import FileRow, PersonOnRecord, particulars
from domain.intake.importing import Finding, RowOutcome
from domain.intake.judging import of_person
from domain.intake.registration import PersonRow
from domain.intake.relationships import KnownRelationship, Relationship, changes, lowers_a_year, told_by, undoes_an_end
from domain.people.relationships import RelationshipSource

BEFORE, EXPORTED_ON, AFTER = date(2025, 9, 1), date(2026, 3, 14), date(2026, 7, 20)
SCHOOL, OTHER = 118365, 118368


def row(kinds: Sequence[str] = ("PARENT_CARER",), year_group: int | None = None, until: str | None = None) -> PersonRow:
    return PersonRow(kinds=kinds, urns=[SCHOOL], year_group=year_group, until=until)


def known(kind: str = "PARENT_CARER", year_group: int | None = None, until: date | None = None) -> KnownRelationship:
    return KnownRelationship(Relationship(kind, SCHOOL, year_group), BEFORE, until, id=UUID(int=1))


def test_every_role_at_every_school_is_told() -> None:
    told = told_by(PersonRow(kinds=["STAFF", "PARENT_CARER"], urns=[SCHOOL, OTHER], year_group=3))

    assert set(told) == {Relationship(kind, urn, 3) for kind in ("STAFF", "PARENT_CARER") for urn in (SCHOOL, OTHER)}
    assert told_by(PersonRow(kinds=["COMMUNITY"])) == [Relationship("COMMUNITY", None, None)]


def test_a_parent_has_a_child_in_each_year_group_and_none_says_less_than_one() -> None:
    told = [row(year_group=1), row(), row(year_group=6), row(year_group=6)]

    assert [each.year_group for each in changes(told, [], EXPORTED_ON).added] == [1, 6]
    assert [each.year_group for each in changes(told, [known(year_group=6)], EXPORTED_ON).added] == [1]
    assert not changes([row()], [known(year_group=6)], EXPORTED_ON).are_any


def test_a_learner_moves_to_the_year_group_told_last() -> None:
    told, learner = [row(["LEARNER"], 5), row(["LEARNER"], 6), row(["LEARNER"])], known("LEARNER", 4)

    assert changes(told, [], EXPORTED_ON) == ([Relationship("LEARNER", SCHOOL, 6)], [], [])
    assert changes(told, [learner], EXPORTED_ON) == ([], [(learner, 6)], [])
    assert not changes(told, [replace(learner, since=AFTER)], EXPORTED_ON).are_any, "the file is older"
    assert not changes(told, [replace(learner, until=AFTER)], EXPORTED_ON).are_any, "has an end"


def test_an_older_file_ends_nothing_that_began_since() -> None:
    """Rule 22h: not a learner's coming back, of which a newer file told."""
    learner, removal = known("LEARNER", 6), row(["LEARNER"], until="2026-03-01")

    assert [one for one, _ in changes([removal], [learner], EXPORTED_ON).ended] == [learner]
    assert not changes([removal], [replace(learner, since=AFTER)], EXPORTED_ON).are_any


@pytest.mark.parametrize(
    ("until", "end_known_on", "stands"),
    [
        (BEFORE, BEFORE, False),
        (BEFORE, EXPORTED_ON, True),
        (BEFORE, AFTER, True),
        (BEFORE, None, False),
        (EXPORTED_ON, BEFORE, True),
        (EXPORTED_ON, None, True),
    ],
)
def test_an_end_as_new_as_the_file_is_not_undone(until: date, end_known_on: date | None, stands: bool) -> None:
    """Rule 22h; and what goes on beside it is no doubt."""
    ended = replace(known("LEARNER", 6, until), end_known_on=end_known_on)
    on_file = [one for one in (ended,) if not one.ended_before(EXPORTED_ON)]

    assert undoes_an_end([row(["LEARNER"], 6)], on_file, EXPORTED_ON) is stands
    assert changes([row(["LEARNER"], 6)], on_file, EXPORTED_ON).are_any is not stands
    assert not undoes_an_end([row(["LEARNER"], 6)], [*on_file, known("LEARNER", 6)], EXPORTED_ON)
    assert not undoes_an_end([row(["STAFF"])], on_file, EXPORTED_ON)
    assert not undoes_an_end([row(["LEARNER"], 6, until="2026-03-01")], on_file, EXPORTED_ON)


@pytest.mark.parametrize(
    ("known_year", "told_year", "is_lowered"), [(6, 5, True), (6, 6, False), (5, 6, False), (None, 5, False)]
)
def test_no_learner_is_put_back_a_year(known_year: int | None, told_year: int, is_lowered: bool) -> None:
    """Rule 22h."""
    learner, told = known("LEARNER", known_year), [row(["LEARNER"], told_year)]

    assert lowers_a_year(told, [learner], EXPORTED_ON) is is_lowered
    assert [year for _, year in changes(told, [learner], EXPORTED_ON).moved] == (
        [] if is_lowered or known_year == told_year else [told_year]
    )
    for settled in (replace(learner, since=AFTER), replace(learner, until=AFTER), replace(learner, told=known().told)):
        assert not lowers_a_year(told, [settled], EXPORTED_ON)


def test_a_parents_year_group_moves_no_learner() -> None:
    learner, parent = known("LEARNER", 12), known(year_group=5)

    assert not changes([row(year_group=5)], [learner, parent], EXPORTED_ON).are_any


def test_what_has_ended_since_the_file_was_made_does_not_begin_again() -> None:
    assert not changes([row(year_group=6)], [known(year_group=5, until=AFTER)], EXPORTED_ON).are_any


def test_an_end_is_told_of_one_role_at_one_school_and_never_put_off() -> None:
    """Rule 22a."""
    end, parent, staff = row(until="2026-02-01"), known(until=AFTER), known("STAFF")
    elsewhere = replace(parent, told=parent.told._replace(urn=OTHER))

    assert changes([end], [parent, staff, elsewhere], EXPORTED_ON).ended == [(parent, date(2026, 2, 1))]
    assert changes([row(until="2025-01-01")], [parent], EXPORTED_ON).ended == [(parent, BEFORE)]


# -- whatever a family tells ------------------------------------------------------------------------------------------

_KINDS = st.sampled_from(["LEARNER", "PARENT_CARER", "STAFF"])
_YEARS = st.sampled_from([None, 5, 6])
_BEGINNINGS = st.lists(
    st.builds(
        PersonRow,
        kinds=st.lists(_KINDS, max_size=2, unique=True),
        urns=st.lists(st.sampled_from([SCHOOL, OTHER]), max_size=2, unique=True),
        year_group=_YEARS,
    ),
    min_size=1,
    max_size=4,
)
_ENDS = st.lists(
    st.builds(row, st.lists(_KINDS, max_size=1), until=st.sampled_from(["2025-01-01", "2026-02-01", "2026-03-14"])),
    min_size=1,
    max_size=2,
)
_FAMILIES = st.lists(
    st.builds(
        KnownRelationship,
        st.builds(Relationship, _KINDS, st.sampled_from([None, SCHOOL, OTHER]), _YEARS),
        st.sampled_from([BEFORE, EXPORTED_ON, AFTER]),
        st.sampled_from([None, date(2027, 1, 1)]),
        st.sampled_from(RelationshipSource.values()),
        st.uuids(),
    ),
    max_size=4,
    unique_by=lambda each: each.id,
)


def applied(rows: Sequence[PersonRow], family: Sequence[KnownRelationship]) -> list[KnownRelationship]:
    """What goes on on the day of the file once the rows are applied."""
    new = changes(rows, family, EXPORTED_ON)
    years, ends = {one.id: year for one, year in new.moved}, {one.id: day for one, day in new.ended}
    after = [
        replace(
            one, told=one.told._replace(year_group=years.get(one.id, one.told.year_group)),
            until=ends.get(one.id, one.until),
        )
        for one in family
    ]  # fmt: skip
    after += [KnownRelationship(told, EXPORTED_ON) for told in new.added]
    return [one for one in after if one.until is None or one.until > EXPORTED_ON]


@given(_BEGINNINGS | _ENDS, _FAMILIES)
def test_a_file_that_is_applied_changes_nothing_the_second_time(
    rows: list[PersonRow], family: list[KnownRelationship]
) -> None:
    after = applied(rows, family)

    assert not changes(rows, after, EXPORTED_ON).are_any
    assert applied(rows, after) == after


@given(_BEGINNINGS | _ENDS, _FAMILIES)
def test_the_dry_run_says_what_applying_writes(rows: list[PersonRow], family: list[KnownRelationship]) -> None:
    outcomes = []
    for number, each in enumerate(rows, start=2):
        told = particulars(("", ""), each)
        judged = of_person(
            FileRow(number, str(number), each, told, RowOutcome.NEW, []),
            PersonOnRecord(UUID(int=1), told, family),
            EXPORTED_ON,
        )
        outcomes.append(judged.outcome)
        is_left_out = judged.outcome is RowOutcome.NEEDS_HUMAN
        assert is_left_out == lowers_a_year([each], family, EXPORTED_ON)
        after = family if is_left_out else applied([each], family)
        assert (judged.outcome is RowOutcome.UPDATE) == (after != family)
        assert (Finding.ANOTHER_RELATIONSHIP in judged.findings) == (len(after) > len(family))

    if set(outcomes) == {RowOutcome.UNCHANGED}:
        assert applied(rows, family) == family
