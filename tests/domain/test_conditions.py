"""Conditions, node by node: what each says of facts that are there, and of facts nobody knows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conditions import (
    HOLDS,
    NOW,
    AgeAtLeast,
    Asked,
    Condition,
    Exists,
    Facts,
    FirstThatHolds,
    Holds,
    OneOf,
    Reached,
    Rule,
    Same,
    Unknown,
    YoungerThan,
    each_that_holds,
)
from domain.described import DescribedEnum

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


class Colour(DescribedEnum):
    RED = "RED", "Red."
    GREEN = "GREEN", "Green."


RED = OneOf("colour", frozenset({Colour.RED}))


@dataclass(frozen=True, slots=True)
class Ball:
    colour: Colour | None


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        (Unknown("colour"), Facts(colour=None), True),
        (Unknown("colour"), Facts(colour=Colour.RED), False),
        (Holds("is_open"), Facts(is_open=True), True),
        (Holds("is_open"), Facts(is_open=False), False),
        (Holds("is_open"), Facts(is_open=None), False),
        (Holds(Rule("may_vote")), Facts(may_vote=True), True),
        (RED, Facts(colour=Colour.RED), True),
        (RED, Facts(colour=Colour.GREEN), False),
        (RED, Facts(colour=None), False),
        (OneOf("colour", Rule("colours")), Facts(colour=Colour.RED, colours=(Colour.RED,)), True),
        (OneOf("colour", Rule("colours")), Facts(colour=Colour.RED, colours=()), False),
        (OneOf("colour", Rule("colours")), Facts(colour=None, colours=(Colour.RED,)), False),
        (Same("one", "other"), Facts(one=1, other=1), True),
        (Same("one", "other"), Facts(one=1, other=2), False),
        (Same("one", "other"), Facts(one=1, other=None), False),
        (Same("one", "other"), Facts(one=None, other=None), False),
        (Reached("opens_at", NOW), Facts(opens_at=NOON, now=NOON), True),
        (Reached("opens_at", NOW), Facts(opens_at=NOON, now=NOON - TICK), False),
        (Reached("opens_at", NOW), Facts(opens_at=None, now=NOON), False),
        (Reached("since", "until"), Facts(since=DAY, until=DAY), True),
        (Reached("since", "until"), Facts(since=DAY, until=None), False),
        (AgeAtLeast("born", 18), Facts(born=date(2008, 3, 1), today=DAY), True),
        (AgeAtLeast("born", 18), Facts(born=date(2008, 3, 2), today=DAY), False),
        (AgeAtLeast("born", 18), Facts(born=date(2008, 2, 29), today=date(2026, 2, 28)), False),
        (AgeAtLeast("born", 18), Facts(born=date(2008, 2, 29), today=DAY), True),
        (AgeAtLeast("born", 18), Facts(born=None, today=DAY), False),
        (AgeAtLeast("born", Rule("age"), on="until"), Facts(born=date(2008, 3, 1), until=DAY, age=18), True),
        (AgeAtLeast("born", Rule("age"), on="until"), Facts(born=date(2008, 3, 1), until=None, age=18), False),
        (YoungerThan("born", 18), Facts(born=None, today=DAY), False),
        (YoungerThan("born", 18), Facts(born=date(2008, 3, 2), today=DAY), True),
        (Asked(Rule("age")), Facts(age=0), False),
        (Asked(Rule("age")), Facts(age=1), True),
        (Exists("balls", RED), Facts(balls=[Ball(Colour.GREEN), Ball(Colour.RED)]), True),
        (Exists("balls", RED), Facts(balls=[Ball(None)]), False),
        (Exists("balls", RED), Facts(balls=[]), False),
        (Exists("balls", RED & Same("size", "wanted")), Facts(balls=[Ball(Colour.RED)], size=1, wanted=1), True),
    ],
)
def test_a_condition_holds_or_does_not_and_so_does_its_opposite(
    condition: Condition, facts: Facts, holds: bool
) -> None:
    assert condition.evaluate(facts) is holds
    assert (~condition).evaluate(facts) is not holds
    assert (~~condition).evaluate(facts) is holds


@given(st.booleans(), st.booleans(), st.booleans())
def test_conditions_are_put_together_as_words_are(a: bool, b: bool, c: bool) -> None:
    facts = Facts(a=a, b=b, c=c)

    assert (Holds("a") & Holds("b") | ~Holds("c")).evaluate(facts) is ((a and b) or not c)
    assert (Holds("a") & (Holds("b") | ~Holds("c"))).evaluate(facts) is (a and (b or not c))


@given(DAYS, st.one_of(st.none(), DAYS), DAYS)
def test_a_period_holds_from_its_first_day_up_to_the_day_before_until(
    since: date, until: date | None, day: date
) -> None:
    assert HOLDS.evaluate(Facts(since=since, until=until, today=day)) is (since <= day < (until or date.max))


@given(DAYS, DAYS, st.integers(0, 100))
def test_whoever_is_not_at_least_an_age_is_younger_where_the_birth_is_known(born: date, day: date, age: int) -> None:
    facts = Facts(born=born, today=day, age=age)

    assert AgeAtLeast("born", Rule("age")).evaluate(facts) is not YoungerThan("born", age).evaluate(facts)


def test_the_first_value_that_holds_is_taken_and_none_where_none_does() -> None:
    decision = FirstThatHolds(((Colour.RED, Holds("warm")), (Colour.GREEN, ~Unknown("warm"))))

    found = [decision.evaluate(Facts(warm=warm)) for warm in (True, False, None)]
    assert found == [Colour.RED, Colour.GREEN, None]
    assert each_that_holds(dict(decision.cases), Facts(warm=True)) == [Colour.RED, Colour.GREEN]


def test_a_fact_that_nothing_tells_is_a_mistake_and_not_unknown() -> None:
    with pytest.raises(LookupError, match="nothing tells 'colour'"):
        RED.evaluate(Facts(color=Colour.RED))
