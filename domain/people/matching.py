"""Whether two records of the same name are the same person.

Merging two people is worse than asking: a father and son of one name, twins, or two who share a mailbox must never
become one (rule 3d). Two facts have to agree and none about birth may differ, or a human decides. Everybody can say of
themself what they know of somebody else: what rests on one's own word counts beside a mailbox that agrees, which was
proved or is a school's or an officer's word, and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum

from ..governance.qualification import RelationshipKind
from .contact import postcode_in

_YOUNG = {RelationshipKind.LEARNER.value, RelationshipKind.ALUMNUS.value}
# given and family name, both folded by the database's folded_name(): accents and capitals tell nobody apart
Name = tuple[str, str]


class DeclaredFact(StrEnum):
    """What people may say of themselves, by the column of `person` in which it is kept. A mailbox is proved instead."""

    BORN = "date_of_birth"
    PHONE = "phone"
    ADDRESS = "contact_address"


class Likeness(Enum):
    """What can be told."""

    SAME = "same"
    LIKELY = "likely"  # somebody has to say yes
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of somebody, to tell them from another."""

    name: Name
    born: str | None
    email: str | None
    phone: str | None
    postcode: str | None  # or the whole address, where that is known
    kinds: frozenset[str]
    declared: frozenset[DeclaredFact] = frozenset()  # what rests on their own word alone


def completed(known: Particulars, told: Iterable[Particulars]) -> Particulars:
    """What is known, and where nothing is, what is told first; what is known is not changed."""
    for each in told:
        known = replace(
            known,
            born=known.born or each.born,
            email=known.email or each.email,
            phone=known.phone or each.phone,
            postcode=known.postcode or each.postcode,
        )
    return known


def same_name(one: Name, other: Name) -> bool:
    """The same name, swapped, or with the given name shortened to its initial, with a dot or without.

    A name of which a part is missing is the same as no other.
    """
    if not all((*one, *other)):
        return False
    if one == other or one == (other[1], other[0]):
        return True
    return one[1] == other[1] and (_is_short_for(one[0], other[0]) or _is_short_for(other[0], one[0]))


def may_be_same(one: Name, born: date | None, other: Name, other_born: date | None) -> bool:
    """Of two who proved the same mailbox: the same name, and no births that differ."""
    return same_name(one, other) and (born is None or other_born is None or born == other_born)


def _is_short_for(initial: str, given: str) -> bool:
    letter = initial.removesuffix(".")
    return len(letter) == 1 and given.startswith(letter)


def likeness(one: Particulars, other: Particulars) -> Likeness:
    """Whether the two are one person; they bear the same name (same_name).

    A household shares its mailbox and its postcode, so these alone make nobody the same where anything about who they
    are differs: the generation, the kind of relationship, the way the name is written.
    """
    if one.born and other.born and one.born != other.born:
        return Likeness.DIFFERENT
    knows_both_births = one.born is not None and one.born == other.born
    facts = {
        None: (one.email, other.email),
        DeclaredFact.PHONE: (one.phone, other.phone),
        DeclaredFact.ADDRESS: (_postcode(one), _postcode(other)),
        DeclaredFact.BORN: (one.born, other.born),
    }
    agree = {fact for fact, (mine, theirs) in facts.items() if mine is not None and mine == theirs}
    proved = agree if None in agree else agree - one.declared - other.declared
    agreeing = len(agree)
    differing = sum(mine is not None and theirs is not None and mine != theirs for mine, theirs in facts.values())
    if not knows_both_births and _is_young(one) != _is_young(other):  # a learner and an elder of one name
        return Likeness.UNSURE if agreeing >= 2 and differing == 0 else Likeness.DIFFERENT
    if len(proved) >= 2 and len(proved) > differing:
        if one.name != other.name and not (knows_both_births and set(one.name) == set(other.name)):
            return Likeness.LIKELY  # an initial may be a twin's, a swapped name a brother's
        is_proved = DeclaredFact.BORN in proved or DeclaredFact.PHONE in proved
        return Likeness.SAME if is_proved or one.kinds == other.kinds else Likeness.UNSURE
    if differing >= 2 and agreeing == 0:
        return Likeness.DIFFERENT
    return Likeness.UNSURE


def _postcode(of: Particulars) -> str | None:
    """Of an address as well; one in which none is found tells nothing."""
    return postcode_in(of.postcode or "")


def _is_young(particulars: Particulars) -> bool:
    return bool(particulars.kinds & _YOUNG)
