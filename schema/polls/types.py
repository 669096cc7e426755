"""Polls, their contests, and votes recorded by name."""

from datetime import datetime

import strawberry

from counting import CountingMethod
from db.polls.reads import (
    CONTEST_IS_DECLARED,
    CONTEST_IS_PUBLIC,
    IS_DECLARED,
    IS_PUBLIC,
    STAGE,
    VIEWER_HAS_VOTED,
    VIEWER_HAS_VOTED_IN_CONTEST,
    VIEWER_MAY_SEE_VOTE,
    VIEWER_MAY_VOTE,
    VIEWER_MAY_VOTE_IN_CONTEST,
    VOTE_IS_DECLARED,
    VOTER_NAME,
)
from db.polls.tables import ContestConstituencyRow, ContestRow, PollRow, RecordedVoteRow
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import AccessProfile, Role, Scope, ViewerKind
from domain.polls.contest import MOST_CONTESTS, ContestKind
from domain.polls.poll import PollStatus, Secrecy
from planner import (
    ALWAYS,
    NEVER,
    Access,
    Connection,
    Node,
    Order,
    column,
    connection,
    everybody,
    expression,
    many,
    one,
    planned,
)

from ..access import P0, P1, P2, POLL_OFFICERS, PUBLIC, holders_of, scoped
from ..counting.declarations import Declaration
from ..governance.types import Constituency
from ..references import AnyPoll
from ..vocabulary import Sha256
from .lists import RECORDED_VOTES


def _public(is_public: str, is_declared: str) -> Access:
    """Officers see every poll, signed-in people those of which notice was given, everybody else declared results."""

    def rows(profile: AccessProfile) -> str:
        if profile.has_any(*POLL_OFFICERS):
            return ALWAYS
        return is_public if profile.kind is ViewerKind.PERSON else is_declared

    return scoped(Scope.RESULTS_READ, rows)


def _division_rows(profile: AccessProfile) -> str:
    """Nobody before the declaration; then the returning officer and those who were entitled to vote."""
    if profile.has_any(Role.RETURNING_OFFICER):
        return VOTE_IS_DECLARED
    return VIEWER_MAY_SEE_VOTE if profile.kind is ViewerKind.PERSON else NEVER


@planned(
    ContestConstituencyRow,
    row_policy=everybody,
    key="constituency_id",
    field_policies={P0: everybody, P2: holders_of(*POLL_OFFICERS)},
    sensitivity=P0,
)
@strawberry.type(description="A constituency that votes in a contest.")
class ContestConstituency:
    constituency: Constituency | None = one(ContestConstituencyRow.constituency_id, description="The constituency.")
    roll_count: int | None = column(
        ContestConstituencyRow.roll_count, description="How many of it are on the roll; for officers.", sensitivity=P2
    )


@planned(
    RecordedVoteRow,
    row_policy=_division_rows,
    prefix="vot",
    field_policies={P1: everybody},
    sensitivity=P1,
)
@strawberry.type(description="A vote in a division, by name.")
class RecordedVote(Node):
    id: strawberry.ID = column(RecordedVoteRow.id, description="Opaque id.")
    voter: str | None = expression(VOTER_NAME, description="Who voted.")
    paper: str | None = column(RecordedVoteRow.paper, description="How, as docs/papers.md writes it.")


@planned(
    ContestRow,
    row_policy=_public(CONTEST_IS_PUBLIC, CONTEST_IS_DECLARED),
    prefix="cts",
    field_policies=PUBLIC,
    sensitivity=P0,
)
@strawberry.type(description="What is decided in a poll, by an electorate of its own.")
class Contest(Node):
    id: strawberry.ID = column(ContestRow.id, description="Opaque id.")
    title: str = column(ContestRow.title, description="What it is about.")
    kind: ContestKind = column(ContestRow.kind, description="What is decided.")
    method: CountingMethod = column(ContestRow.method, description="How its papers are counted.")
    resolution: str | None = column(ContestRow.resolution, description="The words that are voted on.")
    resolution_kind: ResolutionKind | None = column(
        ContestRow.resolution_kind, description="What majority the resolution needs."
    )
    poll: AnyPoll | None = one(ContestRow.poll_id, description="The poll it is part of.")
    constituencies: list[ContestConstituency] = many(
        ContestConstituencyRow.contest_id, order=[Order("constituency_id")], description="Who votes."
    )
    roll_hash: Sha256 | None = column(ContestRow.roll_hash, description="The commitment to the roll.")
    roll_count: int | None = column(ContestRow.roll_count, description="How many may vote.")
    viewer_may_vote: bool = expression(
        VIEWER_MAY_VOTE_IN_CONTEST,
        nullable=False,
        description="Whether you may vote in it now: for yourself, or for an organisation you may act for today, as long"
        " as one of these papers was not received.",
    )
    viewer_has_voted: bool = expression(
        VIEWER_HAS_VOTED_IN_CONTEST,
        nullable=False,
        description="Whether your own paper was received; what you cast for an organisation is not meant.",
    )
    declaration: Declaration | None = one("{row}.id", target_key="contest_id", description="The result, once declared.")
    recorded_votes: Connection[RecordedVote] = connection(
        "{other}.contest_id = {row}.id", description="Votes by name, in a division that was declared.", **RECORDED_VOTES
    )


@planned(PollRow, row_policy=_public(IS_PUBLIC, IS_DECLARED), prefix="pol", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="A poll of one or more contests, noticed, held and declared as a whole.")
class Poll(Node):
    id: strawberry.ID = column(PollRow.id, description="Opaque id.")
    title: str = column(PollRow.title, description="What it is about.")
    secrecy: Secrecy = column(PollRow.secrecy, description="What is promised about who voted how.")
    status: PollStatus = expression(STAGE, nullable=False, description="The stage at this moment, by the clock.")
    opens_at: datetime = column(PollRow.opens_at, description="When papers are first taken.")
    closes_at: datetime = column(PollRow.closes_at, description="When papers are no longer taken.")
    notice_given_at: datetime | None = column(PollRow.notice_given_at, description="When notice was given.")
    qualifying_at: datetime | None = column(PollRow.qualifying_at, description="The moment the rolls were frozen at.")
    declared_at: datetime | None = column(PollRow.declared_at, description="When the results were declared.")
    ruleset_version: int = column(PollRow.ruleset_version, description="The rules it is held under.")
    contests: list[Contest] = many(
        ContestRow.poll_id,
        order=[Order("place")],
        longest=MOST_CONTESTS,
        description="What is decided in it, in order.",
    )
    viewer_may_vote: bool = expression(
        VIEWER_MAY_VOTE, nullable=False, description="Whether you may vote now in any of its contests."
    )
    viewer_has_voted: bool = expression(
        VIEWER_HAS_VOTED, nullable=False, description="Whether your own paper was received in any of its contests."
    )
