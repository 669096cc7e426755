"""Rules 9c and 19c: days are those of London's clock, also where clocks change between them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.consultations.consultation import Consultation, ConsultationStatus, check_publication
from domain.days import days_later
from domain.governance.consultations import ConsultationKind
from domain.polls.poll import Poll, PollStatus, Secrecy, check_notice
from domain.refusals import Refusal, RefusalCode
from tests.domain.rules import make_ruleset

SECOND = timedelta(seconds=1)
RULES = make_ruleset(resolutionNoticeDays=14)
# a summer, a spring and an autumn: a moment, and 14 days later, as clocks in London show them
FORTNIGHTS = [
    ("2027-07-01T09:00+01:00", "2027-07-15T09:00+01:00"),
    ("2027-03-20T09:00+00:00", "2027-04-03T09:00+01:00"),
    ("2027-10-25T09:00+01:00", "2027-11-08T09:00+00:00"),
]
MONTHS = [
    ("2027-06-01T09:00+01:00", "2027-06-29T09:00+01:00"),
    ("2027-03-01T09:00+00:00", "2027-03-29T09:00+01:00"),
    ("2027-10-04T09:00+01:00", "2027-11-01T09:00+00:00"),
]


@pytest.mark.parametrize(
    ("moment", "days", "later"),
    [
        *((moment, 14, later) for moment, later in FORTNIGHTS),
        ("2027-03-20T23:30+00:00", 14, "2027-04-03T22:30+00:00"),  # given in UTC
        ("2027-03-14T01:30+00:00", 14, "2027-03-28T01:30+00:00"),  # a time that night has not: as if before the change
        ("2027-10-17T01:30+01:00", 14, "2027-10-31T01:30+01:00"),  # a time that night has twice: the first
    ],
)
def test_a_day_later_is_the_same_time_by_londons_clock(moment: str, days: int, later: str) -> None:
    assert days_later(datetime.fromisoformat(moment), days) == datetime.fromisoformat(later)


@pytest.mark.parametrize(("given", "opens"), FORTNIGHTS)
def test_notice_is_so_many_days_by_londons_clock(given: str, opens: str) -> None:
    opens_at = datetime.fromisoformat(opens).astimezone(UTC)
    now = datetime.fromisoformat(given).astimezone(UTC)
    poll = Poll(uuid4(), "Poll", PollStatus.DRAFT, Secrecy.RECORDED, opens_at, opens_at + timedelta(days=7))

    check_notice(poll, [], RULES, now)
    with pytest.raises(Refusal) as refused:
        check_notice(poll, [], RULES, now + SECOND)
    assert refused.value.code is RefusalCode.NOTICE_TOO_SHORT


@pytest.mark.parametrize(("opens", "closes"), MONTHS)
def test_a_consultation_lasts_so_many_days_by_londons_clock(opens: str, closes: str) -> None:
    opens_at, closes_at = [datetime.fromisoformat(each).astimezone(UTC) for each in (opens, closes)]
    rules, now = make_ruleset(consultationDays={"STATUTORY_PROPOSAL": 28}), opens_at - timedelta(days=9)

    def draft(closes_at: datetime) -> Consultation:
        kind, status = ConsultationKind.STATUTORY_PROPOSAL, ConsultationStatus.DRAFT
        return Consultation(uuid4(), kind, status, opens_at, closes_at)

    assert check_publication(draft(closes_at), 1, rules, now) == opens_at
    with pytest.raises(Refusal) as refused:
        check_publication(draft(closes_at - SECOND), 1, rules, now)
    assert refused.value.code is RefusalCode.CONSULTATION_TOO_SHORT
