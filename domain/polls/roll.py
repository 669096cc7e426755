"""Who may vote: the roll, frozen and committed to (rules 3b and 8a)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from ..governance.rulesets import ConstituencyRule
from ..people.relationships import age_on


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One voter, in one constituency, once, however many relationships they have: a person, or an organisation."""

    voter_id: UUID
    membership_id: UUID
    member_number: int
    constituency: str


@dataclass(frozen=True, slots=True)
class ProspectiveElector:
    """A register entry considered for the roll."""

    entry: RollEntry
    born: date | None
    is_organisation: bool = False
    is_suspended: bool = False


def entitled(
    electors: Iterable[ProspectiveElector],
    rules: Iterable[ConstituencyRule],
    day: date,
    suspended_may_vote: bool = False,
) -> list[RollEntry]:
    """Who may vote: old enough on the qualifying day, each voter once, by member number.

    An organisation has one vote and no age; its representative has their own besides if they are a member themself.
    """
    ages = {rule.code: rule.vote_age for rule in rules}
    roll: dict[UUID, RollEntry] = {}
    for elector in sorted(electors, key=lambda each: each.entry.member_number):
        vote_age = ages.get(elector.entry.constituency)
        if vote_age is None or (elector.is_suspended and not suspended_may_vote):
            continue
        if (
            elector.is_organisation
            or vote_age == 0
            or (elector.born is not None and age_on(elector.born, day) >= vote_age)
        ):
            roll.setdefault(elector.entry.voter_id, elector.entry)
    return list(roll.values())


def roll_hash(poll_id: UUID, roll: Iterable[RollEntry]) -> str:
    """The commitment to a roll: SHA-256 over the poll and one line per voter, in order of member number."""
    lines = (f"{entry.member_number} {entry.constituency}" for entry in sorted(roll, key=lambda e: e.member_number))
    return sha256("\n".join([f"roll {poll_id}", *lines]).encode()).hexdigest()
