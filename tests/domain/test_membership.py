"""Rules 2 to 4: eligibility, one membership, and the states of a membership."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ages import age_on, birthday
from domain.governance.qualification import RelationshipKind
from domain.governance.rulesets import Approval
from domain.identity.viewer import Role
from domain.membership.eligibility import (
    Consent,
    EligibilityReason,
    PersonFacts,
    check_plurality,
    choices,
    obstacles,
    reasons,
)
from domain.membership.lifecycle import (
    APPLICATION,
    CURRENT,
    ENDED,
    STEPS,
    Membership,
    MembershipStatus,
    check_decision,
    check_minute,
    check_step,
    deciders,
    status_on_submission,
)
from domain.people.relationships import Relationship, check_birth, check_end
from domain.refusals import Refusal, RefusalCode
from tests.domain.rules import a_ruleset

TODAY = date(2026, 11, 22)
YEAR = timedelta(days=365)
ADULT = date(1980, 1, 1)


def somebody(*kinds: RelationshipKind, born: date | None = ADULT, consents: tuple[Consent, ...] = ()) -> PersonFacts:
    return PersonFacts(born, tuple(Relationship(kind, TODAY - YEAR) for kind in kinds), consents)


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("STAFF", somebody(RelationshipKind.STAFF), []),
        ("STAFF", somebody(RelationshipKind.STAFF, born=None), []),
        ("STAFF", somebody(), [EligibilityReason.NO_RELATIONSHIP]),
        ("COMMUNITY", somebody(RelationshipKind.COMMUNITY, born=None), [EligibilityReason.DATE_OF_BIRTH_NEEDED]),
        ("COMMUNITY", somebody(RelationshipKind.EXTENDED_FAMILY), []),
        (
            "LEARNER",
            somebody(RelationshipKind.LEARNER, born=TODAY - 6 * YEAR),
            [EligibilityReason.TOO_YOUNG, EligibilityReason.GUARDIAN_CONSENT_NEEDED],
        ),
        (
            "LEARNER",
            somebody(RelationshipKind.LEARNER, born=TODAY - 9 * YEAR),
            [EligibilityReason.GUARDIAN_CONSENT_NEEDED],
        ),
        (
            "LEARNER",
            somebody(RelationshipKind.LEARNER, born=TODAY - 9 * YEAR, consents=(Consent(TODAY - YEAR, TODAY + YEAR),)),
            [],
        ),
        (
            "LEARNER",
            somebody(RelationshipKind.LEARNER, born=TODAY - 9 * YEAR, consents=(Consent(TODAY - YEAR, TODAY),)),
            [EligibilityReason.GUARDIAN_CONSENT_NEEDED],
        ),
        ("STAFF", somebody(RelationshipKind.STAFF, born=date(2010, 11, 22)), []),  # an apprentice of 16 (rule 28f)
    ],
)
def test_what_keeps_somebody_out_of_a_constituency(
    code: str, facts: PersonFacts, expected: list[EligibilityReason]
) -> None:
    ruleset = a_ruleset()

    assert obstacles(ruleset, ruleset.constituency(code), facts, TODAY) == expected
    assert reasons(ruleset, ruleset.constituency(code), facts, TODAY) == (expected or [EligibilityReason.QUALIFIES])


def test_parent_staff_and_former_pupil_may_choose_unless_the_rules_put_staff_first() -> None:
    """Rules 3c and 28a."""
    facts = somebody(RelationshipKind.PARENT_CARER, RelationshipKind.STAFF, RelationshipKind.ALUMNUS)
    free, forced = a_ruleset(), a_ruleset(firstClaim=["STAFF"])

    def open_to(ruleset: object) -> list[str]:
        assert ruleset is free or ruleset is forced
        rules = free if ruleset is free else forced
        return [code for code, rule in rules.constituencies.items() if not obstacles(rules, rule, facts, TODAY)]

    assert open_to(free) == ["STAFF", "PARENT_CARER", "COMMUNITY"]
    assert open_to(forced) == ["STAFF"]


def test_one_open_membership_unless_the_rules_allow_several() -> None:
    """Rule 3a."""
    one, several = a_ruleset(), a_ruleset(constituenciesPerPerson="SEVERAL")

    check_plurality(one, [], "STAFF")
    check_plurality(several, ["PARENT_CARER"], "STAFF")
    for ruleset, held in ((one, ["PARENT_CARER"]), (several, ["STAFF"])):
        with pytest.raises(Refusal) as refusal:
            check_plurality(ruleset, held, "STAFF")
        assert refusal.value.code is RefusalCode.ALREADY_A_MEMBER


def test_a_leaver_may_choose_what_needs_only_to_be_said() -> None:
    """Rule 22b: community or alumni, or whatever else they are eligible for."""
    ruleset = a_ruleset()
    left = (Relationship(RelationshipKind.LEARNER, TODAY - 9 * YEAR, TODAY),)
    working = Relationship(RelationshipKind.STAFF, TODAY - YEAR)

    assert [rule.code for rule in choices(ruleset, PersonFacts(TODAY - 18 * YEAR, left), "LEARNER", TODAY)] == [
        "COMMUNITY"
    ]
    assert [
        rule.code for rule in choices(ruleset, PersonFacts(TODAY - 18 * YEAR, (*left, working)), "LEARNER", TODAY)
    ] == ["STAFF", "COMMUNITY"]
    assert choices(ruleset, PersonFacts(TODAY - 11 * YEAR, left), "LEARNER", TODAY) == [], "too young for the others"


@given(st.sampled_from(MembershipStatus), st.sampled_from(MembershipStatus))
def test_only_the_listed_steps_can_be_taken(status: MembershipStatus, to: MembershipStatus) -> None:
    """Rules 4a and 4b."""
    if to in STEPS.get(status, ()):
        check_step(status, to)
        return
    with pytest.raises(Refusal) as refusal:
        check_step(status, to)
    assert refusal.value.code in {
        RefusalCode.APPLICATION_NOT_OPEN,
        RefusalCode.CONSENT_WITHDRAWN,
        RefusalCode.MEMBERSHIP_NOT_OPEN,
    }


def test_nothing_ended_begins_again_and_every_member_can_leave() -> None:
    """Rules 4b and 4e: an entry that has ceased stays ceased; a new application makes a new one."""
    assert all(status not in STEPS for status in ENDED | {MembershipStatus.REFUSED, MembershipStatus.WITHDRAWN})
    assert all(MembershipStatus.RESIGNED in STEPS[status] for status in CURRENT)
    assert all(MembershipStatus.WITHDRAWN in STEPS[status] for status in APPLICATION)
    assert not any(STEPS[status] & ENDED for status in APPLICATION), "never on the register"


def a_membership(status: MembershipStatus = MembershipStatus.SUBMITTED) -> Membership:
    return Membership(uuid4(), uuid4(), None, "STAFF", status, "Amina Bello", "1 High Street", None, None)


def test_nobody_decides_on_their_own_application_or_their_organisations() -> None:
    """Rule 17d: separation of duties."""
    membership, officer = a_membership(), uuid4()
    assert membership.person_id is not None

    check_decision(membership, MembershipStatus.ADMITTED, officer)
    for decided_by, represents in ((membership.person_id, False), (officer, True)):
        with pytest.raises(Refusal) as refusal:
            check_decision(membership, MembershipStatus.ADMITTED, decided_by, represents)
        assert refusal.value.code is RefusalCode.OWN_APPLICATION


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (MembershipStatus.DRAFT, RefusalCode.APPLICATION_NOT_OPEN),
        (MembershipStatus.ADMITTED, RefusalCode.APPLICATION_NOT_OPEN),
        (MembershipStatus.LAPSING, RefusalCode.APPLICATION_NOT_OPEN),  # not by admitting is a member kept
        (MembershipStatus.REFUSED, RefusalCode.APPLICATION_NOT_OPEN),
        (MembershipStatus.WITHDRAWN, RefusalCode.CONSENT_WITHDRAWN),
    ],
)
def test_only_what_was_sent_and_is_open_is_decided(status: MembershipStatus, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as refusal:
        check_decision(a_membership(status), MembershipStatus.ADMITTED, uuid4())

    assert refusal.value.code is code


def test_who_decides_follows_the_rules_of_the_constituency() -> None:
    facts = a_ruleset().constituencies["STAFF"]
    board = a_ruleset(
        constituencies=[
            {
                "code": "STAFF", "name": "Staff", "qualifyingKinds": ["STAFF"], "takesOrganisations": False,
                "isCompanyMember": True, "approval": "BOARD", "joinAge": 0, "voteAge": 0, "standAge": 16,
                "officeAge": 18, "graceDays": 0,
            }
        ]
    ).constituencies["STAFF"]  # fmt: skip

    assert facts.approval is Approval.OFFICER
    assert deciders(facts) == (Role.MEMBERSHIP_OFFICER,)
    assert deciders(board) == (Role.CLERK,)
    check_minute(facts, None)
    with pytest.raises(Refusal) as refusal:
        check_minute(board, " ")
    assert refusal.value.code is RefusalCode.MINUTE_NEEDED
    with pytest.raises(Refusal) as refusal:
        status_on_submission(board, consents=False)
    assert refusal.value.code is RefusalCode.CONSENT_REQUIRED


@pytest.mark.parametrize("born", [date(2100, 1, 1), date(1890, 1, 1)])
def test_nobody_is_born_tomorrow_or_older_than_anybody(born: date) -> None:
    with pytest.raises(Refusal) as refusal:
        check_birth(born, TODAY)

    assert refusal.value.code is RefusalCode.DATES_CONTRADICT


def test_a_relationship_ends_once_and_not_before_it_began() -> None:
    fact = Relationship(RelationshipKind.STAFF, TODAY)

    check_end(fact, TODAY)
    with pytest.raises(Refusal) as early:
        check_end(fact, TODAY - timedelta(days=1))
    with pytest.raises(Refusal) as twice:
        check_end(Relationship(RelationshipKind.STAFF, TODAY, TODAY), TODAY)
    assert [early.value.code, twice.value.code] == [RefusalCode.DATES_CONTRADICT, RefusalCode.RELATIONSHIP_ENDED]


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 100))
def test_a_birthday_is_the_first_day_of_an_age(born: date, age: int) -> None:
    day = birthday(born, age)

    assert age_on(born, day) == age
    assert age == 0 or age_on(born, day - timedelta(days=1)) == age - 1
