"""A count, stage by stage: what happened to every vote, in exact decimals, and how every tie was settled."""

from collections.abc import Callable
from decimal import Decimal

import strawberry

from counting import Choice, CountingMethod, CountRemark, RejectionHeading, StageEvent
from db.counting.reads import (
    COMPARISONS,
    COUNTS,
    REJECTED,
    SAME_COUNT,
    SAME_STAGE,
    STAGES,
    TIES,
    TOTALS,
    TRANSFERS,
    TURNOUT,
    VOTES,
)
from planner import Order, everybody, expression, many, planned

from ..access import P0, PUBLIC
from ..documents import fact, text
from ..vocabulary import Sha256

LONGEST = 10_000  # rows: transfers of a stage, at most candidates times values of papers


def counted(source: str, key: str) -> Callable[[type], type]:
    """Rows of a count: whoever reads the declaration they are reached by reads them."""
    return planned(source, row_policy=everybody, key=key, field_policies=PUBLIC, sensitivity=P0)


@counted(REJECTED, "heading")
@strawberry.type(description="Papers rejected under one heading.")
class RejectedPapers:
    heading: RejectionHeading = expression("{row}.heading", nullable=False, description="Why they were rejected.")
    papers: int = expression("{row}.papers", nullable=False, description="How many.")


@counted(VOTES, "place")
@strawberry.type(description="What a candidate (of a resolution: a choice) had at the end of a stage.")
class CountVotes:
    candidate: str = expression("{row}.name", nullable=False, description="Who.")
    votes: Decimal = expression("{row}.votes", nullable=False, description="Votes, exactly.")


@counted(TRANSFERS, "place")
@strawberry.type(description="Papers that went from one candidate to another, or to nobody.")
class CountTransfer:
    source: str = text("source", "Who had them.")
    target: str | None = text("target", "Who got them; null if they name nobody else who is left.", nullable=True)
    papers: int = fact("papers", "How many papers.")
    value: Decimal = text("value", "What each of them is worth.")
    votes: Decimal = text("votes", "What they are worth together.")


@counted(TIES, "place")
@strawberry.type(description="Equal candidates, and how one of them was chosen.")
class CountTie:
    candidates: list[str] = fact("candidates", "Who were equal.")
    chosen: str = text("chosen", "Who was chosen.")
    for_exclusion: bool = fact("for_exclusion", "Whether for exclusion; otherwise for election or transfer.")
    stage: int | None = fact("stage", "The stage at which they differed; null if at none.", nullable=True)
    lot: bool = fact("lot", "Whether the lot decided.")


@counted(STAGES, "number")
@strawberry.type(description="A stage of a count.")
class CountStage:
    stage: int = fact("stage", "Its number, from 1.")
    kind: StageEvent = text("kind", "What it did.")
    event: str = text("event", "What it did, in a few words.")
    sentence: str = text("sentence", "What happened, for people.")
    quota: Decimal | None = text(
        "quota", "The votes needed at this stage, where the method has a quota.", nullable=True
    )
    votes: list[CountVotes] = many(
        SAME_STAGE, order=[Order("place")], longest=LONGEST, description="What everybody had at its end."
    )
    non_transferable: Decimal = text("non_transferable", "Votes that are nobody's: exhausted and lost.")
    exhausted: Decimal = text("exhausted", "Votes of papers that name nobody else who is left.")
    lost: Decimal = text("lost", "What rounding left over.")
    elected: list[str] = fact("elected", "Who was elected at its end, in order.")
    transfers: list[CountTransfer] = many(
        SAME_STAGE, order=[Order("place")], longest=LONGEST, description="Where papers went."
    )
    ties: list[CountTie] = many(SAME_STAGE, order=[Order("place")], description="The ties that led to it.")


@counted(COMPARISONS, "place")
@strawberry.type(description="Two candidates compared (Schulze).")
class CountComparison:
    first: str = text("first", "One candidate.")
    second: str = text("second", "The other.")
    prefer_first: int = fact("prefer_first", "How many papers prefer the first.")
    prefer_second: int = fact("prefer_second", "How many papers prefer the second.")
    path_from_first: int = fact("path_from_first", "The strongest path from the first to the second.")
    path_from_second: int = fact("path_from_second", "The strongest path from the second to the first.")


@counted(COUNTS, "contest_id")
@strawberry.type(description="How papers became a result, so that anybody can follow it.")
class Count:
    method: CountingMethod = expression(
        "upper({row}.document->>'rule')", nullable=False, description="How it was counted."
    )
    seats: int = fact("seats", "How many seats there were; 0 for a resolution.")
    candidates: list[str] = fact("candidates", "Who stood; the choices of a resolution.")
    withdrawn: list[str] = fact("withdrawn", "Who was passed over.")
    quota: Decimal | None = text(
        "quota", "The votes needed at the first stage, where the method has a quota.", nullable=True
    )
    valid: int = fact("valid", "How many papers were valid.")
    rejected: list[RejectedPapers] = many(
        SAME_COUNT, order=[Order("heading")], description="Papers rejected, by heading."
    )
    elected: list[str] = fact("elected", "Who was elected, in order.")
    remark: CountRemark | None = text("remark", "Why the count ended at once, if it did.", nullable=True)
    seed: str | None = expression("{row}.document->'lot'->>'seed'", description="What lots were drawn from.")
    commitment: Sha256 | None = expression(
        "{row}.document->'lot'->>'commitment'",
        description="The SHA-256 of the seed, to compare with what was published before voting closed.",
    )
    stages: list[CountStage] = many(SAME_COUNT, order=[Order("number")], longest=LONGEST, description="What happened.")
    comparisons: list[CountComparison] = many(
        SAME_COUNT,
        order=[Order("place")],
        longest=LONGEST,
        description="All pairs of candidates, where they are compared.",
    )


@counted(TOTALS, "key")
@strawberry.type(description="How many papers said the same.")
class ChoiceTotal:
    choice: Choice = expression("{row}.choice", nullable=False, description="What they said.")
    papers: int = expression("{row}.papers", nullable=False, description="How many.")


@counted(TURNOUT, "key")
@strawberry.type(description="How many of a constituency took part.")
class Turnout:
    constituency: str = text("constituency", "The code of the constituency.")
    issued: int | None = fact("issued", "How many were entitled to vote; null where too few.", nullable=True)
    returned: int | None = fact(
        "returned", "How many papers came back; null where too few are entitled.", nullable=True
    )
