"""Eligibility for constituencies, in SQL: the conditions of domain/membership/eligibility.py for many people at a time."""

from domain.membership.eligibility import IS_ALIVE, OBSTACLES

from .conditions import Places, Records, each_that_holds, predicate
from .people import person
from .rulesets import RULES_IN_FORCE, RULES_OF_TRUST, rules_of_constituency

# the rules in force, and of each constituency its row and its part of the rules
CONSTITUENCIES = (
    f"{RULES_IN_FORCE} cross join lateral jsonb_array_elements(rules.constituencies) as rule(stated)"
    " join constituency c on c.trust_id = {trust} and c.code = rule.stated->>'code'"
)
# of a person `p` and one of the constituencies
PLACES: Places = {
    **person("p"),
    **RULES_OF_TRUST,
    **rules_of_constituency("rule.stated"),
    "constituencies": Records(
        "jsonb_array_elements(rules.constituencies) as other(stated) where true",
        rules_of_constituency("other.stated"),
    ),
}
ALIVE = predicate(IS_ALIVE, PLACES)


def eligibility(people: str = "true") -> str:
    """What keeps the living out of each constituency; nothing where they are eligible. `people` says which `p`."""
    return f"""(
select p.trust_id, p.id as person_id, c.id as constituency_id, c.id as id, c.position, c.code,
  {each_that_holds(OBSTACLES, PLACES)} as obstacles
from person p cross join {CONSTITUENCIES}
where p.trust_id = {{trust}} and {ALIVE} and {people})"""
