"""Organisations and their representatives: rule 7."""

from datetime import date, timedelta
from uuid import uuid4

from domain.people.organisations import Authorisation, check_dates, check_revocation, check_takes_organisations
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
