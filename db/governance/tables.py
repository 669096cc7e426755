"""Rulesets and constituencies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, UniqueConstraint

from ..columns import JSON, Row, belongs_to_trust, column, identifier, key, tenant


class RulesetRow(Row, table=True):
    """One version of a trust's rules; never changed once stored."""

    __tablename__ = "ruleset"
    __table_args__ = (key(), belongs_to_trust(), UniqueConstraint("trust_id", "version"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    version: int = column(Integer)
    effective_from: date = column(Date)
    rules: dict[str, Any] = column(JSON)


class ConstituencyRow(Row, table=True):
    """The class in which one is a member. What qualifies for it stands in the ruleset."""

    __tablename__ = "constituency"
    __table_args__ = (key(), belongs_to_trust(), UniqueConstraint("trust_id", "code"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    code: str = column(Text)
    name: str = column(Text)
    position: int = column(Integer)
