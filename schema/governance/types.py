"""Rules and constituencies."""

from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from db.governance.reads import CONSTITUENCY_RULES, OF_RULESET
from db.governance.tables import ConstituencyRow, RulesetRow
from domain.governance.qualification import RelationshipKind
from domain.governance.rulesets import Approval
from planner import Node, Order, column, everybody, many, one, planned

from ..access import P0, PUBLIC
from ..documents import fact, text
from ..references import AnyContest


@planned(ConstituencyRow, row_policy=everybody, prefix="cst", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="The class in which one is a member.")
class Constituency(Node):
    id: strawberry.ID = column(ConstituencyRow.id, description="Opaque id.")
    code: str = column(ConstituencyRow.code, description="The code the ruleset knows it by.")
    name: str = column(ConstituencyRow.name, description="The name in the trust's own words.")


@planned(CONSTITUENCY_RULES, row_policy=everybody, key="key", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="What a version of the rules says of one class of members. Ages in completed years.")
class ConstituencyRule:
    constituency: Constituency | None = one(
        "{row}.document->>'code'",
        target_key="code",
        description="The constituency.",
    )
    code: str = text("code", "Its code.")
    name: str = text("name", "Its name in the trust's own words.")
    description: str | None = text("description", "Who belongs to it, for people who wonder.", nullable=True)
    qualifying_kinds: list[RelationshipKind] = fact(
        "qualifyingKinds", "The relationships to a school by which a person qualifies; none: no person does."
    )
    takes_organisations: bool = fact("takesOrganisations", "Whether organisations may be members.")
    is_company_member: bool = fact("isCompanyMember", "Whether its members are members of the company itself.")
    approval: Approval = text("approval", "Who decides on an application.")
    join_age: int = fact("joinAge", "From what age one may join.")
    vote_age: int = fact("voteAge", "From what age one may vote.")
    stand_age: int = fact("standAge", "From what age one may stand for election.")
    office_age: int = fact("officeAge", "From what age one may hold office.")
    grace_days: int = fact("graceDays", "For how many days one stays a member without a relationship.")


@planned(RulesetRow, row_policy=everybody, prefix="rul", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(
    description="One version of the trust's rules. Decisions are judged by the version in force on their day."
)
class Ruleset(Node):
    id: strawberry.ID = column(RulesetRow.id, description="Opaque id.")
    version: int = column(RulesetRow.version, description="The number of the version.")
    effective_from: date = column(RulesetRow.effective_from, description="The first day it holds.")
    rules: JSON = column(
        RulesetRow.rules, description="All of it, as it was adopted: ages in years, notice in days, money in pence."
    )
    constituencies: list[ConstituencyRule] = many(
        OF_RULESET, order=[Order("place")], description="What they say of each class of members, as they are shown."
    )
    resolution: str | None = column(RulesetRow.resolution, description="The minute of the resolution that adopted it.")
    contest: AnyContest | None = one(
        RulesetRow.resolution_contest_id, description="The contest that adopted it, where it was held here."
    )
    adopted_at: datetime = column(RulesetRow.adopted_at, description="When it was stored.")
