"""Partner organisations, what was agreed with them and their apps."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Index, Text, UniqueConstraint

from ..access import READ_WRITE, WITH_DELETE, Access
from ..columns import TEXTS, Row, belongs_to_trust, column, identifier, key, moment, points_to, reference, tenant
from ..personal import NoPerson


class PartnerRow(Row, table=True):
    __tablename__ = "partner"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("A partner organisation and what its apps may read; no person of it is named.")
    __table_args__ = (key(), belongs_to_trust(), UniqueConstraint("trust_id", "name"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    name: str = column(Text)
    kind: str = column(Text)
    part: str | None = column(Text, null=True)


class AgreementRow(Row, table=True):
    """A data-sharing agreement; `until` is the first day it is over."""

    __tablename__ = "agreement"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("A partner organisation and what its apps may read; no person of it is named.")
    __table_args__ = (key(), points_to("partner", "partner_id"), Index(None, "trust_id", "partner_id"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    partner_id: UUID = reference()
    purpose: str = column(Text)
    scopes: list[str] = column(TEXTS)
    since: date = column(Date)
    until: date = column(Date)


class PartnerAppRow(Row, table=True):
    __tablename__ = "partner_app"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("A partner organisation and what its apps may read; no person of it is named.")
    __table_args__ = (key(), points_to("agreement", "agreement_id"), UniqueConstraint("trust_id", "client_id"))
    trust_id: UUID = tenant()
    id: UUID = identifier()
    agreement_id: UUID = reference()
    name: str = column(Text)
    client_id: str = column(Text)
    secret_hash: str = column(Text)
    created_at: datetime = moment(default="app_now()")


class PartnerTokenRow(Row, table=True):
    __tablename__ = "partner_token"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = NoPerson("A partner organisation and what its apps may read; no person of it is named.")
    __table_args__ = (key("token_hash"), points_to("partner_app", "app_id"))
    trust_id: UUID = tenant()
    token_hash: str = column(Text)
    app_id: UUID = reference()
    scopes: list[str] = column(TEXTS)
    expires_at: datetime = moment()
