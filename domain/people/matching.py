"""Whether two records of the same name are the same person.

Merging two people is worse than asking: a father and son of one name, twins, or two who share a mailbox must never
become one (rule 3d). Name and date of birth make one person, as long as nothing contradicts; whatever else agrees, a
household shares, and a human decides. Everybody can say of themself what they know of somebody else: what rests on
one's own word counts beside a mailbox that agrees, which was proved or is a school's or an officer's word, and nowhere
else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from uuid import UUID

from ..conditions import Facts
from ..governance.qualification import RelationshipKind
from ..refusals import Conflict, RefusalCode
from .contact import postcode_in
from .relationships import IS_CHILD

_YOUNG = {RelationshipKind.LEARNER.value, RelationshipKind.ALUMNUS.value}
_GROWN_UP = {RelationshipKind.STAFF.value, RelationshipKind.PARENT_CARER.value}  # what no learner is at the same time
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
    LIKELY = "likely"  # two facts agree; somebody has to say yes
    DIFFERENT = "different"
    UNSURE = "unsure"


class Doubt(Enum):
    """Why two who may be one person are not taken for it."""

    BIRTH_DATE = "birth date"  # unknown of one of them, or by their own word alone
    BIRTH_DATES = "birth dates"  # two
    NAME = "name"  # not written alike
    PHONE = "phone"  # two
    KIND = "kind"  # a learner, and one of the staff or a parent
    NOTHING_ELSE = "nothing else"  # but the date of birth agrees, and something differs


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


def check_is_caller(one: Name, born: date | None, own: Name, own_born: date | None) -> None:
    """Whether somebody who is signed in says that they are who they are signed in as; what is not known contradicts nothing.

    Refusals: SIGNED_IN_AS_ANOTHER, of the name or of the birth date.
    """
    if may_be_same(one, born, own, own_born):
        return
    field = "date_of_birth" if same_name(one, own) else "family_name" if one[0] == own[0] else "given_name"
    raise Conflict(RefusalCode.SIGNED_IN_AS_ANOTHER, field=field)


@dataclass(frozen=True, slots=True)
class OfMailbox:
    """Somebody on record under a mailbox; `is_child`: who is taken for one."""

    id: UUID
    name: Name
    born: date | None
    is_child: bool


def who_of_mailbox(people: Iterable[OfMailbox], name: Name, born: date | None, today: date) -> UUID | None:
    """Who of those on record says, by the name and birth date they tell, that they are this person; None for somebody new.

    By the name alone nobody becomes a child: it may be a parent's, too (rule 3e). Refusals: PERSON_CHOICE_NEEDED.
    """
    same = [each for each in people if may_be_same(name, born, each.name, each.born)]
    if born is not None and not IS_CHILD.evaluate(Facts(born=born, today=today)):
        same = [each for each in same if not each.is_child or each.born == born]
    if len(same) > 1 or (born is None and any(each.is_child for each in same)):
        raise Conflict(RefusalCode.PERSON_CHOICE_NEEDED)
    return same[0].id if same else None


def is_same_child(one: Name, born: date, other: Name, other_born: date | None) -> bool:
    """Of two children of one guardian: the same name, as it is written, and the same birthday."""
    return (one, born) == (other, other_born)


def _is_short_for(initial: str, given: str) -> bool:
    letter = initial.removesuffix(".")
    return len(letter) == 1 and given.startswith(letter)


def likeness(one: Particulars, other: Particulars) -> Likeness:
    """Whether the two are one person; they bear the same name (same_name)."""
    if _differ(one.born, other.born):
        return Likeness.DIFFERENT
    facts = _facts(one, other)
    agree = {fact for fact, values in facts.items() if _agree(*values)}
    differing = sum(_differ(*values) for values in facts.values())
    if not agree and (differing >= 2 or _is_young(one) != _is_young(other)):
        return Likeness.DIFFERENT
    if not doubts(one, other):
        return Likeness.SAME
    proved = agree if None in agree else agree - one.declared - other.declared
    return Likeness.LIKELY if len(proved) >= 2 and len(proved) > differing else Likeness.UNSURE


def doubts(one: Particulars, other: Particulars) -> list[Doubt]:
    """What stands against it that the two are one person; nothing does where name and date of birth say so."""
    facts = _facts(one, other)
    others_agree = any(_agree(*values) for fact, values in facts.items() if fact is not DeclaredFact.BORN)
    others_differ = any(_differ(*values) for fact, values in facts.items() if fact is not DeclaredFact.BORN)
    is_declared = DeclaredFact.BORN in one.declared | other.declared and not _agree(one.email, other.email)
    is_swapped = one.name == (other.name[1], other.name[0])
    signs = (
        (_differ(one.born, other.born), Doubt.BIRTH_DATES),
        (one.born is None or other.born is None or is_declared, Doubt.BIRTH_DATE),
        (one.name != other.name and not (is_swapped and others_agree), Doubt.NAME),
        (_differ(one.phone, other.phone), Doubt.PHONE),
        (_exclude(one.kinds, other.kinds), Doubt.KIND),
        (others_differ and not others_agree, Doubt.NOTHING_ELSE),
    )
    return [doubt for holds, doubt in signs if holds]


def _facts(one: Particulars, other: Particulars) -> Mapping[DeclaredFact | None, tuple[str | None, str | None]]:
    """What is known of both, to compare; None is the mailbox, which is proved."""
    return {
        None: (one.email, other.email),
        DeclaredFact.PHONE: (one.phone, other.phone),
        DeclaredFact.ADDRESS: (_postcode(one), _postcode(other)),
        DeclaredFact.BORN: (one.born, other.born),
    }


def _agree(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _exclude(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a learner is told to be one of the grown-ups."""
    if one & other:
        return False
    learner = RelationshipKind.LEARNER.value
    return bool((learner in one and other & _GROWN_UP) or (learner in other and one & _GROWN_UP))


def _postcode(of: Particulars) -> str | None:
    """Of an address as well; one in which none is found tells nothing."""
    return postcode_in(of.postcode or "")


def _is_young(particulars: Particulars) -> bool:
    return bool(particulars.kinds & _YOUNG)
