"""Signing in and out."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from db.identity import sessions, viewers
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Email, Id, Language
from domain.identity.sign_in import (
    CODE_DIGITS,
    CODE_LIFETIME,
    SESSION_LIFETIME,
    Challenge,
    check_allowance,
    check_challenge,
    check_wrong_codes,
    choose_person,
)
from domain.identity.viewer import ANY_MAILBOX, ANYBODY, Viewer
from domain.refusals import Invalid, Refusal, RefusalCode

from ..action import InTransaction, action
from ..notifications.wording import FALLBACK, words
from .tokens import hash_of_token

Result = TypeVar("Result")

SESSION_TOKEN_PREFIX = "fms_"
CHALLENGE_PREFIX = "chl"
UNKNOWN_NETWORK = "unknown"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # Argon2id, the least OWASP advises
_HASHING = ThreadPoolExecutor(4, "hashing")  # its own threads, so that nobody's long work keeps people from signing in


@dataclass(frozen=True, slots=True)
class RequestSignInCode:
    """Where to send a sign-in code."""

    email: Annotated[str, Email(), "The mailbox."]
    language: Annotated[str | None, Language(), "The language to be written to in, as en or pl."] = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A code and what it was asked for with."""

    challenge: Annotated[UUID, Id(CHALLENGE_PREFIX), "From requestSignInCode."]
    code: Annotated[str, "The eight digits from the mail."]
    person_id: Annotated[
        UUID | None, Id("per"), "Who you are, where several people share the mailbox, or a child is on record under it."
    ] = None
    another_person: Annotated[bool, "You share a mailbox with people on record, but are none of them."] = False


@dataclass(frozen=True, slots=True)
class NewChallenge:
    """What a code was sent for, and when it stops working."""

    challenge: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    token: str
    expires_at: datetime


class ChoiceNeeded(Refusal):
    """Several people share the mailbox, or a child has it; `people` are their ids and given names."""

    def __init__(self, refusal: Refusal, people: list[tuple[UUID, str]]) -> None:
        super().__init__(refusal.code, refusal.message, refusal.field)
        self.people = people


@action(ANYBODY, tells_secret=True)
async def request_sign_in_code(
    in_transaction: InTransaction, viewer: Viewer, command: RequestSignInCode
) -> NewChallenge:
    """Sends a code to a mailbox, known or not.

    The two are treated alike. Refusals: TOO_MANY_CODES.
    """
    network = viewer.network or UNKNOWN_NETWORK
    await in_transaction(lambda transaction: _check_allowance(transaction, command.email, network))
    code = str(secrets.randbelow(10**CODE_DIGITS)).zfill(CODE_DIGITS)
    code_hash = await _slowly(_HASHER.hash, code)

    async def send(transaction: Transaction) -> NewChallenge:
        await _check_allowance(transaction, command.email, network)
        expires_at = await transaction.now() + CODE_LIFETIME
        challenge = await sessions.add_challenge(transaction, command.email, code_hash, network, expires_at)
        _, subject, text = words("sign_in_code", command.language or FALLBACK, {"code": code})
        await transaction.queue_mail(command.email, subject, text)
        return NewChallenge(challenge, expires_at)

    return await in_transaction(send)


@action(ANYBODY, tells_secret=True)
async def sign_in(in_transaction: InTransaction, _: Viewer, command: SignIn) -> NewSession:
    """Starts a session.

    The try is counted before the code is compared. Refusals: CODE_WRONG, TOO_MANY_TRIES; PERSON_CHOICE_NEEDED, which
    leaves the code usable.
    """
    challenge, wrong = await in_transaction(lambda transaction: sessions.count_try(transaction, command.challenge))
    check_wrong_codes(wrong)
    matches = await _matches(challenge, command.code)
    return await in_transaction(lambda transaction: _start_session(transaction, challenge, matches, command))


@action(ANY_MAILBOX, changes_caller=True)
async def sign_out(transaction: Transaction, viewer: Viewer, _: None) -> None:
    """Ends the session."""
    assert viewer.session_id is not None
    await sessions.end_session(transaction, viewer.session_id)
    await transaction.audit(AuditAction.SIGNED_OUT, viewer.session_id, viewer.person_id)


async def note_uses(transaction: Transaction, sessions: Sequence[UUID]) -> None:
    """Keeps sessions that are in use from ending for idleness."""
    await viewers.touch_sessions(transaction, sessions)


async def _check_allowance(transaction: Transaction, address: str, network: str) -> None:
    """Whether one more code may be sent; asked also before the slow hashing. Refusals: TOO_MANY_CODES."""
    check_allowance(await sessions.codes_within_an_hour(transaction, address, network))


async def _matches(challenge: Challenge | None, code: str) -> bool:
    """Whether this is the code that was sent. Takes the same time whatever the answer."""
    against = challenge.code_hash if challenge else _DECOY
    try:
        return await _slowly(_HASHER.verify, against, code) and challenge is not None
    except VerifyMismatchError:
        return False


async def _slowly(work: Callable[..., Result], *values: str) -> Result:
    """What `work` gives: hashing is slow on purpose."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, work, *values)


_DECOY = _HASHER.hash("no code at all")


async def _start_session(
    transaction: Transaction, challenge: Challenge | None, code_matches: bool, command: SignIn
) -> NewSession:
    now = await transaction.now()
    challenge = check_challenge(challenge, now)
    if not code_matches:
        raise Invalid(RefusalCode.CODE_WRONG, field="code")
    people = await sessions.people_with_mailbox(transaction, challenge.email)
    try:
        chosen = choose_person(people, command.person_id, command.another_person)
    except Refusal as refusal:
        raise ChoiceNeeded(refusal, [(each.id, each.given_name) for each in people]) from None
    if not await sessions.use_challenge(transaction, challenge.id):
        raise Invalid(RefusalCode.CODE_WRONG, field="code")
    token, expires_at = SESSION_TOKEN_PREFIX + secrets.token_urlsafe(32), now + SESSION_LIFETIME
    session = await sessions.add_session(transaction, hash_of_token(token), challenge.email, chosen, expires_at)
    await transaction.audit(AuditAction.SIGNED_IN, session, chosen)
    return NewSession(token, expires_at)
