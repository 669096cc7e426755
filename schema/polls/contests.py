"""Contests, and votes recorded by name."""

import strawberry

from counting import CountingMethod
from db.polls.reads import (
    CONTEST_IS_DECLARED,
    CONTEST_IS_PUBLIC,
    VIEWER_HAS_VOTED_IN_CONTEST,
    VIEWER_MAY_SEE_VOTE,
    VIEWER_MAY_VOTE_IN_CONTEST,
    VOTE_IS_DECLARED,
)
from db.polls.tables import ContestConstituencyRow, ContestRow, RecordedVoteRow
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import AccessProfile, Role, ViewerKind
from domain.polls.contest import ContestKind
from planner import NEVER, Connection, Node, Order, column, connection, everybody, expression, many, one, planned

from ..access import P0, P1, P2, POLL_OFFICERS, REGISTER_KEEPERS, asked_by, holders_of
from ..counting.declarations import Declaration
from ..governance.types import Constituency
from ..references import AnyPoll
from ..vocabulary import Sha256
from .access import seen_as
from .lists import RECORDED_VOTES

# with the salt and the register a roll is worked out by trying: it is for those who may read both
ROLL_READERS = tuple(role for role in POLL_OFFICERS if role in REGISTER_KEEPERS)


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
    voter: str | None = column(RecordedVoteRow.voter_name, description="Who voted, by their name of that day.")
    paper: str | None = column(RecordedVoteRow.paper, description="How, as docs/papers.md writes it.")


@planned(
    ContestRow,
    row_policy=seen_as(CONTEST_IS_PUBLIC, CONTEST_IS_DECLARED),
    prefix="cts",
    field_policies={P0: everybody, P2: holders_of(*POLL_OFFICERS)},
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
    roll_salt: str | None = expression(
        f"case when {asked_by(*ROLL_READERS)} then {{row}}.roll_salt end",
        sensitivity=P2,
        description="What the commitment was made with: for the returning officer and the clerk, who know the roll. By it whoever is shown the roll can"
        " check the commitment; without it nobody can guess the roll.",
    )
    roll_count: int | None = column(
        ContestRow.roll_count,
        sensitivity=P2,
        description="How many may vote, for officers; for everybody it is in the declaration.",
    )
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
