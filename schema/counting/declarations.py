"""Declarations: what is published of a contest."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from counting import Outcome
from db.counting.reads import HAS_TOTALS, SAME_COUNT
from db.polls.tables import DeclarationRow
from domain.identity.viewer import Scope
from planner import Node, Order, column, expression, many, one, planned

from ..access import P0, PUBLIC, scoped
from ..vocabulary import Sha256
from .types import ChoiceTotal, Count, Turnout

EVIDENCE = 1_000  # objects a list of papers or receipts is reckoned at


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
        "{row}.contest_id",
        target_key="contest_id",
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
        description="Every paper, sorted, as docs/papers.md writes it; null where so few are entitled that it would be names.",
    )
    pack: JSON = column(
        DeclarationRow.pack,
        weight=EVIDENCE,
        description="The whole declaration pack, for a recount by anyone: docs/declaration.schema.json.",
    )
