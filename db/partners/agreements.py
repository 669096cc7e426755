"""Agreements, apps and tokens of partners."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ..transactions import Transaction


async def partner_exists(transaction: Transaction, partner_id: UUID) -> bool:
    return bool(
        await transaction.value(
            "select true from partner where trust_id = $1 and id = $2", transaction.trust_id, partner_id
        )
    )


async def add_agreement(
    transaction: Transaction, partner_id: UUID, purpose: str, scopes: Sequence[str], since: date, until: date
) -> UUID:
    agreement: UUID = await transaction.value(
        "insert into agreement (trust_id, partner_id, purpose, scopes, since, until) values ($1, $2, $3, $4, $5, $6) returning id",
        transaction.trust_id,
        partner_id,
        purpose,
        list(scopes),
        since,
        until,
    )
    return agreement


async def agreement_dates(transaction: Transaction, agreement_id: UUID) -> tuple[date, date] | None:
    row = await transaction.row(
        "select since, until from agreement where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        agreement_id,
    )
    return None if row is None else (row["since"], row["until"])


async def end_agreement(transaction: Transaction, agreement_id: UUID, day: date) -> None:
    """Over from `day` on, or never in force where that is before its first. Tokens given under it end now, and this process
    knows it as soon as it is committed."""
    await transaction.run(
        "update agreement set until = greatest(since, $3) where trust_id = $1 and id = $2",
        transaction.trust_id,
        agreement_id,
        day,
    )
    ended = await transaction.rows(
        "delete from partner_token where trust_id = $1 and app_id in"
        " (select id from partner_app where trust_id = $1 and agreement_id = $2) returning app_id",
        transaction.trust_id,
        agreement_id,
    )
    transaction.signed_out.update(each["app_id"] for each in ended)


async def add_app(transaction: Transaction, agreement_id: UUID, name: str, client_id: str, secret_hash: str) -> UUID:
    app: UUID = await transaction.value(
        "insert into partner_app (trust_id, agreement_id, name, client_id, secret_hash) values ($1, $2, $3, $4, $5) returning id",
        transaction.trust_id,
        agreement_id,
        name,
        client_id,
        secret_hash,
    )
    return app


async def app_by_client_id(transaction: Transaction, client_id: str) -> Mapping[str, Any] | None:
    return await transaction.row(
        "select a.id, a.secret_hash, g.scopes, g.since, g.until from partner_app a"
        " join agreement g on g.trust_id = $1 and g.id = a.agreement_id where a.trust_id = $1 and a.client_id = $2",
        transaction.trust_id,
        client_id,
    )


async def add_token(
    transaction: Transaction, token_hash: str, app_id: UUID, scopes: Sequence[str], expires_at: datetime
) -> None:
    await transaction.run(
        "insert into partner_token (trust_id, token_hash, app_id, scopes, expires_at) values ($1, $2, $3, $4, $5)",
        transaction.trust_id,
        token_hash,
        app_id,
        sorted(scopes),
        expires_at,
    )
    await transaction.run(
        "delete from partner_token where trust_id = $1 and app_id = $2 and expires_at < app_now()",
        transaction.trust_id,
        app_id,
    )
