"""Signing in and out."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from db.identity import sessions, viewers
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.sign_in import (
    CODE_DIGITS,
    CODE_LIFETIME,
    SESSION_LIFETIME,
    Challenge,
    check_allowance,
    check_challenge,
    choose_person,
)
from domain.identity.viewer import Viewer
from domain.refusals import Invalid, NotFound, Refusal, RefusalCode
from domain.text import email_address

from .tokens import hash_of_token

SESSION_TOKEN_PREFIX = "fms_"
UNKNOWN_NETWORK = "unknown"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # Argon2id, the least OWASP advises
_MAIL = (
    "Your sign-in code is {code}\n\nIt works once, for ten minutes, on the device that asked for it.\n"
    "If you did not ask for it, do nothing: nobody can use it without this mail.\n"
)


@dataclass(frozen=True, slots=True)
class NewSession:
    token: str
    expires_at: datetime


class ChoiceNeeded(Refusal):
    """Several people share the mailbox; `people` are their ids and given names."""

    def __init__(self, refusal: Refusal, people: list[tuple[UUID, str]]) -> None:
        super().__init__(refusal.code, refusal.message, refusal.field)
        self.people = people


async def new_code() -> tuple[str, str]:
    """A code and its hash; made outside the transaction because hashing takes its time on purpose."""
    code = str(secrets.randbelow(10**CODE_DIGITS)).zfill(CODE_DIGITS)
    return code, await asyncio.to_thread(_HASHER.hash, code)


async def check_code_allowance(transaction: Transaction, viewer: Viewer, email: str) -> None:
    """Whether one more code may be sent; asked before the slow hashing. Refusals: EMAIL_INVALID, TOO_MANY_CODES."""
    counts = await sessions.codes_within_an_hour(transaction, email_address(email), viewer.network or UNKNOWN_NETWORK)
    check_allowance(*counts)


async def request_sign_in_code(
    transaction: Transaction, viewer: Viewer, email: str, code: str, code_hash: str
) -> tuple[UUID, datetime]:
    """Sends the code. Known and unknown addresses are treated alike. Refusals: EMAIL_INVALID, TOO_MANY_CODES."""
    address = email_address(email)
    await check_code_allowance(transaction, viewer, address)
    expires_at = await transaction.now() + CODE_LIFETIME
    challenge = await sessions.add_challenge(
        transaction, address, code_hash, viewer.network or UNKNOWN_NETWORK, expires_at
    )
    await transaction.queue_mail(address, "Your sign-in code", _MAIL.format(code=code))
    return challenge, expires_at


async def try_code(transaction: Transaction, challenge_id: UUID) -> Challenge | None:
    """Counts the try; to be committed before the code is compared."""
    return await sessions.count_try(transaction, challenge_id)


async def matches(challenge: Challenge | None, code: str) -> bool:
    """Whether this is the code that was sent. Takes the same time whatever the answer."""
    against = challenge.code_hash if challenge else _DECOY
    try:
        return await asyncio.to_thread(_HASHER.verify, against, code) and challenge is not None
    except VerifyMismatchError:
        return False


_DECOY = _HASHER.hash("no code at all")


async def sign_in(
    transaction: Transaction, challenge: Challenge | None, code_matches: bool, person_id: UUID | None, another: bool
) -> NewSession:
    """Starts a session. Refusals: CODE_WRONG; PERSON_CHOICE_NEEDED, which leaves the code usable."""
    now = await transaction.now()
    challenge = check_challenge(challenge, now)
    if not code_matches:
        raise Invalid(RefusalCode.CODE_WRONG, field="code")
    people = await sessions.people_with_mailbox(transaction, challenge.email)
    try:
        chosen = choose_person([found for found, _ in people], person_id, another)
    except Refusal as refusal:
        raise ChoiceNeeded(refusal, people) from None
    if not await sessions.use_challenge(transaction, challenge.id):
        raise Invalid(RefusalCode.CODE_WRONG, field="code")
    token, expires_at = SESSION_TOKEN_PREFIX + secrets.token_urlsafe(32), now + SESSION_LIFETIME
    session = await sessions.add_session(transaction, hash_of_token(token), challenge.email, chosen, expires_at)
    await transaction.audit(AuditAction.SIGNED_IN, session, chosen)
    return NewSession(token, expires_at)


async def sign_out(transaction: Transaction, viewer: Viewer) -> None:
    """Ends the session. Refusals: NOT_FOUND without one."""
    if viewer.session_id is None:
        raise NotFound()
    await sessions.end_session(transaction, viewer.session_id)
    await transaction.audit(AuditAction.SIGNED_OUT, viewer.session_id, viewer.person_id)


async def note_use(transaction: Transaction, session_id: UUID) -> None:
    """Keeps a session that is in use from ending for idleness."""
    await viewers.touch_session(transaction, session_id)
