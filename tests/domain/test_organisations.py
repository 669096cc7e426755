"""Organisations and their representatives: rule 7."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.people.matching import Likeness
from domain.people.organisations import (
    Authorisation,
    OrganisationRecord,
    check_dates,
    check_revocation,
    check_takes_organisations,
    likeness,
)
from domain.refusals import RefusalCode
from tests.domain.refusals import refused
from tests.domain.rules import make_ruleset

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def test_an_organisation_joins_where_organisations_may_and_its_representative_can_be_recalled() -> None:
    """Rule 7."""
    ruleset = make_ruleset()

    check_takes_organisations(ruleset.constituency("PARTNER"))
    with refused(RefusalCode.NOT_ELIGIBLE):
        check_takes_organisations(ruleset.constituency("STAFF"))
    with refused(RefusalCode.DATES_CONTRADICT):
        check_dates(TODAY, TODAY)
    authorisation = Authorisation(uuid4(), uuid4(), uuid4(), TODAY - DAY, None)
    check_revocation(authorisation, TODAY)
    with refused(RefusalCode.AUTHORISATION_ENDED):
        check_revocation(Authorisation(uuid4(), uuid4(), uuid4(), TODAY - DAY, TODAY), TODAY)


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("FRIENDS OF THÉ MILL", None, Likeness.SAME),
        ("Mill Society", " 01-12 3456", Likeness.SAME),
        ("Mill Society", "SC011234", Likeness.DIFFERENT),
        ("Friends of the Mill", "7654321", Likeness.SAME),  # of two of one name one needs another name
        ("The Friends of Mill Ltd.", None, Likeness.LIKELY),
        ("Friends-of-Mill", None, Likeness.LIKELY),
        ("Mill Society", "1123456", Likeness.LIKELY),  # a company's number has a zero before it, a charity's has none
        ("Friends of the Mile", None, Likeness.DIFFERENT),
    ],
)
def test_an_organisation_is_told_by_its_name_and_its_number(name: str, number: str | None, expected: Likeness) -> None:
    """Rule 7d."""
    known, told = OrganisationRecord("Friends of the Mill", "01123456"), OrganisationRecord(name, number)

    assert likeness(told, known) is likeness(known, told) is expected


@pytest.mark.parametrize("nothing", [None, "n/a", "-", "000"])
def test_what_is_no_number_and_no_name_makes_no_two_the_same(nothing: str | None) -> None:
    assert likeness(OrganisationRecord("Mill", nothing), OrganisationRecord("Weir", nothing)) is Likeness.DIFFERENT
    assert likeness(OrganisationRecord("The Co.", nothing), OrganisationRecord("Ltd", nothing)) is Likeness.DIFFERENT
