"""When a school belongs to a trust, in which ways: rules 22e and 23b."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest

from domain.refusals import Refusal, RefusalCode
from domain.trusts.schools import Affiliation, AffiliationKind, check_affiliation, ending

FIRST = date(2026, 9, 1)
KINDS = (AffiliationKind.FOUNDATION, AffiliationKind.ASSOCIATE)

REFUSALS = {RefusalCode.AFFILIATION_EXISTS, RefusalCode.NOT_FOUND, RefusalCode.DATES_CONTRADICT}


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def days_of(affiliation: Affiliation) -> set[int]:
    """The days among the first forty on which it holds."""
    since, until = affiliation.since or date.min, affiliation.until or date.max
    return {number for number in range(40) if since <= day(number) < until}


@pytest.mark.parametrize("seed", range(200))
def test_whatever_is_begun_and_ended_no_day_is_covered_twice_in_one_way(seed: int) -> None:
    random = Random(seed)
    known = [Affiliation(uuid4(), KINDS[0], None, None)]
    for today in range(0, 40, 4):
        kind, chosen = random.choice(KINDS), day(random.randrange(40))
        before = [days_of(each) for each in known]
        try:
            if random.random() < 0.5:
                check_affiliation(known, kind, chosen)
                known = [each for each in known if (each.kind, each.since) != (kind, chosen)]
                known.append(Affiliation(uuid4(), kind, chosen, None))
            else:
                ids = {each.id for each in ending(known, chosen, day(today))}
                known = [replace(each, until=chosen) if each.id in ids else each for each in known]
                assert [days_of(each) for each in known] != before, "something has ended"
        except Refusal as refusal:
            assert refusal.code in REFUSALS
        for each in KINDS:
            held = [days_of(affiliation) for affiliation in known if affiliation.kind is each]
            assert sum(map(len, held)) == len(set().union(*held))
        assert all(each.since is None or each.until is None or each.since <= each.until for each in known)
