"""Reading the cells of a registration file."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.intake.importing import Finding, RowOutcome, settled
from domain.intake.names import read_names
from domain.intake.registration import HEADER, birth_date, check_header, year_group
from domain.people.contact import phone_number, postcode
from domain.refusals import Refusal, RefusalCode
from domain.text import folded

TODAY = date(2025, 3, 14)


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("14/12/2005", date(2005, 12, 14)), ("21/2/15", date(2015, 2, 21)), ("05.01.2011", date(2011, 1, 5)),
        ("07-Jul-2010", date(2010, 7, 7)), ("21 March 1973", date(1973, 3, 21)), ("2009-05-17", date(2009, 5, 17)),
        ("01/02/70", date(1970, 2, 1)), ("31/02/2014", None), ("00/00/0000", None), ("3/15/12", None), ("41883", None),
        ("14/03/2031", None), ("2014", None), ("5th June", None), ("01/01/0001", None), ("not known", None), ("2015-13-01", None),
    ],
)  # fmt: skip
def test_dates_of_birth_as_offices_write_them(text: str, born: date | None) -> None:
    assert birth_date(text, TODAY) == born


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    birth_date(text, TODAY)
    year_group(text)
    phone_number(text)
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Reception", 0),
        ("R", 0),
        ("YR", 0),
        ("Year 03", 3),
        ("yr11", 11),
        ("Y5", 5),
        ("6", 6),
        ("Sixth Form", 12),
        ("14", None),
        ("x", None),
    ],
)
def test_year_groups(text: str, year: int | None) -> None:
    assert year_group(text) == year


@pytest.mark.parametrize(
    ("text", "number", "is_odd"),
    [
        ("07700 900490", "+447700900490", False), ("+447700900428", "+447700900428", False),
        ("0044 7700 900 136", "+447700900136", False), ("7700900262", "+447700900262", False),
        ("07700-900447", "+447700900447", False), ("4.47701E+11", None, True), ("ex-directory", None, True),
        ("01632 960123", "+441632960123", True),
    ],
)  # fmt: skip
def test_telephone_numbers(text: str, number: str | None, is_odd: bool) -> None:
    assert phone_number(text) == (number, is_odd)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("TN25 6AA", "TN25 6AA"), (" tn25  6aa ", "TN25 6AA"), ("tn256aa", "TN25 6AA"), ("TN 25 6AA", "TN25 6AA"),
        ("TN2 56AA", "TN25 6AA"), ("TN25-6AA.", "TN25 6AA"), ("Aldington, tn25 6aa", "TN25 6AA"), ("w1a1aa", "W1A 1AA"),
        ("TN25", None), ("n/a", None), ("Aldington", None), ("", None),
    ],
)  # fmt: skip
def test_a_postcode_is_kept_in_one_form(cell: str, kept: str | None) -> None:
    assert postcode(cell) == kept


@pytest.mark.parametrize("name", ["????", "Zofia W?jcik", "12", "🙂", "W\ufffdjcik"])
def test_a_name_without_its_letters_is_for_a_human(name: str) -> None:
    for given_name, family_name in ((name, "Lee"), ("Kim", name)):
        assert settled(read_names(given_name, family_name)[2]) is RowOutcome.NEEDS_HUMAN


@pytest.mark.parametrize("name", ["O’Neill", "李", "Ng", "Мария", "नीक", "D'Arcy-Ünal"])
def test_a_name_in_any_script_has_letters(name: str) -> None:
    assert Finding.NAME_UNREADABLE not in read_names(name, name)[2]


def test_a_row_is_refused_before_it_is_left_to_a_human() -> None:
    assert settled([Finding.NAME_TITLE, Finding.CONSENT_REFUSED]) is RowOutcome.REFUSED
    assert settled([Finding.NAME_TITLE, Finding.LEARNER]) is RowOutcome.NEEDS_HUMAN
    assert settled([Finding.LEARNER]) is None


def test_the_document_lists_every_finding() -> None:
    text = (Path(__file__).parents[2] / "docs" / "importing.md").read_text()

    assert [each for each in (*Finding.values(), *RowOutcome.values()) if f"`{each}`" not in text] == []


def test_a_file_with_semicolons_is_told_so() -> None:
    """It lacks no column, whatever a reader of commas finds."""
    with pytest.raises(Refusal, match="semicolons") as refusal:
        check_header([";".join(HEADER)])
    assert refusal.value.code is RefusalCode.FILE_HEADER_WRONG
    with pytest.raises(Refusal, match="lacks"):
        check_header(["Forename;Surname"])
