"""Rules 2 and 3: eligibility, and one membership."""

from datetime import date, timedelta

import pytest

from domain.governance.qualification import RelationshipKind
from domain.membership.eligibility import (
    Consent,
    EligibilityReason,
    PersonFacts,
    check_eligible,
    check_plurality,
    choices,
    obstacles,
    reasons,
)
from domain.people.relationships import Relationship, RelationshipSource
from domain.refusals import Refusal, RefusalCode, told_as
from tests.domain.rules import make_ruleset

TODAY = date(2026, 11, 22)
YEAR = timedelta(days=365)
ADULT = date(1980, 1, 1)


def somebody(*kinds: RelationshipKind, born: date | None = ADULT, consents: tuple[Consent, ...] = ()) -> PersonFacts:
    return PersonFacts(born, tuple(Relationship(kind, TODAY - YEAR) for kind in kinds), consents)


def by_the_school(*kinds: RelationshipKind) -> PersonFacts:
    """Of whom the school knows no date of birth."""
    source = RelationshipSource.SCHOOL_SYSTEM
    return PersonFacts(None, tuple(Relationship(kind, TODAY - YEAR, None, source) for kind in kinds))


@pytest.mark.parametrize(
    ("code", "person", "expected"),
    [
        ("STAFF", somebody(RelationshipKind.STAFF), []),
        # of whose age nobody knows: a child, until the school says that they work there (rule 6k)
        ("STAFF", somebody(RelationshipKind.STAFF, born=None), [EligibilityReason.DATE_OF_BIRTH_NEEDED]),
        ("STAFF", by_the_school(RelationshipKind.STAFF), []),
        ("PARENT_CARER", by_the_school(RelationshipKind.PARENT_CARER), []),
        (
            "PARENT_CARER",
            by_the_school(RelationshipKind.PARENT_CARER, RelationshipKind.LEARNER),
            [EligibilityReason.DATE_OF_BIRTH_NEEDED],
        ),
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
    code: str, person: PersonFacts, expected: list[EligibilityReason]
) -> None:
    ruleset = make_ruleset()

    assert obstacles(ruleset, ruleset.constituency(code), person, TODAY) == expected
    assert reasons(ruleset, ruleset.constituency(code), person, TODAY) == (expected or [EligibilityReason.QUALIFIES])


def test_parent_staff_and_former_pupil_may_choose_unless_the_rules_put_staff_first() -> None:
    """Rules 3c and 28a."""
    person = somebody(RelationshipKind.PARENT_CARER, RelationshipKind.STAFF, RelationshipKind.ALUMNUS)
    free, forced = make_ruleset(), make_ruleset(firstClaim=["STAFF"])

    def open_to(ruleset: object) -> list[str]:
        assert ruleset is free or ruleset is forced
        rules = free if ruleset is free else forced
        return [code for code, rule in rules.constituencies.items() if not obstacles(rules, rule, person, TODAY)]

    assert open_to(free) == ["STAFF", "PARENT_CARER", "COMMUNITY"]
    assert open_to(forced) == ["STAFF"]


def test_whatever_keeps_somebody_out_is_refused_at_once_and_told_of_the_fields_of_the_command() -> None:
    ruleset = make_ruleset()
    child = somebody(RelationshipKind.STAFF, born=TODAY - 6 * YEAR)

    with pytest.raises(Refusal) as raised, told_as(constituency="id"):
        check_eligible(ruleset, ruleset.constituency("LEARNER"), child, TODAY)

    told = [(each.code, each.field, each.parameters) for each in (raised.value, *raised.value.others)]
    assert told == [
        (RefusalCode.NOT_ELIGIBLE, "id", {}),
        (RefusalCode.TOO_YOUNG, "date_of_birth", {"age": ruleset.constituency("LEARNER").join_age}),
        (RefusalCode.GUARDIAN_CONSENT_NEEDED, "date_of_birth", {"age": ruleset.guardian_consent_age}),
    ]


def test_one_open_membership_unless_the_rules_allow_several() -> None:
    """Rule 3a."""
    one, several = make_ruleset(), make_ruleset(constituenciesPerPerson="SEVERAL")

    check_plurality(one, [], "STAFF")
    check_plurality(several, ["PARENT_CARER"], "STAFF")
    for ruleset, held in ((one, ["PARENT_CARER"]), (several, ["STAFF"])):
        with pytest.raises(Refusal) as refusal:
            check_plurality(ruleset, held, "STAFF")
        assert refusal.value.code is RefusalCode.ALREADY_A_MEMBER


def test_a_leaver_may_choose_what_needs_only_to_be_said() -> None:
    """Rule 22b: community or alumni, or whatever else they are eligible for."""
    ruleset = make_ruleset()
    left = (Relationship(RelationshipKind.LEARNER, TODAY - 9 * YEAR, TODAY),)
    working = Relationship(RelationshipKind.STAFF, TODAY - YEAR)

    assert [rule.code for rule in choices(ruleset, PersonFacts(TODAY - 18 * YEAR, left), "LEARNER", TODAY)] == [
        "COMMUNITY"
    ]
    assert [
        rule.code for rule in choices(ruleset, PersonFacts(TODAY - 18 * YEAR, (*left, working)), "LEARNER", TODAY)
    ] == ["STAFF", "COMMUNITY"]
    assert choices(ruleset, PersonFacts(TODAY - 11 * YEAR, left), "LEARNER", TODAY) == [], "too young for the others"
