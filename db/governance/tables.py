"""Rulesets and constituencies."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, UniqueConstraint

from ..access import APPEND_ONLY, READ_WRITE, Access
from ..columns import JSON, Row, belongs_to_trust, column, identifier, key, moment, points_to, reference, tenant
from ..personal import NoPerson


class RulesetRow(Row, table=True):
    """One version of a trust's rules; never changed once stored."""

    __tablename__ = "ruleset"
    __access__ = Access(app=APPEND_ONLY, worker="select")
    __personal__ = NoPerson("The rules of a trust.")
    __table_args__ = (
        key(),
        belongs_to_trust(),
        UniqueConstraint("trust_id", "version"),
        points_to("contest", "resolution_contest_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    version: int = column(Integer)
    effective_from: date = column(Date)
    rules: dict[str, Any] = column(JSON)
    resolution: str | None = column(Text, null=True)  # which adopted it; the first version of a trust has none
    resolution_contest_id: UUID | None = reference(null=True)
    adopted_at: datetime = moment(default="app_now()")


class ConstituencyRow(Row, table=True):
    """The class in which one is a member. What qualifies for it stands in the ruleset."""

    __tablename__ = "constituency"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("The rules of a trust.")
    __table_args__ = (key(), belongs_to_trust(), UniqueConstraint("trust_id", "code"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    code: str = column(Text)
    name: str = column(Text)
    position: int = column(Integer)
