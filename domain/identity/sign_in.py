"""Signing in by a one-time code sent to a mailbox (docs/security.md#signing-in)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from ..refusals import Conflict, Invalid, RefusalCode

CODE_DIGITS = 8
CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODES_AN_HOUR_PER_ADDRESS = 5  # asked for from one network
CODES_AN_HOUR_TO_ADDRESS = 20  # wherever they are asked for
CODES_AN_HOUR_PER_NETWORK = 400  # two for each of 200 families at a parents' evening, behind one address of a school
WRONG_CODES_AN_HOUR_PER_NETWORK = 60
HOUR = timedelta(hours=1)
SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A sign-in code that was sent. `tries` counts wrong attempts."""

    id: UUID
    email: str
    code_hash: str
    expires_at: datetime
    tries: int
    used: bool


@dataclass(frozen=True, slots=True)
class SentCodes:
    """How long ago each code of the last hour was sent, latest first: to the address, asked for from this network or any;
    and asked for from this network, to any address."""

    to_address_from_network: Sequence[timedelta]
    to_address: Sequence[timedelta]
    from_network: Sequence[timedelta]


def check_allowance(sent: SentCodes) -> None:
    """Refuses one more code within the hour. A stranger elsewhere can't use up what an address gets from its own network,
    nor learn when its owner asked: of codes asked for elsewhere nothing is said but that an hour helps.

    Refusals: TOO_MANY_CODES, with `retry_after` in seconds.
    """
    if len(sent.to_address) >= CODES_AN_HOUR_TO_ADDRESS:
        raise Conflict(RefusalCode.TOO_MANY_CODES, retry_after=ceil(HOUR.total_seconds()))
    limits = (
        (sent.to_address_from_network, CODES_AN_HOUR_PER_ADDRESS),
        (sent.from_network, CODES_AN_HOUR_PER_NETWORK),
    )
    waits = [HOUR - ages[limit - 1] for ages, limit in limits if len(ages) >= limit]
    if waits:
        raise Conflict(RefusalCode.TOO_MANY_CODES, retry_after=ceil(max(waits).total_seconds()))


@dataclass(frozen=True, slots=True)
class WrongCodes:
    """How many wrong codes were tried within the hour on what one network asked for, and since when."""

    tries: int
    since: timedelta | None


def check_wrong_codes(wrong: WrongCodes) -> None:
    """Whether one more code may be tried on what this network asked for. Refusals: TOO_MANY_TRIES, with `retry_after` in
    seconds: how long the oldest of these tries still counts."""
    if wrong.tries >= WRONG_CODES_AN_HOUR_PER_NETWORK:
        waits = HOUR - (wrong.since or timedelta())
        raise Conflict(RefusalCode.TOO_MANY_TRIES, retry_after=ceil(waits.total_seconds()))


def check_challenge(challenge: Challenge | None, now: datetime) -> Challenge:
    """The challenge, if a code may still be tried on it. Refusals: CODE_WRONG, whatever the reason."""
    if challenge is None or challenge.used or challenge.tries >= CODE_TRIES or challenge.expires_at <= now:
        raise Invalid(RefusalCode.CODE_WRONG, field="code")
    return challenge


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on record under the mailbox; `is_child`: who is taken for one."""

    id: UUID
    given_name: str
    is_child: bool


def choose_person(people: Sequence[Candidate], wanted: UUID | None, another: bool) -> UUID | None:
    """Who of the people sharing a mailbox is signing in: None for a newcomer.

    A shared mailbox never identifies a person, and a child's is often a parent's: nobody becomes a child without saying
    so (rule 3e). Refusals: PERSON_CHOICE_NEEDED.
    """
    if another or not people:
        return None
    if wanted is None and len(people) == 1 and not people[0].is_child:
        return people[0].id
    if wanted in [each.id for each in people]:
        return wanted
    raise Conflict(RefusalCode.PERSON_CHOICE_NEEDED, field="person_id")
