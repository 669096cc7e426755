"""Guardians and their consent, and how a child is reached: rule 6."""

from datetime import date
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from domain.people.guardians import ContactRoute, check_consent, check_guardianship, check_is_guardian, contact_route
from domain.refusals import RefusalCode
from tests.domain.refusals import refused
from tests.domain.rules import make_ruleset

TODAY = date(2026, 11, 22)


def test_a_guardian_answers_for_a_child_that_does_not_answer_for_itself() -> None:
    """Rule 6d."""
    child, guardian, ruleset = uuid4(), uuid4(), make_ruleset(guardianConsentAge=16)
    born = date(2015, 6, 1)

    check_guardianship(ruleset, child, guardian, born, None, TODAY)
    with refused(RefusalCode.OWN_GUARDIAN):
        check_guardianship(ruleset, child, child, born, None, TODAY)
    check_guardianship(ruleset, child, guardian, None, None, TODAY)  # a child until its age is known (rule 6k)
    with refused(RefusalCode.NO_CHILD):
        check_guardianship(ruleset, child, guardian, date(2010, 11, 22), None, TODAY)
    with refused(RefusalCode.NOT_A_GUARDIAN):
        check_guardianship(ruleset, child, guardian, born, date(2009, 1, 1), TODAY)
    with refused(RefusalCode.NOT_A_GUARDIAN):
        check_is_guardian(False)


def test_consent_is_given_for_a_child_and_for_a_time_to_come() -> None:
    ruleset = make_ruleset(guardianConsentAge=16)
    born = date(2015, 6, 1)

    for expires_on in (None, date(2027, 1, 1)):
        check_consent(ruleset, born, expires_on, TODAY)
    with refused(RefusalCode.DATES_CONTRADICT):
        check_consent(ruleset, born, TODAY, TODAY)
    check_consent(ruleset, None, None, TODAY)
    with refused(RefusalCode.NO_CHILD):
        check_consent(ruleset, date(2010, 11, 22), None, TODAY)


@given(
    st.one_of(st.none(), st.dates(date(1950, 1, 1), TODAY), st.dates(date(2009, 1, 1), date(2015, 1, 1))),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(13, 16),
)
def test_no_child_below_the_age_of_digital_consent_is_written_to_directly(
    born: date | None, is_learner: bool, has_mailbox: bool, has_guardian: bool, age: int
) -> None:
    """Rule 6e: route through guardian or school, also for a learner whose age nobody knows; the age is the ruleset's."""
    ruleset = make_ruleset(digitalConsent=[{"since": "2017-01-01", "age": age}])
    route = contact_route(ruleset, born, is_learner, has_mailbox, has_guardian, TODAY)

    if (born is None and is_learner) or (born is not None and born > date(2026 - age, 11, 22)):
        assert route is (ContactRoute.GUARDIAN if has_guardian else ContactRoute.SCHOOL)
    if (born is None and not is_learner) or (born is not None and born <= date(2008, 11, 22)):
        assert route is ContactRoute.OWN
