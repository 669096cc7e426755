"""When a relationship holds, and how it ends."""

from datetime import date, timedelta

import pytest

from domain.conditions import Facts
from domain.governance.qualification import RelationshipKind
from domain.people.relationships import IS_LEARNER, Relationship, check_end
from domain.refusals import Refusal, RefusalCode

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("until", "is_learner"), [(None, True), (TODAY + timedelta(days=1), True), (TODAY, False)])
def test_a_learner_who_leaves_at_the_end_of_the_year_is_one_until_then(until: date | None, is_learner: bool) -> None:
    relationship = Relationship(RelationshipKind.LEARNER, TODAY - timedelta(days=365), until)

    assert IS_LEARNER.evaluate(Facts(relationships=[relationship], today=TODAY)) is is_learner


def test_a_relationship_ends_once_and_not_before_it_began() -> None:
    relationship = Relationship(RelationshipKind.STAFF, TODAY)

    check_end(relationship, TODAY)
    with pytest.raises(Refusal) as early:
        check_end(relationship, TODAY - timedelta(days=1))
    with pytest.raises(Refusal) as twice:
        check_end(Relationship(RelationshipKind.STAFF, TODAY, TODAY), TODAY)
    assert [early.value.code, twice.value.code] == [RefusalCode.DATES_CONTRADICT, RefusalCode.RELATIONSHIP_ENDED]
