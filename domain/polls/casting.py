"""Casting: whose paper is taken, and when (rules 3b, 7, 12c and 13c)."""

from dataclasses import dataclass
from datetime import datetime

from ..conditions import Exists, Same, Unknown
from ..people.organisations import REPRESENTS
from ..refusals import Conflict, NotPermitted, RefusalCode
from .poll import IS_DECLARED, IS_OPEN, Poll, PollStatus, stage_at

# whose credential a person may use: their own, and that of an organisation they represent today (rules 7a and 7b)
IS_VOTER = Same("voter_id", "person_id")
MAY_ACT_FOR_VOTER = IS_VOTER | REPRESENTS
IS_SPENT = ~Unknown("spent_on")  # one credential, one paper (rules 3b and 12c)
MAY_VOTE_NOW = IS_OPEN & Exists("credentials", MAY_ACT_FOR_VOTER & ~IS_SPENT)
HAS_VOTED = Exists("credentials", IS_VOTER & IS_SPENT)
# of a division, by name: those who were entitled in it
MAY_SEE_VOTES = IS_DECLARED & Exists("roll", MAY_ACT_FOR_VOTER)


@dataclass(frozen=True, slots=True)
class VoterStanding:
    """Where a voter stands in a contest. `may_act`: who votes is the voter, or represents it today (rule 7a)."""

    on_the_roll: bool
    has_voted: bool
    may_act: bool = True


def check_casting(poll: Poll, voter: VoterStanding, now: datetime) -> None:
    """Whether this voter's paper is taken now.

    Refusals: POLL_NOT_OPEN_YET, POLL_CLOSED, NOT_AUTHORISED (rule 7c: a revocation voids what was not used),
    NOT_ON_THE_ROLL, ALREADY_VOTED (rule 13c: the first counts).
    """
    stage = stage_at(poll.status, poll.opens_at, poll.closes_at, now)
    if stage in (PollStatus.DRAFT, PollStatus.NOTICE_GIVEN, PollStatus.ROLL_FROZEN):
        raise Conflict(RefusalCode.POLL_NOT_OPEN_YET)
    if stage is not PollStatus.OPEN:
        raise Conflict(RefusalCode.POLL_CLOSED)
    if not voter.may_act:
        raise NotPermitted(RefusalCode.NOT_AUTHORISED, field="on_behalf_of")
    if not voter.on_the_roll:
        raise NotPermitted(RefusalCode.NOT_ON_THE_ROLL)
    if voter.has_voted:
        raise Conflict(RefusalCode.ALREADY_VOTED)
