"""Sign-in codes and sessions."""

from datetime import datetime
from uuid import UUID

from domain.identity.sign_in import HOUR, Candidate, Challenge, SentCodes, WrongCodes
from domain.membership.eligibility import IS_ALIVE

from ..fragments.conditions import columns, predicate
from ..people.persons import TAKEN_FOR_CHILD
from ..transactions import Transaction


async def codes_within_an_hour(transaction: Transaction, email: str, network: str) -> SentCodes:
    """What was sent to the address, and asked for from the network. Holds both until commit."""
    for name in sorted((f"address {email}", f"network {network}")):
        await transaction.hold(name)
    sent = "select app_now() - created_at from sign_in_challenge where trust_id = $1 and created_at > app_now() - $4::interval"
    newest = "order by created_at desc"
    row = await transaction.row(
        f"select array({sent} and email = $2 and network = $3 {newest}) as to_address_from_network,"
        f" array({sent} and email = $2 {newest}) as to_address, array({sent} and network = $3 {newest}) as from_network",
        transaction.trust_id,
        email,
        network,
        HOUR,
    )
    assert row is not None
    return SentCodes(**row)


async def add_challenge(
    transaction: Transaction, email: str, code_hash: str, network: str, expires_at: datetime
) -> UUID:
    challenge: UUID = await transaction.value(
        "insert into sign_in_challenge (trust_id, email, code_hash, network, expires_at)"
        " values ($1, $2, $3, $4, $5) returning id",
        transaction.trust_id,
        email,
        code_hash,
        network,
        expires_at,
    )
    return challenge


async def count_try(transaction: Transaction, challenge_id: UUID) -> tuple[Challenge | None, WrongCodes]:
    """Counts one more try. Committed even when the try then fails.

    The challenge as it was before, and what was tried in vain on others that its network asked for: on one that was used,
    nothing was.
    """
    row = await transaction.row(
        "update sign_in_challenge set tries = tries + 1 where trust_id = $1 and id = $2"
        " returning id, email, code_hash, expires_at, tries - 1 as tries, used, network",
        transaction.trust_id,
        challenge_id,
    )
    if row is None:
        return None, WrongCodes(0, None)
    network = row["network"]
    await transaction.hold(f"network {network}")
    wrong = await transaction.row(
        "select coalesce(sum(tries), 0)::int as tries, max(app_now() - created_at) as since from sign_in_challenge"
        " where trust_id = $1 and network = $2 and id <> $3 and created_at > app_now() - $4::interval"
        " and not used and tries > 0",
        transaction.trust_id,
        network,
        challenge_id,
        HOUR,
    )
    assert wrong is not None
    return Challenge(**{name: each for name, each in row.items() if name != "network"}), WrongCodes(**wrong)


async def use_challenge(transaction: Transaction, challenge_id: UUID) -> bool:
    """Marks the challenge used; False when another request was first."""
    used = await transaction.value(
        "update sign_in_challenge set used = true where trust_id = $1 and id = $2 and not used returning true",
        transaction.trust_id,
        challenge_id,
    )
    return bool(used)


async def people_with_mailbox(transaction: Transaction, email: str) -> list[Candidate]:
    """All the living who share the mailbox: until the transaction ends none of them dies or gets another."""
    rows = await transaction.rows(
        f"select p.id, p.given_name, {TAKEN_FOR_CHILD} as is_child from person p where p.trust_id = $1 and p.email = $2"
        f" and {predicate(IS_ALIVE, columns('p', 'died_on'))} order by p.id for share of p",
        transaction.trust_id,
        email,
    )
    return [Candidate(**row) for row in rows]


async def end_codes_for(transaction: Transaction, email: str) -> None:
    """No code that was sent to the mailbox starts a session any more."""
    await transaction.run(
        "update sign_in_challenge set used = true where trust_id = $1 and email = $2 and not used",
        transaction.trust_id,
        email,
    )


async def add_session(
    transaction: Transaction, token_hash: str, email: str, person_id: UUID | None, expires_at: datetime
) -> UUID:
    session: UUID = await transaction.value(
        "insert into session (trust_id, token_hash, email, person_id, expires_at) values ($1, $2, $3, $4, $5) returning id",
        transaction.trust_id,
        token_hash,
        email,
        person_id,
        expires_at,
    )
    return session


async def end_session(transaction: Transaction, session_id: UUID) -> None:
    await transaction.run(
        "update session set ended_at = app_now() where trust_id = $1 and id = $2 and ended_at is null",
        transaction.trust_id,
        session_id,
    )


async def end_sessions_of(transaction: Transaction, person_id: UUID) -> None:
    """Ends every session of the person; this process knows it as soon as it is committed."""
    transaction.signed_out.add(person_id)
    await transaction.run(
        "update session set ended_at = app_now() where trust_id = $1 and person_id = $2 and ended_at is null",
        transaction.trust_id,
        person_id,
    )


async def person_of_session(transaction: Transaction, session_id: UUID) -> UUID | None:
    """Who the session belongs to by now. Locks the session, so that a newcomer becomes one person."""
    person: UUID | None = await transaction.value(
        "select person_id from session where trust_id = $1 and id = $2 for update", transaction.trust_id, session_id
    )
    return person


async def attach_person(transaction: Transaction, session_id: UUID, person_id: UUID) -> None:
    """From now on the session is that person's."""
    await transaction.run(
        "update session set person_id = $3 where trust_id = $1 and id = $2", transaction.trust_id, session_id, person_id
    )
