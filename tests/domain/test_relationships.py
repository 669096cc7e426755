"""When a relationship holds, and how it ends."""

from datetime import date, timedelta

import pytest

from domain.conditions import Facts
from domain.governance.qualification import RelationshipKind
from domain.people.relationships import IS_LEARNER, Relationship, check_end
from domain.refusals import RefusalCode
from tests.domain.refusals import refused

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


@pytest.mark.parametrize(("until", "is_learner"), [(None, True), (TODAY + timedelta(days=1), True), (TODAY, False)])
def test_a_learner_who_leaves_at_the_end_of_the_year_is_one_until_then(until: date | None, is_learner: bool) -> None:
    relationship = Relationship(RelationshipKind.LEARNER, TODAY - timedelta(days=365), until)

    assert IS_LEARNER.evaluate(Facts(relationships=[relationship], today=TODAY)) is is_learner


def test_a_relationship_ends_once_and_not_before_it_began() -> None:
    relationship = Relationship(RelationshipKind.STAFF, TODAY)

    check_end(relationship, TODAY, TODAY)
    with refused(RefusalCode.DATES_CONTRADICT):
        check_end(relationship, TODAY - DAY, TODAY)
    with refused(RefusalCode.RELATIONSHIP_ENDED):
        check_end(Relationship(RelationshipKind.STAFF, TODAY - DAY, TODAY), TODAY - DAY, TODAY)


def test_an_end_to_come_is_brought_forward_and_not_put_off() -> None:
    announced = Relationship(RelationshipKind.STAFF, TODAY, TODAY + 2 * DAY)

    check_end(announced, TODAY + DAY, TODAY)
    for until in (TODAY + 2 * DAY, TODAY + 3 * DAY):
        with refused(RefusalCode.RELATIONSHIP_ENDED):
            check_end(announced, until, TODAY)
