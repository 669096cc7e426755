from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.governance.qualification import RelationshipKind
from domain.people.relationships import Relationship, age_on, holds_on, qualifies

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


@given(DAYS, st.one_of(st.none(), DAYS), DAYS)
def test_a_relationship_holds_from_its_first_day_up_to_the_day_before_until(
    since: date, until: date | None, day: date
) -> None:
    relationship = Relationship(RelationshipKind.STAFF, since, until)

    assert holds_on(relationship, day) == (since <= day < (until or date.max))


def test_only_kinds_of_the_constituency_qualify() -> None:
    parent = Relationship(RelationshipKind.PARENT_CARER, date(2020, 1, 1))

    assert qualifies([parent], {RelationshipKind.PARENT_CARER}, date(2024, 1, 1))
    assert not qualifies([parent], {RelationshipKind.STAFF}, date(2024, 1, 1))
    assert not qualifies([], {RelationshipKind.STAFF}, date(2024, 1, 1))
