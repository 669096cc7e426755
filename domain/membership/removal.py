"""Removing a member: ground, notice, a chance to be heard, a decision, an appeal (rule 4g)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ..conditions import TODAY, OneOf, Reached
from ..described import DescribedEnum
from ..governance.rulesets import Ruleset
from ..refusals import Conflict, Invalid, NotPermitted, RefusalCode, refuse_all


class RemovalStage(DescribedEnum):
    """How far the removal of a member has come."""

    PROPOSED = "PROPOSED", "The member has been given notice and may state their case."
    DECIDED = "DECIDED", "Decided for removal; the member may still appeal."
    APPEALED = "APPEALED", "The member has appealed."
    REMOVED = "REMOVED", "The member was removed."
    DISMISSED = "DISMISSED", "The member stays."
    DISCONTINUED = "DISCONTINUED", "The membership ended in another way first: by resigning, death or dissolution."


OPEN_STAGES = frozenset({RemovalStage.PROPOSED, RemovalStage.DECIDED, RemovalStage.APPEALED})
# whoever decides on another application of theirs has seen it first: a removal is not evaded by leaving and coming back
SEEN_LATER = frozenset(RemovalStage) - {RemovalStage.DISMISSED}


@dataclass(frozen=True, slots=True)
class Removal:
    """A proposal to remove a member. `appeal_until` is the first day on which no appeal is taken any more."""

    id: UUID
    membership_id: UUID
    stage: RemovalStage
    proposed_by: UUID
    notice_until: date
    appeal_until: date | None = None


def notice_until(ruleset: Ruleset, today: date) -> date:
    """The first day on which the removal may be decided."""
    return today + timedelta(days=ruleset.removal_notice_days)


def check_case(removal: Removal) -> None:
    """Whether the member may still state their case. Refusals: REMOVAL_WRONG_STAGE."""
    if removal.stage is not RemovalStage.PROPOSED:
        raise Conflict(RefusalCode.REMOVAL_WRONG_STAGE)


def decide(
    removal: Removal, ruleset: Ruleset, votes_for: int, votes_against: int, today: date
) -> tuple[RemovalStage, date | None]:
    """The stage after the vote, and until when an appeal is taken. A tie is no majority: the member stays.

    Refusals: REMOVAL_WRONG_STAGE, NOTICE_TOO_SHORT (the member's time to be heard), INPUT_INVALID.
    """
    check_case(removal)
    if today < removal.notice_until:
        raise Conflict(RefusalCode.NOTICE_TOO_SHORT, notice_until=removal.notice_until)
    votes = {"votes_for": votes_for, "votes_against": votes_against}
    message = "There can't be fewer than no votes."
    refuse_all([Invalid(RefusalCode.INPUT_INVALID, message, name) for name, count in votes.items() if count < 0])
    if not any(votes.values()):
        raise Invalid(RefusalCode.INPUT_INVALID, "A decision needs votes.", "votes_for")
    if votes_for <= votes_against:
        return RemovalStage.DISMISSED, None
    if ruleset.removal_appeal_days == 0:
        return RemovalStage.REMOVED, None
    return RemovalStage.DECIDED, today + timedelta(days=ruleset.removal_appeal_days)


def check_appeal(removal: Removal, today: date) -> None:
    """Refusals: REMOVAL_WRONG_STAGE, APPEAL_TOO_LATE."""
    if removal.stage is not RemovalStage.DECIDED or removal.appeal_until is None:
        raise Conflict(RefusalCode.REMOVAL_WRONG_STAGE)
    if today >= removal.appeal_until:
        raise Conflict(RefusalCode.APPEAL_TOO_LATE, appeal_until=removal.appeal_until)


def decide_appeal(removal: Removal, upheld: bool, decided_by: UUID) -> RemovalStage:
    """The stage after the appeal. Who proposed the removal does not decide on the appeal.

    Refusals: REMOVAL_WRONG_STAGE, OWN_PROPOSAL.
    """
    if removal.stage is not RemovalStage.APPEALED:
        raise Conflict(RefusalCode.REMOVAL_WRONG_STAGE)
    if removal.proposed_by == decided_by:
        raise NotPermitted(RefusalCode.OWN_PROPOSAL)
    return RemovalStage.DISMISSED if upheld else RemovalStage.REMOVED


# the time to appeal has passed unused
TAKES_EFFECT = OneOf("stage", frozenset({RemovalStage.DECIDED})) & Reached("appeal_until", TODAY)
