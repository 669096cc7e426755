"""Rules 4 to 7 for the register, removals, guardians and organisations."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.membership.removal import (
    Removal,
    RemovalStage,
    check_appeal,
    check_case,
    decide,
    decide_appeal,
    notice_until,
    takes_effect,
)
from domain.notifications.notice import MARKETING, NoticeKind, is_withheld
from domain.people.guardians import ContactRoute, check_guardianship, check_is_guardian, consent_until, contact_route
from domain.people.organisations import Authorisation, check_dates, check_revocation, check_takes_organisations
from domain.refusals import Refusal, RefusalCode
from domain.register.inspections import check_answer, due_day
from domain.register.lines import RegisterChange, RegisterLine, as_at
from tests.domain.rules import a_ruleset

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2024, 2031))


@pytest.mark.parametrize(
    ("asked_on", "due_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Monday to Monday
        (date(2026, 11, 21), date(2026, 11, 27)),  # asked on a Saturday
        (date(2026, 12, 23), date(2027, 1, 4)),  # over Christmas, Boxing Day (kept on Monday 28) and New Year
        (date(2027, 3, 24), date(2027, 4, 2)),  # over Good Friday and Easter Monday
    ],
)
def test_an_inspection_is_due_in_five_working_days(asked_on: date, due_on: date) -> None:
    """Companies Act 2006 s.117(1)."""
    assert due_day(asked_on, 5, set(ENGLAND)) == due_on


@given(st.dates(date(2024, 1, 1), date(2029, 12, 1)), st.integers(1, 20))
def test_a_due_day_is_a_working_day_with_as_many_before_it(asked_on: date, working_days: int) -> None:
    due = due_day(asked_on, working_days, set(ENGLAND))

    between = [asked_on + n * DAY for n in range(1, (due - asked_on).days + 1)]
    assert sum(day.weekday() < 5 and day not in ENGLAND for day in between) == working_days
    assert due.weekday() < 5
    assert due not in ENGLAND


def test_a_request_is_answered_once() -> None:
    check_answer(False)
    with pytest.raises(Refusal) as refusal:
        check_answer(True)
    assert refusal.value.code is RefusalCode.REQUEST_ANSWERED


def a_line(number: int, hours: int, name: str, ceased: bool = False) -> RegisterLine:
    entered = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    day = entered.date()
    change = RegisterChange.CEASED if ceased else RegisterChange.ENTERED
    return RegisterLine(
        UUID(int=number),
        number,
        change,
        name,
        "1 High Street",
        "STAFF",
        date(2026, 1, 1),
        day if ceased else None,
        day,
        entered,
    )


def test_the_register_as_at_a_moment_is_what_had_been_written_by_then() -> None:
    """Rule 5e."""
    lines = [a_line(2, 3, "Bo"), a_line(1, 1, "Al"), a_line(1, 5, "Alan"), a_line(2, 7, "Bo", ceased=True)]

    def at(hour: int) -> dict[int, tuple[str, bool]]:
        found = as_at(lines, datetime(2026, 1, 1, hour, tzinfo=UTC))
        return {number: (line.name, line.ceased_on is not None) for number, line in found.items()}

    assert at(0) == {}
    assert at(1) == {1: ("Al", False)}
    assert at(4) == {1: ("Al", False), 2: ("Bo", False)}
    assert at(6) == {1: ("Alan", False), 2: ("Bo", False)}
    assert at(8) == {1: ("Alan", False), 2: ("Bo", True)}, "former members stay on the register"


# -- removal --------------------------------------------------------------------------------------------------------


def a_removal(stage: RemovalStage = RemovalStage.PROPOSED, appeal_until: date | None = None) -> Removal:
    return Removal(uuid4(), uuid4(), stage, uuid4(), TODAY, appeal_until)


def refused(code: RefusalCode) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code is code)


def test_a_removal_is_decided_after_notice_by_a_majority() -> None:
    """Rule 4g: ground, notice, a chance to be heard, a vote."""
    ruleset = a_ruleset(removalNoticeDays=14, removalAppealDays=28)

    assert notice_until(ruleset, TODAY) == TODAY + 14 * DAY
    with refused(RefusalCode.NOTICE_TOO_SHORT):
        decide(a_removal(), ruleset, 9, 0, TODAY - DAY)
    with refused(RefusalCode.INPUT_INVALID):
        decide(a_removal(), ruleset, 0, 0, TODAY)
    with refused(RefusalCode.INPUT_INVALID):
        decide(a_removal(), ruleset, 3, -1, TODAY)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        decide(a_removal(RemovalStage.APPEALED), ruleset, 9, 0, TODAY)
    assert decide(a_removal(), ruleset, 4, 4, TODAY) == (RemovalStage.DISMISSED, None), "a tie is no majority"
    assert decide(a_removal(), ruleset, 5, 4, TODAY) == (RemovalStage.DECIDED, TODAY + 28 * DAY)
    assert decide(a_removal(), a_ruleset(removalAppealDays=0), 5, 4, TODAY) == (RemovalStage.REMOVED, None)


def test_an_appeal_is_made_in_time_and_decided_by_somebody_else() -> None:
    decided = a_removal(RemovalStage.DECIDED, TODAY + DAY)
    appealed = a_removal(RemovalStage.APPEALED, TODAY + DAY)

    check_appeal(decided, TODAY)
    assert not takes_effect(decided, TODAY)
    assert takes_effect(decided, TODAY + DAY)
    assert not takes_effect(appealed, TODAY + DAY), "an appeal holds it up"
    with refused(RefusalCode.APPEAL_TOO_LATE):
        check_appeal(decided, TODAY + DAY)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        check_appeal(appealed, TODAY)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        check_case(decided)
    with refused(RefusalCode.OWN_PROPOSAL):
        decide_appeal(appealed, False, appealed.proposed_by)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        decide_appeal(decided, False, uuid4())
    assert decide_appeal(appealed, True, uuid4()) is RemovalStage.DISMISSED
    assert decide_appeal(appealed, False, uuid4()) is RemovalStage.REMOVED


# -- guardians ------------------------------------------------------------------------------------------------------


def test_a_guardian_answers_for_a_child_until_it_answers_for_itself() -> None:
    """Rule 6d: hand-over at the birthday."""
    child, guardian, ruleset = uuid4(), uuid4(), a_ruleset(guardianConsentAge=16)
    born = date(2015, 6, 1)

    assert check_guardianship(ruleset, child, guardian, born, None, TODAY) == date(2031, 6, 1)
    with refused(RefusalCode.OWN_GUARDIAN):
        check_guardianship(ruleset, child, child, born, None, TODAY)
    for nobody in (None, date(2010, 11, 22)):
        with refused(RefusalCode.NO_CHILD):
            check_guardianship(ruleset, child, guardian, nobody, None, TODAY)
    with refused(RefusalCode.NOT_A_GUARDIAN):
        check_guardianship(ruleset, child, guardian, born, date(2009, 1, 1), TODAY)
    with refused(RefusalCode.NOT_A_GUARDIAN):
        check_is_guardian(False)


def test_consent_ends_at_the_birthday_of_the_hand_over_or_earlier() -> None:
    ruleset = a_ruleset(guardianConsentAge=16)
    born = date(2015, 6, 1)

    assert consent_until(ruleset, born, None, TODAY) == date(2031, 6, 1)
    assert consent_until(ruleset, born, date(2027, 1, 1), TODAY) == date(2027, 1, 1)
    assert consent_until(ruleset, born, date(2050, 1, 1), TODAY) == date(2031, 6, 1)
    with refused(RefusalCode.DATES_CONTRADICT):
        consent_until(ruleset, born, TODAY, TODAY)
    for nobody in (None, date(2010, 11, 22)):
        with refused(RefusalCode.NO_CHILD):
            consent_until(ruleset, nobody, None, TODAY)


@given(st.one_of(st.none(), st.dates(date(1950, 1, 1), TODAY)), st.booleans(), st.booleans(), st.booleans())
def test_no_child_below_the_age_of_digital_consent_is_written_to_directly(
    born: date | None, is_learner: bool, has_mailbox: bool, has_guardian: bool
) -> None:
    """Rule 6e: route through guardian or school, also for a learner whose age nobody knows."""
    route = contact_route(a_ruleset(), born, is_learner, has_mailbox, has_guardian, TODAY)

    if (born is None and is_learner) or (born is not None and born > date(2013, 11, 22)):
        assert route is (ContactRoute.GUARDIAN if has_guardian else ContactRoute.SCHOOL)
    if (born is None and not is_learner) or (born is not None and born <= date(2008, 11, 22)):
        assert route is ContactRoute.OWN


# -- organisations and notices --------------------------------------------------------------------------------------


def test_an_organisation_joins_where_organisations_may_and_its_representative_can_be_recalled() -> None:
    """Rule 7."""
    ruleset = a_ruleset()

    check_takes_organisations(ruleset.constituency("PARTNER"))
    with refused(RefusalCode.NOT_ELIGIBLE):
        check_takes_organisations(ruleset.constituency("STAFF"))
    with refused(RefusalCode.DATES_CONTRADICT):
        check_dates(TODAY, TODAY)
    authorisation = Authorisation(uuid4(), uuid4(), uuid4(), TODAY - DAY, None)
    check_revocation(authorisation, TODAY)
    with refused(RefusalCode.AUTHORISATION_ENDED):
        check_revocation(Authorisation(uuid4(), uuid4(), uuid4(), TODAY - DAY, TODAY), TODAY)


@pytest.mark.parametrize("kind", NoticeKind)
def test_only_marketing_honours_the_opt_out(kind: NoticeKind) -> None:
    """Rule 21a."""
    assert is_withheld(kind, opted_out=True) == (kind in MARKETING)
    assert not is_withheld(kind, opted_out=False)
