"""Agreements with partners, and their apps' credentials."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from typing import Annotated
from uuid import UUID

from db.partners import agreements
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Many, Text
from domain.identity.viewer import Role, Scope, Viewer, holder_of, scopes_named
from domain.partners.agreement import (
    TOKEN_LIFETIME,
    check_agreement_dates,
    check_agreement_goes_on,
    check_agreement_in_force,
)
from domain.refusals import NotFound, NotPermitted, RefusalCode

from ..action import action
from ..identity.tokens import hash_of_token

SECRET_PREFIX = "fmk_"
TOKEN_PREFIX = "fmp_"
MAX_PURPOSE_LENGTH = 2_000
MOST_SCOPES = 20


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """An agreement with a partner."""

    partner_id: Annotated[UUID, Id("par"), "The partner."]
    purpose: Annotated[str, Text(MAX_PURPOSE_LENGTH), "What the data are for."]
    scopes: Annotated[Sequence[str], Many(0, MOST_SCOPES), "What its apps may read, such as `schools:read`."]
    since: Annotated[date, "The first day."]
    until: Annotated[date, "The first day it is over."]


@dataclass(frozen=True, slots=True)
class AgreementById:
    """An agreement to act on."""

    id: Annotated[UUID, Id("agr"), "The agreement."]


@dataclass(frozen=True, slots=True)
class RegisterApp:
    """An app to give credentials to."""

    agreement_id: Annotated[UUID, Id("agr"), "The agreement it works under."]
    name: Annotated[str, Text(), "The name."]


@dataclass(frozen=True, slots=True)
class RegisteredApp:
    """The app, and its secret, which is told once and stored as a hash."""

    partner_app: UUID
    client_secret: str


@dataclass(frozen=True, slots=True)
class AccessToken:
    """`lifetime` in seconds."""

    token: str
    lifetime: int
    scopes: tuple[str, ...]


@action(holder_of(Role.CLERK))
async def sign_agreement(transaction: Transaction, viewer: Viewer, command: SignAgreement) -> UUID:
    """Records an agreement with a partner.

    Refusals: NOT_FOUND, SCOPE_UNKNOWN, DATES_CONTRADICT.
    """
    agreed = sorted(scope.value for scope in scopes_named(command.scopes, Scope.values()))
    check_agreement_dates(command.since, command.until, await transaction.today())
    if not await agreements.partner_exists(transaction, command.partner_id):
        raise NotFound("partner_id")
    agreement_id = await agreements.add_agreement(
        transaction, command.partner_id, command.purpose, agreed, command.since, command.until
    )
    await transaction.audit(AuditAction.AGREEMENT_SIGNED, agreement_id, viewer.person, scopes=agreed)
    return agreement_id


@action(holder_of(Role.CLERK))
async def end_agreement(transaction: Transaction, viewer: Viewer, command: AgreementById) -> UUID:
    """Ends an agreement today, or on its first day where that is still to come, and every token given under it.

    Refusals: NOT_FOUND, AGREEMENT_ENDED.
    """
    dates, today = await agreements.agreement_dates(transaction, command.id), await transaction.today()
    if dates is None:
        raise NotFound("id")
    check_agreement_goes_on(*dates, today)
    await agreements.end_agreement(transaction, command.id, today)
    await transaction.audit(AuditAction.AGREEMENT_ENDED, command.id, viewer.person)
    return command.id


@action(holder_of(Role.CLERK), tells_secret=True)
async def register_app(transaction: Transaction, viewer: Viewer, command: RegisterApp) -> RegisteredApp:
    """Gives an app of a partner its credentials.

    Refusals: NOT_FOUND, AGREEMENT_ENDED.
    """
    dates = await agreements.agreement_dates(transaction, command.agreement_id)
    if dates is None:
        raise NotFound("agreement_id")
    check_agreement_in_force(*dates, await transaction.today())
    client_id, secret = secrets.token_hex(8), SECRET_PREFIX + secrets.token_urlsafe(32)
    app_id = await agreements.add_app(transaction, command.agreement_id, command.name, client_id, hash_of_token(secret))
    await transaction.audit(AuditAction.APP_REGISTERED, app_id, viewer.person)
    return RegisteredApp(app_id, secret)


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
