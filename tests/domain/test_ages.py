"""Ages, birthdays and age bands."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ages import age_on
from domain.conditions import Facts
from domain.people.relationships import AGE_BANDS, AgeBand, check_birth
from domain.refusals import Refusal, RefusalCode
from tests.birthdays import birthday

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_somebody_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    assert age_on(date(2008, 2, 29), date(2024, 2, 28)) == 15
    assert age_on(date(2008, 2, 29), date(2024, 2, 29)) == 16
    assert age_on(date(2008, 2, 29), date(2025, 2, 28)) == 16
    assert age_on(date(2008, 2, 29), date(2025, 3, 1)) == 17


@given(DAYS, DAYS)
def test_an_age_grows_by_one_exactly_on_birthdays(born: date, day: date) -> None:
    grown = age_on(born, day + timedelta(days=1)) - age_on(born, day)

    is_birthday = (day + timedelta(days=1)).strftime("%m-%d") == born.strftime("%m-%d")
    is_first_of_march_instead = (
        born.strftime("%m-%d") == "02-29" and (day + timedelta(days=1)).strftime("%m-%d") == "03-01"
    )
    assert grown in (0, 1)
    assert grown == 0 or is_birthday or is_first_of_march_instead


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (None, None),
        (TODAY, AgeBand.UNDER_6),
        (date(2020, 11, 22), AgeBand.FROM_6_TO_9),
        (date(2013, 11, 23), AgeBand.FROM_10_TO_12),
        (date(2013, 11, 22), AgeBand.FROM_13_TO_15),
        (date(2008, 11, 23), AgeBand.FROM_16_TO_17),
        (date(2008, 11, 22), AgeBand.ADULT),
    ],
)
def test_an_age_is_told_as_a_band(born: date | None, band: AgeBand | None) -> None:
    assert AGE_BANDS.evaluate(Facts(born=born, today=TODAY)) is band


@pytest.mark.parametrize("born", [date(2100, 1, 1), date(1890, 1, 1)])
def test_nobody_is_born_tomorrow_or_older_than_anybody(born: date) -> None:
    with pytest.raises(Refusal) as refusal:
        check_birth(born, TODAY)

    assert refusal.value.code is RefusalCode.DATES_CONTRADICT


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 100))
def test_a_birthday_is_the_first_day_of_an_age(born: date, age: int) -> None:
    day = birthday(born, age)

    assert age_on(born, day) == age
    assert age == 0 or age_on(born, day - timedelta(days=1)) == age - 1
