"""What a row of a file is, beside people on record and beside the rows above it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intake.file_rows import FileRow, PersonOnRecord, particulars
from domain.intake.importing import Finding, RowOutcome
from domain.intake.judging import MOST_NAMESAKES, beside_erased, beside_people, beside_refusals, beside_rows
from domain.intake.registration import PersonRow
from domain.intake.relationships import KnownRelationship, told_by
from domain.people.matching import Likeness, likeness

URN = 118365
SINCE, EXPORTED_ON = date(2025, 9, 1), date(2026, 3, 14)
KIM: dict[str, Any] = {
    "email": "kim@example.org", "phone": "+447700900002", "kinds": ["PARENT_CARER"], "urns": [URN], "born": "1985-05-05",
}  # fmt: skip
NAMESAKE: dict[str, Any] = {"email": "other@example.org", "phone": "+447700900003", "born": "1990-01-01"}
LEFT_OUT = {RowOutcome.REFUSED, RowOutcome.NEEDS_HUMAN}


def told(
    line: int, name: tuple[str, str] = ("kim", "lee"), findings: tuple[Finding, ...] = (), **reading: Any
) -> FileRow:
    outcome = RowOutcome.REFUSED if Finding.CONSENT_REFUSED in findings else RowOutcome.NEW
    read = PersonRow(*name, **{**KIM, "consents": not findings} | reading)
    return FileRow(line, f"cells of {line}", read, particulars(name, read), outcome, list(findings))


def on_record(number: int, row: FileRow) -> PersonOnRecord:
    known = [KnownRelationship(told, SINCE, id=UUID(int=number)) for told in told_by(row.reading)]
    return PersonOnRecord(UUID(int=number), row.particulars, known)


def found(row: FileRow) -> tuple[RowOutcome, int | None, list[Finding]]:
    return row.outcome, row.of_line, list(row.findings)


@pytest.mark.parametrize(
    ("told_born", "born", "is_left"),
    [
        (None, [None], True),
        ("1979-06-02", [None], True),
        (None, [date(1979, 6, 2)], True),
        ("1979-06-02", [date(1979, 6, 2)], True),
        ("1979-06-02", [date(1979, 6, 3)], False),
        ("1979-06-02", [date(1979, 6, 3), None], True),
    ],
)
def test_who_may_be_an_erased_member_is_left_to_a_human(
    told_born: str | None, born: list[date | None], is_left: bool
) -> None:
    """Rule 26b."""
    row = beside_erased(told(2, born=told_born), born)

    assert row.outcome is (RowOutcome.NEEDS_HUMAN if is_left else RowOutcome.NEW)


# -- beside people on record ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "outcome", "findings"),
    [
        ({}, RowOutcome.UNCHANGED, []),
        ({"urns": [118368]}, RowOutcome.UPDATE, [Finding.ANOTHER_RELATIONSHIP]),
        ({"year_group": 3}, RowOutcome.UPDATE, [Finding.ANOTHER_RELATIONSHIP]),
        ({"postcode": "TN25 6AA"}, RowOutcome.UPDATE, []),
        ({"until": "2026-01-01"}, RowOutcome.UPDATE, []),
        ({"until": "2026-01-01", "kinds": ["STAFF"]}, RowOutcome.UNCHANGED, []),
    ],
)
def test_somebody_on_record_is_updated_by_what_is_new(
    changes: dict[str, Any], outcome: RowOutcome, findings: list[Finding]
) -> None:
    kim = on_record(1, told(2))

    row = beside_people(told(2, **changes), [kim], are_certain=False, exported_on=EXPORTED_ON)

    assert (row.person_id, *found(row)) == (kim.id, outcome, None, findings)


@pytest.mark.parametrize(
    ("year_group", "outcome", "findings"),
    [
        (None, RowOutcome.UNCHANGED, []),
        (5, RowOutcome.UNCHANGED, []),
        (6, RowOutcome.UPDATE, []),
        (4, RowOutcome.NEEDS_HUMAN, [Finding.YEAR_GROUP_LOWER]),
    ],
)
def test_a_learner_without_a_year_group_says_nothing_new_and_with_another_moves(
    year_group: int | None, outcome: RowOutcome, findings: list[Finding]
) -> None:
    learner = told(2, kinds=["LEARNER"], year_group=5)

    row = beside_people(told(3, kinds=["LEARNER"], year_group=year_group), [on_record(1, learner)], False, EXPORTED_ON)

    assert (row.outcome, row.findings) == (outcome, findings)


def test_a_namesake_is_noticed_and_who_may_be_either_is_left_to_a_human() -> None:
    kim, other = on_record(1, told(2)), on_record(2, told(3, **NAMESAKE))

    assert found(beside_people(told(4), [other], False, EXPORTED_ON)) == (RowOutcome.NEW, None, [Finding.NAMESAKE])
    assert beside_people(told(4), [kim, other], False, EXPORTED_ON).person_id == kim.id
    twice = beside_people(told(4), [kim, replace(kim, id=UUID(int=3))], False, EXPORTED_ON)
    assert (twice.person_id, *found(twice)) == (
        None, RowOutcome.NEEDS_HUMAN, None, [Finding.SEVERAL_ALIKE, Finding.MAYBE_THE_SAME],
    )  # fmt: skip
    assert twice.people == (kim.id, UUID(int=3)), "who is to choose sees them"


@pytest.mark.parametrize(("given_name", "person"), [("kim", 1), ("k.", 1), ("k", 1), ("kit", None)])
def test_an_identifier_needs_the_name_to_agree(given_name: str, person: int | None) -> None:
    """Two schools' systems may both count from one."""
    row = beside_people(
        told(2, (given_name, "lee"), email=None, phone=None),
        [on_record(1, told(2))],
        are_certain=True,
        exported_on=EXPORTED_ON,
    )

    assert row.person_id == (person and UUID(int=person))
    assert row.outcome is (RowOutcome.UNCHANGED if person else RowOutcome.NEEDS_HUMAN)


# -- beside the rows above --------------------------------------------------------------------------------------------


def test_a_row_again_another_child_or_another_person() -> None:
    first = told(2)

    assert found(*beside_rows(replace(first, line=3), [first], EXPORTED_ON)) == (
        RowOutcome.DUPLICATE, 2, [Finding.EXACT_DUPLICATE],
    )  # fmt: skip
    assert found(*beside_rows(told(3), [first], EXPORTED_ON)) == (RowOutcome.DUPLICATE, 2, [Finding.NEAR_DUPLICATE])
    (sibling,) = beside_rows(told(3, urns=[118368]), [first], EXPORTED_ON)
    assert found(sibling) == (RowOutcome.UPDATE, 2, [Finding.ANOTHER_RELATIONSHIP])
    assert found(*beside_rows(told(4, urns=[118368]), [first, sibling], EXPORTED_ON)) == (
        RowOutcome.DUPLICATE, 2, [Finding.NEAR_DUPLICATE],
    )  # fmt: skip
    namesakes = beside_rows(told(3, **NAMESAKE), [first], EXPORTED_ON)
    assert [found(each) for each in namesakes] == [(RowOutcome.NEW, None, [Finding.NAMESAKE])] * 2
    doubt = [Finding.NEAR_DUPLICATE, Finding.NAME_WRITTEN_OTHERWISE, Finding.MAYBE_THE_SAME]
    assert found(*beside_rows(told(3, ("k.", "lee")), [first], EXPORTED_ON)) == (RowOutcome.NEEDS_HUMAN, 2, doubt)


def test_a_row_stands_for_a_person_whose_other_rows_are_left_out() -> None:
    refused = replace(told(2), outcome=RowOutcome.REFUSED)

    assert found(*beside_rows(told(3), [refused], EXPORTED_ON)) == (RowOutcome.NEW, 2, [Finding.NEAR_DUPLICATE])


def test_a_row_that_says_what_only_a_row_left_out_said_is_applied() -> None:
    first, left_out = told(2), replace(told(3, urns=[118368]), outcome=RowOutcome.NEEDS_HUMAN, of_line=2)

    (row,) = beside_rows(told(4, urns=[118368]), [first, left_out], EXPORTED_ON)

    assert (row.outcome, row.of_line) == (RowOutcome.UPDATE, 2)


@pytest.mark.parametrize("year_group", [5, 7])
def test_another_year_group_than_a_row_above_told_is_for_a_human(year_group: int) -> None:
    first = told(2, kinds=["LEARNER"], year_group=6)

    (row,) = beside_rows(told(3, kinds=["LEARNER"], year_group=year_group), [first], EXPORTED_ON)

    doubt = [Finding.NEAR_DUPLICATE, Finding.YEAR_GROUP_CONTRADICTS, Finding.MAYBE_THE_SAME]
    assert (found(row), row.lines) == ((RowOutcome.NEEDS_HUMAN, 2, doubt), (2,))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"born": None}, [Finding.BIRTH_DATE_NOT_COMPARED]),
        ({"phone": "+447700900003"}, [Finding.PHONE_CONTRADICTS]),
        ({"kinds": ["LEARNER"]}, [Finding.KIND_CONTRADICTS]),
        ({"kinds": ["STAFF"], "born": None}, [Finding.BIRTH_DATE_NOT_COMPARED]),
        ({"email": "x@example.org", "phone": None}, [Finding.NOTHING_ELSE_AGREES]),
    ],
)
def test_whoever_is_left_to_a_human_is_shown_with_the_reason(changes: dict[str, Any], why: list[Finding]) -> None:
    """Rule 3d, beside people on record and beside the rows above."""
    kim = on_record(1, told(2))

    beside = beside_people(told(3, **changes), [kim], are_certain=False, exported_on=EXPORTED_ON)
    (below,) = beside_rows(told(3, **changes), [told(2)], EXPORTED_ON)

    assert found(beside) == (RowOutcome.NEEDS_HUMAN, None, [*why, Finding.MAYBE_THE_SAME])
    assert (beside.person_id, beside.people) == (None, (kim.id,))
    assert [each for each in below.findings if each not in (Finding.NEAR_DUPLICATE, Finding.ANOTHER_RELATIONSHIP)] == [
        *why, Finding.MAYBE_THE_SAME,
    ]  # fmt: skip
    assert (below.outcome, below.lines) == (RowOutcome.NEEDS_HUMAN, (2,))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"born": "1990-01-01"}, Finding.BIRTH_DATE_CONTRADICTS),
        ({"kinds": ["LEARNER"]}, Finding.KIND_CONTRADICTS),
    ],
)
def test_an_identifier_says_nothing_against_a_fact(changes: dict[str, Any], why: Finding) -> None:
    row = beside_people(told(3, **changes), [on_record(1, told(2))], are_certain=True, exported_on=EXPORTED_ON)

    assert found(row) == (RowOutcome.NEEDS_HUMAN, None, [why, Finding.MAYBE_THE_SAME])


REFUSAL = (Finding.CONSENT_REFUSED,)


@pytest.mark.parametrize(
    ("refusal", "is_doubtful"),
    [
        (told(4, findings=REFUSAL), True),  # the same person
        (told(4, ("k.", "lee"), findings=REFUSAL), True),  # perhaps the same
        (told(4, email=None, phone=None, findings=REFUSAL), True),  # too little to tell
        (told(4, findings=REFUSAL, **NAMESAKE), False),  # a namesake
    ],
)
def test_a_yes_is_left_to_a_human_where_who_may_be_the_same_said_no(refusal: FileRow, is_doubtful: bool) -> None:
    """Rules 4a and 22h."""
    row = told(3, urns=[118368])

    for of_the_file, finding in ((True, Finding.CONSENT_CONTRADICTS), (False, Finding.CONSENT_REFUSED_SINCE)):
        judged = beside_refusals(row, [refusal], of_the_file)
        assert found(judged) == ((RowOutcome.NEEDS_HUMAN, None, [finding]) if is_doubtful else found(row))


def test_whose_a_no_is_follows_from_what_was_found_of_the_rows() -> None:
    other = told(4, findings=REFUSAL, **NAMESAKE)
    kim, lee = UUID(int=1), UUID(int=2)

    of_one_person = beside_refusals(replace(told(3), of_line=2), [replace(other, of_line=2)], True)
    assert of_one_person.outcome is RowOutcome.NEEDS_HUMAN
    assert beside_refusals(replace(told(3), of_line=2), [replace(other, of_line=2)], False).outcome is RowOutcome.NEW
    assert beside_refusals(replace(told(3), person_id=kim), [replace(other, person_id=kim)], False).outcome is (
        RowOutcome.NEEDS_HUMAN
    )
    alike = replace(told(4, findings=REFUSAL), person_id=lee)
    assert beside_refusals(replace(told(3), person_id=kim), [alike], True).outcome is RowOutcome.NEW


# -- whatever is told -------------------------------------------------------------------------------------------------

_ONE_OF_TWO = st.sampled_from([None, "a", "b"])
_READINGS = st.fixed_dictionaries(
    {
        "email": _ONE_OF_TWO, "phone": _ONE_OF_TWO, "postcode": st.sampled_from([None, "TN25 6AA", "TN25 6AB"]),
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
    judged = {each.line: each for each in beside_rows(row, earlier, EXPORTED_ON)}
    assert set(judged) <= {row.line, *(other.line for other in earlier)}
    assert judged[row.line].outcome in {row.outcome, RowOutcome.NEEDS_HUMAN} or judged[row.line].of_line in alike

    person = beside_people(
        row, [on_record(other.line, other) for other in earlier], are_certain=False, exported_on=EXPORTED_ON
    ).person_id
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


def test_too_many_of_one_name_are_left_to_a_human_without_comparing() -> None:
    rows = [told(line, email=f"one{line}@example.org") for line in range(2, 3 + MOST_NAMESAKES)]
    judged = beside_rows(told(1_000, email="last@example.org"), rows, EXPORTED_ON)

    doubt = [Finding.SEVERAL_ALIKE, Finding.MAYBE_THE_SAME]
    assert [found(each) for each in judged] == [(RowOutcome.NEEDS_HUMAN, None, doubt)]
