"""Agreements with partners, and their apps' credentials."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from uuid import UUID

from db.partners import agreements
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Scope, Viewer, must_hold, scopes_named
from domain.partners.agreement import TOKEN_LIFETIME, check_agreement_dates, check_agreement_in_force
from domain.refusals import NotFound, NotPermitted, RefusalCode
from domain.text import required_text

from ..identity.tokens import hash_of_token

SECRET_PREFIX = "fmk_"
TOKEN_PREFIX = "fmp_"


@dataclass(frozen=True, slots=True)
class NewApp:
    """Credentials; the secret is told once and stored as a hash."""

    id: UUID
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class AccessToken:
    """`lifetime` in seconds."""

    token: str
    lifetime: int
    scopes: tuple[str, ...]


async def sign_agreement(
    transaction: Transaction,
    viewer: Viewer,
    partner_id: UUID,
    purpose: str,
    scopes: Sequence[str],
    since: date,
    until: date,
) -> UUID:
    """Records an agreement. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, SCOPE_UNKNOWN, DATES_CONTRADICT."""
    clerk = must_hold(viewer, Role.CLERK)
    purpose = required_text(purpose, "purpose", 2_000)
    agreed = sorted(scope.value for scope in scopes_named(scopes, Scope.values()))
    check_agreement_dates(since, until, await transaction.today())
    if not await agreements.partner_exists(transaction, partner_id):
        raise NotFound("partnerId")
    agreement_id = await agreements.add_agreement(transaction, partner_id, purpose, agreed, since, until)
    await transaction.audit(AuditAction.AGREEMENT_SIGNED, agreement_id, clerk, scopes=agreed)
    return agreement_id


async def end_agreement(transaction: Transaction, viewer: Viewer, agreement_id: UUID) -> UUID:
    """Ends an agreement today, and every token given under it. Refusals: as must_hold, NOT_FOUND."""
    clerk = must_hold(viewer, Role.CLERK)
    if await agreements.agreement_dates(transaction, agreement_id) is None:
        raise NotFound("id")
    await agreements.end_agreement(transaction, agreement_id, await transaction.today())
    await transaction.audit(AuditAction.AGREEMENT_ENDED, agreement_id, clerk)
    return agreement_id


async def register_app(transaction: Transaction, viewer: Viewer, agreement_id: UUID, name: str) -> NewApp:
    """Gives an app of the partner credentials. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, AGREEMENT_ENDED."""
    clerk = must_hold(viewer, Role.CLERK)
    name = required_text(name, "name")
    dates = await agreements.agreement_dates(transaction, agreement_id)
    if dates is None:
        raise NotFound("agreementId")
    check_agreement_in_force(*dates, await transaction.today())
    client_id, secret = secrets.token_hex(8), SECRET_PREFIX + secrets.token_urlsafe(32)
    app_id = await agreements.add_app(transaction, agreement_id, name, client_id, hash_of_token(secret))
    await transaction.audit(AuditAction.APP_REGISTERED, app_id, clerk)
    return NewApp(app_id, client_id, secret)


async def issue_token(
    transaction: Transaction, client_id: str, client_secret: str, scopes: Sequence[str] | None
) -> AccessToken:
    """An access token by client credentials (RFC 6749 4.4); without `scopes`, all that was agreed.

    Refusals: NOT_PERMITTED for wrong credentials, AGREEMENT_ENDED, SCOPE_UNKNOWN.
    """
    app = await agreements.app_by_client_id(transaction, client_id)
    known = app["secret_hash"] if app else "no app of this name"
    if not compare_digest(hash_of_token(client_secret), known) or app is None:
        raise NotPermitted(RefusalCode.NOT_PERMITTED)
    check_agreement_in_force(app["since"], app["until"], await transaction.today())
    granted = scopes_named(app["scopes"] if scopes is None else scopes, app["scopes"])
    names = tuple(sorted(scope.value for scope in granted))
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    await agreements.add_token(
        transaction, hash_of_token(token), app["id"], names, await transaction.now() + TOKEN_LIFETIME
    )
    return AccessToken(token, int(TOKEN_LIFETIME.total_seconds()), names)
