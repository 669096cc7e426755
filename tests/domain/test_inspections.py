"""Requests to inspect the register: Companies Act 2006, rule 5."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import Refusal, RefusalCode
from domain.register.inspections import check_answer, due_day

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
