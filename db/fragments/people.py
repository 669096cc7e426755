"""Where conditions find what is known about a person, and the periods of what is known, in SQL."""

from domain.conditions import ENDED, HOLDS, TODAY
from domain.people.guardians import IS_GUARDIAN, IS_SAID_TO_BE_GUARDIAN
from domain.people.organisations import IS_AUTHORISED, IS_AUTHORISED_IN_MEMBERSHIP

from .clock import TODAY as LEGAL_TODAY
from .conditions import Places, Records, columns, predicate
from .rulesets import GUARDIAN_CONSENT_AGE


def holds(row: str, day: str = LEGAL_TODAY) -> str:
    """Whether what `row` says holds on the day: it has begun and not ended."""
    return predicate(HOLDS, columns(row, "since", "until") | {TODAY: day})


def goes_on(row: str, day: str) -> str:
    """Whether what `row` says has no end, or ends after the day."""
    return predicate(~ENDED, columns(row, "since", "until") | {TODAY: day})


# a relationship about a school counts while the school also belongs to the trust (rule 22e); a column of either table
# that is unknown sets no bound
RELATIONSHIPS = (
    "relationship r left join affiliation a on a.trust_id = {trust} and a.school_id = r.school_id"
    " where r.trust_id = {trust} and (r.school_id is null or a.id is not null)"
)
RELATIONSHIP: dict[str, str] = {
    "kind": "r.kind",
    "since": "greatest(r.since, a.since)",
    "until": "least(r.until, a.until)",
    "source": "r.source",
}


def birthday(born: str, age: str) -> str:
    """The day on which somebody completes so many years; born on 29 February it is 1 March (rule 6c)."""
    same_day = f"{born} + make_interval(years => {age})"
    return f"(({same_day})::date + (extract(day from {same_day}) <> extract(day from {born}))::int)"


def guardianship(row: str) -> Places:
    """Of a guardianship: its days, whose word it is, and what decides whether its child needs a guardian."""
    return {
        **columns(row, "since", "until", "source"),
        "born": f"(select c.date_of_birth from person c where c.trust_id = {{trust}} and c.id = {row}.child_id)",
        "guardian_consent_age": GUARDIAN_CONSENT_AGE,
    }


def is_guardian(row: str) -> str:
    """Whether by what `row` says somebody answers for the child today."""
    return predicate(IS_GUARDIAN, guardianship(row))


def is_said_to_be_guardian(row: str) -> str:
    """The same, be it by their own word alone."""
    return predicate(IS_SAID_TO_BE_GUARDIAN, guardianship(row))


def authorisations(organisation: str, person: str) -> Records:
    """What authorises the person to act for the organisation."""
    whose = f"a.organisation_id = {organisation} and a.person_id = {person}"
    return Records(f"authorisation a where a.trust_id = {{trust}} and {whose}", authorisation("a"))


def authorisation(row: str) -> dict[str, str]:
    return columns(row, "since", "until", "application_id")


def is_authorised(row: str, day: str = LEGAL_TODAY) -> str:
    """Whether by what `row` says somebody acts for the organisation on the day."""
    return predicate(IS_AUTHORISED, authorisation(row) | {TODAY: day})


def is_authorised_in(row: str, membership: str, day: str = LEGAL_TODAY) -> str:
    """Whether by what `row` says somebody acts for the organisation in this membership, or application, on the day."""
    return predicate(IS_AUTHORISED_IN_MEMBERSHIP, authorisation(row) | {"membership_id": membership, TODAY: day})


def person(row: str) -> Places:
    """Of a person: birth and death, relationships and consents."""
    return {
        "born": f"{row}.date_of_birth",
        "died_on": f"{row}.died_on",
        "admitted_too_young": f"{row}.admitted_too_young",
        "relationships": Records(f"{RELATIONSHIPS} and r.person_id = {row}.id", RELATIONSHIP),
        "consents": Records(
            f"guardian_consent g where g.trust_id = {{trust}} and g.child_id = {row}.id", columns("g", "since", "until")
        ),
    }


def looks_the_same(one: str, other: str) -> str:
    """Whether two people, each by the row of a person, bear one name, be it swapped, and one birth date, and no officer has
    said that they are two (rule 3d)."""
    name, swapped = f"({one}.family_key, {one}.given_key)", f"({one}.given_key, {one}.family_key)"
    pair = f"a.one_id = least({one}.id, {other}.id) and a.other_id = greatest({one}.id, {other}.id)"
    return (
        f"{other}.id <> {one}.id and {other}.date_of_birth = {one}.date_of_birth"
        f" and ({other}.family_key, {other}.given_key) in ({name}, {swapped})"
        f" and {is_somebody(one)} and {is_somebody(other)}"
        f" and not exists (select from people_told_apart a where a.trust_id = {{trust}} and {pair})"
    )


def is_somebody(row: str) -> str:
    """Whether the record is still somebody's own: not erased, and no part of another record."""
    return f"{row}.erased_on is null and {row}.merged_into_id is null"
