"""A resolution put to constituencies: stages, roll and casting (domain rules 3, 8, 9 and 12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from ..described import DescribedEnum
from ..governance.rulesets import ConstituencyRule, Ruleset
from ..members.relationships import age_on
from ..refusals import Conflict, Invalid, NotPermitted, RefusalCode


class BallotStatus(DescribedEnum):
    """The stage of a ballot. OPEN and CLOSED are told by the database's clock alone; nobody opens or closes a poll."""

    DRAFT = "DRAFT", "Being written; not public."
    NOTICE_GIVEN = "NOTICE_GIVEN", "The question, the dates and who may vote are published."
    ROLL_FROZEN = "ROLL_FROZEN", "Who may vote is fixed and committed to by a hash."
    OPEN = "OPEN", "Papers are taken."
    CLOSED = "CLOSED", "No more papers are taken; nothing has been counted."
    COUNTED = "COUNTED", "Counted, not yet declared."
    DECLARED = "DECLARED", "The result and its evidence are published."


class Secrecy(DescribedEnum):
    """What is promised about who voted how (docs/secrecy.md)."""

    RECORDED = "RECORDED", "Names and votes are published to those entitled: a division."
    CONFIDENTIAL = (
        "CONFIDENTIAL",
        "Papers are kept apart from voters; somebody holding the whole database can at best guess.",
    )
    SECRET = "SECRET", "Cryptographically secret and verifiable. Not built yet: refused."


class Choice(DescribedEnum):
    """What a paper on a resolution may say."""

    FOR = "FOR", "For the resolution."
    AGAINST = "AGAINST", "Against the resolution."
    ABSTAIN = "ABSTAIN", "Neither; an abstention is not a vote cast."


@dataclass(frozen=True, slots=True)
class Ballot:
    id: UUID
    status: BallotStatus
    secrecy: Secrecy
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One voter, in one constituency, once, however many relationships they have: a person, or an organisation."""

    voter_id: UUID
    membership_id: UUID
    member_number: int
    constituency: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A register entry considered for the roll."""

    entry: RollEntry
    born: date | None
    is_organisation: bool = False
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class VoterStanding:
    """Where a voter stands in a ballot. `may_act`: who votes is the voter, or represents it today (domain rule 7)."""

    on_the_roll: bool
    has_voted: bool
    may_act: bool = True


def stage_at(status: BallotStatus, opens_at: datetime, closes_at: datetime, now: datetime) -> BallotStatus:
    """The stage by the clock: a frozen roll opens at `opens_at` and closes at `closes_at` by itself."""
    if status is not BallotStatus.ROLL_FROZEN or now < opens_at:
        return status
    return BallotStatus.OPEN if now < closes_at else BallotStatus.CLOSED


def check_draft(secrecy: Secrecy, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refusals: SECRECY_NOT_AVAILABLE, DATES_CONTRADICT."""
    if secrecy is Secrecy.SECRET:
        raise Invalid(RefusalCode.SECRECY_NOT_AVAILABLE, field="secrecy")
    if opens_at >= closes_at or closes_at <= now:
        raise Invalid(RefusalCode.DATES_CONTRADICT, field="closesAt")


def check_stage(ballot: Ballot, needed: BallotStatus, now: datetime) -> None:
    """Refusals: BALLOT_WRONG_STAGE."""
    if stage_at(ballot.status, ballot.opens_at, ballot.closes_at, now) is not needed:
        raise Conflict(RefusalCode.BALLOT_WRONG_STAGE)


def check_notice(ballot: Ballot, ruleset: Ruleset, now: datetime) -> None:
    """Refusals: BALLOT_WRONG_STAGE, NOTICE_TOO_SHORT (days of notice come from the ruleset)."""
    check_stage(ballot, BallotStatus.DRAFT, now)
    if ballot.opens_at - now < timedelta(days=ruleset.resolution_notice_days):
        raise Invalid(RefusalCode.NOTICE_TOO_SHORT, field="opensAt")


def entitled(
    candidates: Iterable[Candidate], rules: Iterable[ConstituencyRule], day: date, suspended_may_vote: bool = False
) -> list[RollEntry]:
    """Who may vote: old enough on the qualifying day, each voter once, by member number.

    An organisation has one vote and no age; its representative has their own besides if they are a member themself.
    """
    ages = {rule.code: rule.vote_age for rule in rules}
    roll: dict[UUID, RollEntry] = {}
    for candidate in sorted(candidates, key=lambda each: each.entry.member_number):
        vote_age = ages.get(candidate.entry.constituency)
        if vote_age is None or (candidate.is_suspended and not suspended_may_vote):
            continue
        if (
            candidate.is_organisation
            or vote_age == 0
            or (candidate.born is not None and age_on(candidate.born, day) >= vote_age)
        ):
            roll.setdefault(candidate.entry.voter_id, candidate.entry)
    return list(roll.values())


def roll_hash(ballot_id: UUID, roll: Iterable[RollEntry]) -> str:
    """The commitment to a roll: SHA-256 over the ballot and one line per voter, in order of member number."""
    lines = (f"{entry.member_number} {entry.constituency}" for entry in sorted(roll, key=lambda e: e.member_number))
    return sha256("\n".join([f"roll {ballot_id}", *lines]).encode()).hexdigest()


def check_casting(ballot: Ballot, voter: VoterStanding, now: datetime) -> None:
    """Whether this voter's paper is taken now.

    Refusals: BALLOT_NOT_OPEN_YET, BALLOT_CLOSED, NOT_AUTHORISED (domain rule 7: a revocation voids what was not used),
    NOT_ON_THE_ROLL, ALREADY_VOTED (domain rule 13: the first counts).
    """
    stage = stage_at(ballot.status, ballot.opens_at, ballot.closes_at, now)
    if stage in (BallotStatus.DRAFT, BallotStatus.NOTICE_GIVEN, BallotStatus.ROLL_FROZEN):
        raise Conflict(RefusalCode.BALLOT_NOT_OPEN_YET)
    if stage is not BallotStatus.OPEN:
        raise Conflict(RefusalCode.BALLOT_CLOSED)
    if not voter.may_act:
        raise NotPermitted(RefusalCode.NOT_AUTHORISED, field="onBehalfOf")
    if not voter.on_the_roll:
        raise NotPermitted(RefusalCode.NOT_ON_THE_ROLL)
    if voter.has_voted:
        raise Conflict(RefusalCode.ALREADY_VOTED)
