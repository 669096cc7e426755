"""Polls."""

from datetime import datetime

import strawberry

from db.polls.reads import IS_DECLARED, IS_PUBLIC, STAGE, VIEWER_HAS_VOTED, VIEWER_MAY_VOTE
from db.polls.tables import ContestRow, PollRow
from domain.polls.contest import MOST_CONTESTS
from domain.polls.poll import PollStatus, Secrecy
from planner import Node, Order, column, expression, many, planned

from ..access import P0, PUBLIC
from .access import seen_as
from .contests import Contest


@planned(PollRow, row_policy=seen_as(IS_PUBLIC, IS_DECLARED), prefix="pol", field_policies=PUBLIC, sensitivity=P0)
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
    ruleset_version: int = column(
        PollRow.ruleset_version,
        description="The rules it is held under: those in force when its notice was given; of a draft, when it was last"
        " changed.",
    )
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
