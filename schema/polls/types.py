"""Polls, votes recorded by name, and declarations."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from counting import Choice, Outcome
from db.counting.reads import HAS_TOTALS, SAME_COUNT
from db.polls.reads import (
    IS_DECLARED,
    IS_PUBLIC,
    OF_DECLARED,
    STAGE,
    VIEWER_HAS_VOTED,
    VIEWER_MAY_SEE_VOTES,
    VIEWER_MAY_VOTE,
    VOTER_NAME,
)
from db.polls.tables import DeclarationRow, PollConstituencyRow, PollRow, RecordedVoteRow
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import AccessProfile, Role, Scope, ViewerKind
from domain.polls.poll import PollStatus, Secrecy
from planner import (
    ALWAYS,
    NEVER,
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
from ..counting.types import ChoiceTotal, Count, Turnout
from ..governance.types import Constituency
from ..vocabulary import Sha256
from .lists import RECORDED_VOTES

EVIDENCE = 1_000  # objects a list of papers or receipts is reckoned at


def _poll_rows(profile: AccessProfile) -> str:
    """Officers see every poll, signed-in people those of which notice was given, everybody else declared results."""
    if profile.has_any(*POLL_OFFICERS):
        return ALWAYS
    return IS_PUBLIC if profile.kind is ViewerKind.PERSON else IS_DECLARED


def _division_rows(profile: AccessProfile) -> str:
    """Nobody before the declaration; then the returning officer and those who were entitled to vote."""
    if profile.has_any(Role.RETURNING_OFFICER):
        return OF_DECLARED
    return VIEWER_MAY_SEE_VOTES if profile.kind is ViewerKind.PERSON else NEVER


@planned(
    PollConstituencyRow,
    row_policy=everybody,
    key="constituency_id",
    field_policies={P0: everybody, P2: holders_of(*POLL_OFFICERS)},
    sensitivity=P0,
)
@strawberry.type(description="A constituency that votes in a poll.")
class PollConstituency:
    constituency: Constituency | None = one(PollConstituencyRow.constituency_id, description="The constituency.")
    roll_count: int | None = column(
        PollConstituencyRow.roll_count, description="How many of it are on the roll; for officers.", sensitivity=P2
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
    choice: Choice | None = column(RecordedVoteRow.choice, description="How.")


@planned(DeclarationRow, row_policy=scoped(Scope.RESULTS_READ), prefix="dec", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(
    description="The published result with its evidence. Receipts and papers are two lists that nothing joins."
)
class Declaration(Node):
    id: strawberry.ID = column(DeclarationRow.id, description="Opaque id.")
    declared_at: datetime = column(DeclarationRow.declared_at, description="When it was declared.")
    outcome: Outcome = expression(
        "{row}.pack->>'outcome'", nullable=False, description="What became of the resolution."
    )
    roll_hash: Sha256 = expression("{row}.pack->>'rollHash'", nullable=False, description="The roll it was decided on.")
    issued: int = expression("{row}.pack->>'issued'", nullable=False, description="How many were entitled to vote.")
    returned: int = expression("{row}.pack->>'returned'", nullable=False, description="How many papers came back.")
    valid: int = expression("{row}.pack->>'valid'", nullable=False, description="How many of them were valid.")
    rejected: int = expression("{row}.pack->>'rejected'", nullable=False, description="How many were rejected.")
    quorate: bool | None = expression(
        "{row}.pack->'quorate'", description="Whether enough took part; null in declarations made before it was asked."
    )
    count: Count | None = one(
        "{row}.poll_id",
        target_key="poll_id",
        description="The count; null where so few are entitled that it would be names, and in older declarations.",
    )
    totals: list[ChoiceTotal] | None = many(
        SAME_COUNT,
        order=[Order("place")],
        exists=HAS_TOTALS,
        description="Papers by choice, those that nobody chose included; null where so few are entitled that it would be names.",
    )
    turnout: list[Turnout] = many(
        SAME_COUNT, order=[Order("place")], description="Issued and returned by constituency; small groups hidden."
    )
    receipts: list[str] = expression(
        "{row}.pack->'receipts'", nullable=False, weight=EVIDENCE, description="Every receipt given, sorted."
    )
    papers: list[str] | None = expression(
        "nullif({row}.pack->'papers', 'null')",
        weight=EVIDENCE,
        description="Every paper, sorted; null where so few are entitled that it would be names.",
    )
    pack: JSON = column(
        DeclarationRow.pack, weight=EVIDENCE, description="The whole declaration pack, for a recount by anyone."
    )


@planned(
    PollRow, row_policy=scoped(Scope.RESULTS_READ, _poll_rows), prefix="pol", field_policies=PUBLIC, sensitivity=P0
)
@strawberry.type(description="A resolution put to constituencies.")
class Poll(Node):
    id: strawberry.ID = column(PollRow.id, description="Opaque id.")
    title: str = column(PollRow.title, description="What it is about.")
    resolution: str = column(PollRow.resolution, description="The words that are voted on.")
    kind: ResolutionKind = column(PollRow.kind, description="What majority it needs.")
    secrecy: Secrecy = column(PollRow.secrecy, description="What is promised about who voted how.")
    status: PollStatus = expression(STAGE, nullable=False, description="The stage at this moment, by the clock.")
    opens_at: datetime = column(PollRow.opens_at, description="When papers are first taken.")
    closes_at: datetime = column(PollRow.closes_at, description="When papers are no longer taken.")
    notice_given_at: datetime | None = column(PollRow.notice_given_at, description="When notice was given.")
    qualifying_at: datetime | None = column(PollRow.qualifying_at, description="The moment the roll was frozen at.")
    roll_hash: Sha256 | None = column(PollRow.roll_hash, description="The commitment to the roll.")
    roll_count: int | None = column(PollRow.roll_count, description="How many may vote.")
    ruleset_version: int = column(PollRow.ruleset_version, description="The rules it is held under.")
    constituencies: list[PollConstituency] = many(
        PollConstituencyRow.poll_id, order=[Order("constituency_id")], description="Who votes."
    )
    viewer_may_vote: bool = expression(
        VIEWER_MAY_VOTE,
        nullable=False,
        description="Whether you may vote now: for yourself, or for an organisation you may act for today, as long as one"
        " of these papers was not received.",
    )
    viewer_has_voted: bool = expression(
        VIEWER_HAS_VOTED,
        nullable=False,
        description="Whether your own paper was received; what you cast for an organisation is not meant.",
    )
    declaration: Declaration | None = one("{row}.id", target_key="poll_id", description="The result, once declared.")
    recorded_votes: Connection[RecordedVote] = connection(
        "{other}.poll_id = {row}.id", description="Votes by name, in a division that was declared.", **RECORDED_VOTES
    )
