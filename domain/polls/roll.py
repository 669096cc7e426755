"""Who may vote: the roll, frozen and committed to (rules 3b and 8a)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from ..conditions import AgeAtLeast, Asked, Facts, Holds, OneOf, Rule
from ..governance.rulesets import ConstituencyRule
from ..membership.lifecycle import MembershipStatus
from ..refusals import Conflict, RefusalCode, refuse_all
from .contest import Contest


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
    status: MembershipStatus = MembershipStatus.ADMITTED


# an organisation has no age; the age is that of the qualifying day (rules 6b, 7b and 22g)
_OLD_ENOUGH = Holds("is_organisation") | ~Asked(Rule("vote_age")) | AgeAtLeast("born", Rule("vote_age"))
_IS_SUSPENDED = OneOf("status", frozenset({MembershipStatus.SUSPENDED}))
MAY_VOTE = (~_IS_SUSPENDED | Holds(Rule("suspended_may_vote"))) & _OLD_ENOUGH


def entitled(
    electors: Iterable[ProspectiveElector],
    rules: Iterable[ConstituencyRule],
    day: date,
    suspended_may_vote: bool = False,
) -> list[RollEntry]:
    """Who may vote: old enough on the qualifying day, each voter once, by member number.

    An organisation has one vote and no age; its representative has their own besides if they are a member themself.
    """
    found = {rule.code: rule for rule in rules}
    roll: dict[UUID, RollEntry] = {}
    for elector in sorted(electors, key=lambda each: each.entry.member_number):
        rule = found.get(elector.entry.constituency)
        facts = Facts(elector, rule, suspended_may_vote=suspended_may_vote, today=day)
        if rule is not None and MAY_VOTE.evaluate(facts):
            roll.setdefault(elector.entry.voter_id, elector.entry)
    return list(roll.values())


def roll_hash(contest_id: UUID, salt: str | None, roll: Iterable[RollEntry]) -> str:
    """The commitment to a roll: SHA-256 over the contest with the salt, and one line per voter, in order of member number.

    Without a salt of its own, whoever knows how many are on a roll finds by trying who they are (rule 24c). Rolls of
    before there was one have none.
    """
    first = f"roll {contest_id}" if salt is None else f"roll {contest_id} {salt}"
    lines = (f"{entry.member_number} {entry.constituency}" for entry in sorted(roll, key=lambda e: e.member_number))
    return sha256("\n".join([first, *lines]).encode()).hexdigest()


def check_rolls(rolls: Mapping[Contest, Sequence[RollEntry]]) -> None:
    """Whether somebody may vote in every contest of a poll. Refusals: ROLL_EMPTY, for each in which nobody may."""
    refuse_all(
        [
            Conflict(RefusalCode.ROLL_EMPTY, f"Nobody is entitled to vote in “{contest.title}”.", contest=contest.title)
            for contest, roll in rolls.items()
            if not roll
        ]
    )
