"""Signing in and out, and roles."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from db.identity import viewers, writes
from db.members.people import person_exists
from db.work import Work
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
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Conflict, Invalid, NotFound, Refusal, RefusalCode
from domain.text import email_address

SESSION_TOKEN_PREFIX = "fms_"
UNKNOWN_NETWORK = "unknown"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # Argon2id, the least OWASP advises
_MAIL = (
    "Your sign-in code is {code}\n\nIt works once, for ten minutes, on the device that asked for it.\n"
    "If you did not ask for it, do nothing: nobody can use it without this mail.\n"
)


def hash_of_token(token: str) -> str:
    """What is stored of a token. Tokens have 256 random bits, so a plain hash is enough."""
    return sha256(token.encode()).hexdigest()


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


async def check_code_allowance(work: Work, viewer: Viewer, email: str) -> None:
    """Whether one more code may be sent; asked before the slow hashing. Refusals: EMAIL_INVALID, TOO_MANY_CODES."""
    counts = await writes.codes_within_an_hour(work, email_address(email), viewer.network or UNKNOWN_NETWORK)
    check_allowance(*counts)


async def request_sign_in_code(
    work: Work, viewer: Viewer, email: str, code: str, code_hash: str
) -> tuple[UUID, datetime]:
    """Sends the code. Known and unknown addresses are treated alike. Refusals: EMAIL_INVALID, TOO_MANY_CODES."""
    address = email_address(email)
    await check_code_allowance(work, viewer, address)
    expires_at = await work.now() + CODE_LIFETIME
    challenge = await writes.add_challenge(work, address, code_hash, viewer.network or UNKNOWN_NETWORK, expires_at)
    await work.queue_mail(address, "Your sign-in code", _MAIL.format(code=code))
    return challenge, expires_at


async def try_code(work: Work, challenge_id: UUID) -> Challenge | None:
    """Counts the try; to be committed before the code is compared."""
    return await writes.count_try(work, challenge_id)


async def matches(challenge: Challenge | None, code: str) -> bool:
    """Whether this is the code that was sent. Takes the same time whatever the answer."""
    against = challenge.code_hash if challenge else _DECOY
    try:
        return await asyncio.to_thread(_HASHER.verify, against, code) and challenge is not None
    except VerifyMismatchError:
        return False


_DECOY = _HASHER.hash("no code at all")


async def sign_in(
    work: Work, challenge: Challenge | None, code_matches: bool, person_id: UUID | None, another: bool
) -> NewSession:
    """Starts a session. Refusals: CODE_WRONG; PERSON_CHOICE_NEEDED, which leaves the code usable."""
    now = await work.now()
    challenge = check_challenge(challenge, now)
    if not code_matches:
        raise Invalid(RefusalCode.CODE_WRONG, field="code")
    people = await writes.people_with_mailbox(work, challenge.email)
    try:
        chosen = choose_person([found for found, _ in people], person_id, another)
    except Refusal as refusal:
        raise ChoiceNeeded(refusal, people) from None
    if not await writes.use_challenge(work, challenge.id):
        raise Invalid(RefusalCode.CODE_WRONG, field="code")
    token, expires_at = SESSION_TOKEN_PREFIX + secrets.token_urlsafe(32), now + SESSION_LIFETIME
    session = await writes.add_session(work, hash_of_token(token), challenge.email, chosen, expires_at)
    await work.audit(AuditAction.SIGNED_IN, session, chosen)
    return NewSession(token, expires_at)


async def sign_out(work: Work, viewer: Viewer) -> None:
    """Ends the session. Refusals: NOT_FOUND without one."""
    if viewer.session_id is None:
        raise NotFound()
    await writes.end_session(work, viewer.session_id)
    await work.audit(AuditAction.SIGNED_OUT, viewer.session_id, viewer.person_id)


async def note_use(work: Work, session_id: UUID) -> None:
    """Keeps a session that is in use from ending for idleness."""
    await viewers.touch_session(work, session_id)


async def grant_role(work: Work, viewer: Viewer, person_id: UUID, role: Role) -> UUID:
    """By the clerk; ends the person's sessions. Refusals: as must_hold, NOT_FOUND, ROLE_ALREADY_HELD."""
    clerk = must_hold(viewer, Role.CLERK)
    if not await person_exists(work, person_id):
        raise NotFound("personId")
    if not await writes.add_role(work, person_id, role):
        raise Conflict(RefusalCode.ROLE_ALREADY_HELD, field="role")
    await writes.end_sessions_of(work, person_id)
    await work.audit(AuditAction.ROLE_GRANTED, person_id, clerk, role=role.value)
    return person_id


async def end_role(work: Work, viewer: Viewer, person_id: UUID, role: Role) -> UUID:
    """By the clerk; ends the person's sessions. Refusals: as must_hold, NOT_FOUND."""
    clerk = must_hold(viewer, Role.CLERK)
    if not await writes.end_role(work, person_id, role):
        raise NotFound("role")
    await writes.end_sessions_of(work, person_id)
    await work.audit(AuditAction.ROLE_ENDED, person_id, clerk, role=role.value)
    return person_id
