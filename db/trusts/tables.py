"""Trusts, schools and how they belong together."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Index, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

from domain.trusts.schools import AffiliationKind, LegalForm, LinkKind, SchoolPhase

from ..access import READ_WRITE, WITH_DELETE, Access
from ..columns import TEXTS, Row, belongs_to_trust, column, identifier, key, one_of, points_to, reference, tenant
from ..connection import APP_ROLE, WORKER_ROLE
from ..personal import NoPerson

_OWN = "id = nullif(current_setting('app.trust', true), '')::uuid"


class TrustRow(Row, table=True):
    """The tenant itself."""

    __tablename__ = "trust"
    __access__ = Access(
        app=READ_WRITE,
        worker="select",
        policies={  # the list of trusts is public and is read before a trust is chosen
            "everybody": f"for select to {APP_ROLE}, {WORKER_ROLE} using (true)",
            "own_trust_added": f"for insert to {APP_ROLE} with check ({_OWN})",
            "own_trust_changed": f"for update to {APP_ROLE} using ({_OWN}) with check ({_OWN})",
        },
    )
    __personal__ = NoPerson("What a trust publishes about itself; its mailbox and telephone are its office's.")
    __table_args__ = (PrimaryKeyConstraint("id"), UniqueConstraint("slug"), one_of("legal_form", LegalForm))
    id: UUID = identifier()
    slug: str = column(Text)
    name: str = column(Text)
    legal_form: str = column(Text)
    area: str = column(Text)
    vision: str = column(Text)
    values: list[str] = column(TEXTS)
    aims: list[str] = column(TEXTS)
    local_authorities: list[str] = column(TEXTS)
    companies_house_number: str | None = column(Text, null=True)
    ukprn: str | None = column(Text, null=True)
    # what a trust has not told is null
    contact_email: str | None = column(Text, null=True)
    telephone: str | None = column(Text, null=True)
    address: str | None = column(Text, null=True)
    website: str | None = column(Text, null=True)
    articles_url: str | None = column(Text, null=True)
    privacy_notice: str | None = column(Text, null=True)
    logo_url: str | None = column(Text, null=True)
    languages: list[str] | None = column(TEXTS, null=True)


class SchoolRow(Row, table=True):
    __tablename__ = "school"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("What Get Information About Schools publishes.")
    __table_args__ = (
        key(),
        belongs_to_trust(),
        UniqueConstraint("trust_id", "urn"),
        one_of("phase", SchoolPhase),
        Index(None, "trust_id", "name", "id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    urn: int = column(Integer)
    name: str = column(Text)
    phase: str = column(Text)
    establishment_type: str | None = column(Text, null=True)
    religious_character: str | None = column(Text, null=True)
    diocese: str | None = column(Text, null=True)
    local_authority: str = column(Text)
    lowest_age: int | None = column(Integer, null=True)
    highest_age: int | None = column(Integer, null=True)
    pupils: int | None = column(Integer, null=True)
    street: str | None = column(Text, null=True)
    locality: str | None = column(Text, null=True)
    town: str | None = column(Text, null=True)
    postcode: str | None = column(Text, null=True)
    website: str | None = column(Text, null=True)
    opened_on: date | None = column(Date, null=True)
    establishment_status: str | None = column(Text, null=True)
    closed_on: date | None = column(Date, null=True)
    source: str = column(Text)


class SchoolLinkRow(Row, table=True):
    __tablename__ = "school_link"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = NoPerson("What Get Information About Schools publishes.")
    __table_args__ = (
        key(),
        points_to("school", "school_id"),
        UniqueConstraint("trust_id", "school_id", "kind", "linked_urn"),
        one_of("kind", LinkKind),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    school_id: UUID = reference()
    kind: str = column(Text)
    linked_urn: int = column(Integer)
    linked_name: str = column(Text)
    established_on: date | None = column(Date, null=True)


class AffiliationRow(Row, table=True):
    """One time in which a school belongs to the trust, and how; `until` is the first day it no longer does."""

    __tablename__ = "affiliation"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("How a school belongs to the trust.")
    __table_args__ = (
        key(),
        points_to("school", "school_id"),
        UniqueConstraint("trust_id", "school_id", "kind", "since"),
        one_of("kind", AffiliationKind),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    school_id: UUID = reference()
    kind: str = column(Text)
    cohort: str | None = column(Text, null=True)
    since: date | None = column(Date, null=True)
    until: date | None = column(Date, null=True)
    note: str | None = column(Text, null=True)
