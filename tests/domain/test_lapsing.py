"""What the passing of days does to members: lapsing, and the hand-over to young people (rules 6d and 22b)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.conditions import Facts
from domain.governance.qualification import RelationshipKind
from domain.membership.eligibility import PersonFacts
from domain.membership.lapsing import BEGINS_TO_LAPSE, IS_HANDED_OVER, IS_KEPT, LAPSES, is_due
from domain.membership.lifecycle import Conversion, HeldMembership, Membership, MembershipStatus
from domain.membership.removal import OPEN_STAGES
from domain.notifications.notice import NoticeKind
from domain.people.guardians import Guardianship
from domain.people.relationships import Relationship
from tests.domain.rules import make_ruleset

TODAY = date(2027, 3, 1)
YEAR = timedelta(days=365)
STAFF = Relationship(RelationshipKind.STAFF, TODAY - YEAR)


@dataclass(frozen=True, slots=True)
class Told:
    kind: NoticeKind
    told_on: date


@dataclass(frozen=True, slots=True)
class InForce:
    """A version of the rules."""

    guardian_consent_age: int
    since: date
    until: date | None = None


def held(status: MembershipStatus, *relationships: Relationship, lapses_on: date | None = None) -> HeldMembership:
    membership = Membership(
        uuid4(), uuid4(), None, "STAFF", status, "Amina Bello", "1 High Street", None, TODAY - YEAR, lapses_on
    )
    return HeldMembership(membership, PersonFacts(date(1980, 1, 1), relationships))


def test_a_member_without_ground_begins_to_lapse_and_is_kept_when_it_comes_back() -> None:
    ruleset = make_ruleset()
    left, rule = replace(STAFF, until=TODAY), ruleset.constituency("STAFF")

    for status in (MembershipStatus.ADMITTED, MembershipStatus.SUSPENDED):
        assert is_due(BEGINS_TO_LAPSE, held(status, left), ruleset, rule, TODAY)
        assert not is_due(BEGINS_TO_LAPSE, held(status, STAFF), ruleset, rule, TODAY)
    for status in (MembershipStatus.LAPSING, MembershipStatus.SUSPENDED):
        assert not is_due(BEGINS_TO_LAPSE, held(status, left, lapses_on=TODAY), ruleset, rule, TODAY), "told already"
        assert is_due(IS_KEPT, held(status, STAFF, lapses_on=TODAY), ruleset, rule, TODAY)
        assert not is_due(IS_KEPT, held(status, left, lapses_on=TODAY), ruleset, rule, TODAY)
    assert not is_due(IS_KEPT, held(MembershipStatus.SUSPENDED, STAFF), ruleset, rule, TODAY), "never told"


@pytest.mark.parametrize("status", [MembershipStatus.LAPSING, MembershipStatus.SUSPENDED])
def test_a_suspension_keeps_nobody_from_lapsing_and_an_open_removal_everybody(status: MembershipStatus) -> None:
    """Rules 4g and 4h."""
    ruleset = make_ruleset()
    rule, out_of_grace = ruleset.constituency("STAFF"), held(status, lapses_on=TODAY)

    assert is_due(LAPSES, out_of_grace, ruleset, rule, TODAY)
    for stage in OPEN_STAGES:
        beside = replace(out_of_grace, membership=replace(out_of_grace.membership, removal=stage))
        assert not is_due(LAPSES, beside, ruleset, rule, TODAY)


@pytest.mark.parametrize(
    ("conversions", "lapses"),
    [
        ((), True),
        ((Conversion(MembershipStatus.SUBMITTED),), False),
        ((Conversion(MembershipStatus.UNDER_REVIEW),), False),
        ((Conversion(MembershipStatus.REFUSED),), True),
    ],
)
def test_whoever_asked_for_another_constituency_waits_for_the_answer_as_a_member(
    conversions: tuple[Conversion, ...], lapses: bool
) -> None:
    out_of_grace = held(MembershipStatus.LAPSING, lapses_on=TODAY)
    waiting = replace(out_of_grace, membership=replace(out_of_grace.membership, conversions=conversions))

    ruleset = make_ruleset()
    staff = ruleset.constituency("STAFF")

    assert is_due(LAPSES, waiting, ruleset, staff, TODAY) is lapses
    assert not is_due(LAPSES, waiting, ruleset, staff, TODAY - timedelta(days=1))


BORN = date(2011, 2, 28)
SIXTEEN = date(2027, 2, 28)
GUARDED = Guardianship(uuid4(), uuid4(), BORN, SIXTEEN)
MEMBER = replace(held(MembershipStatus.ADMITTED).membership, registered_on=SIXTEEN)


@pytest.mark.parametrize(
    ("changes", "handed_over"),
    [
        ({}, True),
        ({"today": SIXTEEN}, True),
        ({"today": SIXTEEN - timedelta(days=1)}, False),
        ({"today": SIXTEEN + 3 * YEAR}, True),  # told late rather than never
        ({"born": date(2012, 2, 29), "guardianships": [replace(GUARDED, until=date(2028, 2, 29))],
          "today": date(2028, 2, 29)}, True),
        ({"born": date(2008, 2, 29), "guardianships": [replace(GUARDED, until=date(2024, 2, 28))]}, False),  # a day early
        ({"guardianships": [replace(GUARDED, until=SIXTEEN - timedelta(days=1))]}, False),  # ended before the birthday
        ({"guardianships": [replace(GUARDED, until=None)]}, True),
        ({"guardianships": [replace(GUARDED, until=TODAY + YEAR)]}, True),  # ends, but they need none any more
        ({"guardianships": []}, False),
        ({"memberships": [replace(MEMBER, registered_on=TODAY)]}, True),  # applied for before, admitted or converted after
        ({"memberships": [replace(MEMBER, status=MembershipStatus.RESIGNED)]}, False),
        ({"notices": [Told(NoticeKind.HANDED_OVER, SIXTEEN)]}, False),
        ({"notices": [Told(NoticeKind.HANDED_OVER, SIXTEEN - YEAR)],
          "rulesets": [InForce(13, BORN, SIXTEEN - timedelta(days=1)), InForce(16, SIXTEEN - timedelta(days=1))]}, True),
        ({"notices": [Told(NoticeKind.HANDED_OVER, SIXTEEN - YEAR)],
          "rulesets": [InForce(13, BORN, SIXTEEN), InForce(16, SIXTEEN)]}, False),  # nobody answered for them meanwhile
        ({"notices": [Told(NoticeKind.HANDED_OVER, SIXTEEN - YEAR)],
          "rulesets": [InForce(13, BORN, SIXTEEN - YEAR), InForce(18, SIXTEEN - YEAR, SIXTEEN - YEAR),
                       InForce(13, SIXTEEN - YEAR)]}, False),  # rules that were never in force
        ({"notices": [Told(NoticeKind.HANDED_OVER, SIXTEEN - YEAR)],
          "rulesets": [InForce(16, BORN, SIXTEEN - YEAR), InForce(13, SIXTEEN - YEAR)]}, False),  # before they were told
        ({"notices": [Told(NoticeKind.INVITATION, TODAY)]}, True),
        ({"born": None}, False),
    ],
)  # fmt: skip
def test_a_young_person_is_told_once_that_they_answer_for_themself(
    changes: dict[str, object], handed_over: bool
) -> None:
    child = {
        "born": BORN,
        "guardianships": [GUARDED],
        "memberships": [MEMBER],
        "notices": [],
        "rulesets": [],
        "today": TODAY,
    } | changes

    assert IS_HANDED_OVER.evaluate(Facts(make_ruleset(), **child)) is handed_over
