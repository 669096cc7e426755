"""What a row of a file is, beside people on record and beside the rows above it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intake.file_rows import FileRow, PersonOnRecord, Relationship, particulars
from domain.intake.importing import Finding, RowOutcome
from domain.intake.judging import MOST_NAMESAKES, beside_people, beside_rows
from domain.intake.matching import Likeness, likeness
from domain.intake.registration import PersonRow

URN = 118365
KIM: dict[str, Any] = {"email": "kim@example.org", "phone": "+447700900002", "kinds": ["PARENT_CARER"], "urns": [URN]}
LEFT_OUT = {RowOutcome.REFUSED, RowOutcome.NEEDS_HUMAN}


def told(
    line: int, name: tuple[str, str] = ("kim", "lee"), findings: tuple[Finding, ...] = (), **reading: Any
) -> FileRow:
    outcome = RowOutcome.REFUSED if Finding.CONSENT_REFUSED in findings else RowOutcome.NEW
    read = PersonRow(*name, **{**KIM, "consents": not findings} | reading)
    return FileRow(line, f"cells of {line}", read, particulars(name, read), outcome, list(findings))


def on_record(number: int, row: FileRow) -> PersonOnRecord:
    return PersonOnRecord(UUID(int=number), row.particulars, row.relationships)


def found(row: FileRow) -> tuple[RowOutcome, int | None, list[Finding]]:
    return row.outcome, row.of_line, list(row.findings)


# -- beside people on record ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "outcome", "findings"),
    [
        ({}, RowOutcome.UNCHANGED, []),
        ({"urns": [118368]}, RowOutcome.UPDATE, [Finding.ANOTHER_RELATIONSHIP]),
        ({"year_group": 3}, RowOutcome.UPDATE, [Finding.ANOTHER_RELATIONSHIP]),
        ({"born": "1979-06-02"}, RowOutcome.UPDATE, []),
        ({"until": "2026-01-01"}, RowOutcome.UPDATE, []),
    ],
)
def test_somebody_on_record_is_updated_by_what_is_new(
    changes: dict[str, Any], outcome: RowOutcome, findings: list[Finding]
) -> None:
    kim = on_record(1, told(2))

    row = beside_people(told(2, **changes), [kim], are_certain=False)

    assert (row.person_id, *found(row)) == (kim.id, outcome, None, findings)


def test_a_namesake_is_noticed_and_who_may_be_either_is_left_to_a_human() -> None:
    kim, other = on_record(1, told(2)), on_record(2, told(3, email="other@example.org", phone="+447700900003"))

    assert found(beside_people(told(4), [other], False)) == (RowOutcome.NEW, None, [Finding.NAMESAKE])
    assert beside_people(told(4), [kim, other], False).person_id == kim.id
    twice = beside_people(told(4), [kim, replace(kim, id=UUID(int=3))], False)
    assert (twice.person_id, *found(twice)) == (None, RowOutcome.NEEDS_HUMAN, None, [Finding.MAYBE_THE_SAME])


@pytest.mark.parametrize(("given_name", "person"), [("kim", 1), ("k.", 1), ("k", 1), ("kit", None)])
def test_an_identifier_needs_the_name_to_agree(given_name: str, person: int | None) -> None:
    """Two schools' systems may both count from one."""
    row = beside_people(told(2, (given_name, "lee"), email=None, phone=None), [on_record(1, told(2))], are_certain=True)

    assert row.person_id == (person and UUID(int=person))
    assert row.outcome is (RowOutcome.UNCHANGED if person else RowOutcome.NEEDS_HUMAN)


# -- beside the rows above --------------------------------------------------------------------------------------------


def test_a_row_again_another_child_or_another_person() -> None:
    first = told(2)

    assert found(*beside_rows(replace(first, line=3), [first])) == (
        RowOutcome.DUPLICATE, 2, [Finding.EXACT_DUPLICATE],
    )  # fmt: skip
    assert found(*beside_rows(told(3), [first])) == (RowOutcome.DUPLICATE, 2, [Finding.NEAR_DUPLICATE])
    (sibling,) = beside_rows(told(3, urns=[118368]), [first])
    assert found(sibling) == (RowOutcome.UPDATE, 2, [Finding.ANOTHER_RELATIONSHIP])
    assert found(*beside_rows(told(4, urns=[118368]), [first, sibling])) == (
        RowOutcome.DUPLICATE, 2, [Finding.NEAR_DUPLICATE],
    )  # fmt: skip
    namesakes = beside_rows(told(3, email="other@example.org", phone="+447700900003"), [first])
    assert [found(each) for each in namesakes] == [(RowOutcome.NEW, None, [Finding.NAMESAKE])] * 2
    doubt = [Finding.NEAR_DUPLICATE, Finding.MAYBE_THE_SAME]
    assert found(*beside_rows(told(3, ("k.", "lee")), [first])) == (RowOutcome.NEEDS_HUMAN, 2, doubt)


def test_a_row_stands_for_a_person_whose_other_rows_are_left_out() -> None:
    refused = replace(told(2), outcome=RowOutcome.REFUSED)

    assert found(*beside_rows(told(3), [refused])) == (RowOutcome.NEW, 2, [Finding.NEAR_DUPLICATE])


def test_who_said_yes_and_no_is_left_to_a_human_whatever_was_found_before() -> None:
    first, (sibling,) = told(2), beside_rows(told(3, urns=[118368]), [told(2)])

    rows = beside_rows(told(4, findings=(Finding.CONSENT_REFUSED,)), [first, sibling])

    assert [(row.line, row.outcome) for row in rows] == [
        (4, RowOutcome.REFUSED), (2, RowOutcome.NEEDS_HUMAN), (3, RowOutcome.NEEDS_HUMAN),
    ]  # fmt: skip
    assert all(Finding.CONSENT_CONTRADICTS in row.findings for row in rows)


# -- whatever is told -------------------------------------------------------------------------------------------------

_ONE_OF_TWO = st.sampled_from([None, "a", "b"])
_READINGS = st.fixed_dictionaries(
    {
        "email": _ONE_OF_TWO, "phone": _ONE_OF_TWO, "postcode": _ONE_OF_TWO,
        "born": st.sampled_from([None, "1979-06-02", "2008-11-19"]),
        "kinds": st.lists(st.sampled_from(["LEARNER", "PARENT_CARER", "STAFF"]), unique=True),
        "urns": st.lists(st.sampled_from([URN, 118368]), unique=True), "year_group": st.sampled_from([None, 1, 6]),
        "consents": st.booleans(),
    }
)  # fmt: skip
_ROWS = st.builds(
    lambda line, name, reading, outcome: replace(told(line, name, **reading), outcome=outcome),
    st.integers(2, 10_000), st.sampled_from([("kim", "lee"), ("lee", "kim"), ("k.", "lee")]), _READINGS,
    st.sampled_from(list(RowOutcome)),
)  # fmt: skip


@given(_ROWS, st.lists(_ROWS, min_size=1, max_size=4, unique_by=lambda row: row.line))
def test_nobody_is_merged_unless_they_are_alike(row: FileRow, others: list[FileRow]) -> None:
    """Rules 3d and 3e."""
    earlier = [other for other in others if other.line != row.line]
    alike = {other.line for other in earlier if likeness(row.particulars, other.particulars) is Likeness.SAME}
    judged = {each.line: each for each in beside_rows(row, earlier)}
    assert set(judged) <= {row.line, *(other.line for other in earlier)}
    assert judged[row.line].outcome in {row.outcome, RowOutcome.NEEDS_HUMAN} or judged[row.line].of_line in alike

    person = beside_people(row, [on_record(other.line, other) for other in earlier], are_certain=False).person_id
    assert person is None or [person.int] == list(alike)


@given(_ROWS, st.lists(st.sampled_from([None, *RowOutcome]), max_size=5))
def test_what_is_left_out_stays_left_out_however_often_it_is_judged(
    row: FileRow, outcomes: list[RowOutcome | None]
) -> None:
    was = row
    for outcome in outcomes:
        row = was.judged(outcome, Finding.NAMESAKE)
        assert row.outcome is was.outcome or was.outcome not in LEFT_OUT
        assert row.outcome is not RowOutcome.NEW or was.outcome is RowOutcome.NEW
        assert list(row.findings).count(Finding.NAMESAKE) == 1
        was = row


def test_relationships_are_told_apart_by_kind_school_and_year() -> None:
    row = told(2, kinds=["STAFF", "PARENT_CARER"], urns=[URN, 118368], year_group=3)

    assert row.relationships == {
        Relationship(kind, urn, 3) for kind in ("STAFF", "PARENT_CARER") for urn in (URN, 118368)
    }
    assert told(2, urns=[]).relationships == {Relationship("PARENT_CARER", None, None)}


def test_too_many_of_one_name_are_left_to_a_human_without_comparing() -> None:
    rows = [told(line, email=f"one{line}@example.org") for line in range(2, 3 + MOST_NAMESAKES)]
    judged = beside_rows(told(1_000, email="last@example.org"), rows)

    assert [found(each) for each in judged] == [(RowOutcome.NEEDS_HUMAN, None, [Finding.MAYBE_THE_SAME])]
