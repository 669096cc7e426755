"""Whether two records of the same name are the same person.

Merging two people is worse than asking: a father and son of one name, twins, or two who share a mailbox must never
become one (domain rule 3). Two facts have to agree and none about birth may differ, or a human decides.
"""

from dataclasses import dataclass
from enum import Enum

from ..governance.qualification import RelationshipKind

_YOUNG = {RelationshipKind.LEARNER.value, RelationshipKind.ALUMNUS.value}
_GROWN = {RelationshipKind.PARENT_CARER.value, RelationshipKind.EXTENDED_FAMILY.value}


class Likeness(Enum):
    """What can be told."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of somebody, to tell them from another. `name` is folded: given and family name."""

    name: tuple[str, str]
    born: str | None
    email: str | None
    phone: str | None
    postcode: str | None
    kinds: frozenset[str]


def same_name(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """The same name, swapped, or with the given name shortened to its initial."""
    if one == other or one == (other[1], other[0]):
        return True
    short, long = sorted((one[0], other[0]), key=len)
    return one[1] == other[1] and len(short) == 1 and long.startswith(short)


def likeness(one: Particulars, other: Particulars) -> Likeness:
    """Whether the two are one person; they bear the same name (same_name)."""
    if one.born and other.born and one.born != other.born:
        return Likeness.DIFFERENT
    knows_both_births = one.born is not None and one.born == other.born
    across = [{*_of_generation(one)}, {*_of_generation(other)}]
    generations_apart = not knows_both_births and {"young"} in across and {"grown"} in across
    facts = ((one.email, other.email), (one.phone, other.phone), (one.postcode, other.postcode), (one.born, other.born))
    agreeing = sum(mine is not None and mine == theirs for mine, theirs in facts)
    differing = sum(mine is not None and theirs is not None and mine != theirs for mine, theirs in facts)
    if generations_apart:  # a parent and a learner of one name: never one person without two birth dates
        return Likeness.UNSURE if agreeing >= 2 and differing == 0 else Likeness.DIFFERENT
    if agreeing >= 2 and agreeing > differing:
        return Likeness.SAME
    if differing >= 2 and agreeing == 0:
        return Likeness.DIFFERENT
    return Likeness.UNSURE


def _of_generation(particulars: Particulars) -> set[str]:
    found = set()
    if particulars.kinds & _YOUNG:
        found.add("young")
    if particulars.kinds & _GROWN:
        found.add("grown")
    return found
