"""Rules and constituencies."""

from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from db.governance.tables import ConstituencyRow, RulesetRow
from planner import Node, column, everybody, one, planned

from ..access import P0, PUBLIC
from ..references import AnyPoll


@planned(RulesetRow, row_policy=everybody, prefix="rul", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(
    description="One version of the trust's rules. Decisions are judged by the version in force on their day."
)
class Ruleset(Node):
    id: strawberry.ID = column(RulesetRow.id, description="Opaque id.")
    version: int = column(RulesetRow.version, description="The number of the version.")
    effective_from: date = column(RulesetRow.effective_from, description="The first day it holds.")
    rules: JSON = column(RulesetRow.rules, description="Ages in years, notice in days, money in pence.")
    resolution: str | None = column(RulesetRow.resolution, description="The minute of the resolution that adopted it.")
    poll: AnyPoll | None = one(
        RulesetRow.resolution_poll_id, description="The poll that adopted it, where it was held here."
    )
    adopted_at: datetime = column(RulesetRow.adopted_at, description="When it was stored.")


@planned(ConstituencyRow, row_policy=everybody, prefix="cst", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="The class in which one is a member.")
class Constituency(Node):
    id: strawberry.ID = column(ConstituencyRow.id, description="Opaque id.")
    code: str = column(ConstituencyRow.code, description="The code the ruleset knows it by.")
    name: str = column(ConstituencyRow.name, description="The name in the trust's own words.")
