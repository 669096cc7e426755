"""Sign-in codes, sessions and roles."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.identity.sign_in import Challenge
from domain.identity.viewer import Role

from ..connection import UniqueViolation
from ..work import Work


async def codes_within_an_hour(work: Work, email: str, network: str) -> tuple[int, int]:
    """How many codes went to the address, and how many were asked for from the network. Holds both until commit."""
    for name in sorted((f"address {email}", f"network {network}")):
        await work.run("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{work.trust_id} {name}")
    row = await work.row(
        "select (select count(*) from sign_in_challenge where trust_id = $1 and email = $2"
        " and created_at > now() - interval '1 hour') as address, (select count(*) from sign_in_challenge"
        " where trust_id = $1 and network = $3 and created_at > now() - interval '1 hour') as network",
        work.trust_id,
        email,
        network,
    )
    assert row is not None
    return row["address"], row["network"]


async def add_challenge(work: Work, email: str, code_hash: str, network: str, expires_at: datetime) -> UUID:
    challenge: UUID = await work.value(
        "insert into sign_in_challenge (trust_id, email, code_hash, network, expires_at)"
        " values ($1, $2, $3, $4, $5) returning id",
        work.trust_id,
        email,
        code_hash,
        network,
        expires_at,
    )
    return challenge


async def count_try(work: Work, challenge_id: UUID) -> Challenge | None:
    """Counts one more try and gives the challenge as it was before. Committed even when the try then fails."""
    row = await work.row(
        "update sign_in_challenge set tries = tries + 1 where trust_id = $1 and id = $2"
        " returning id, email, code_hash, expires_at, tries - 1 as tries, used",
        work.trust_id,
        challenge_id,
    )
    return None if row is None else Challenge(**row)


async def use_challenge(work: Work, challenge_id: UUID) -> bool:
    """Marks the challenge used; False when another request was first."""
    used = await work.value(
        "update sign_in_challenge set used = true where trust_id = $1 and id = $2 and not used returning true",
        work.trust_id,
        challenge_id,
    )
    return bool(used)


async def people_with_mailbox(work: Work, email: str) -> list[tuple[UUID, str]]:
    """Ids and given names of everybody who shares the mailbox."""
    rows = await work.rows(
        "select id, given_name from person where trust_id = $1 and email = $2 order by id", work.trust_id, email
    )
    return [(row["id"], row["given_name"]) for row in rows]


async def add_session(work: Work, token_hash: str, email: str, person_id: UUID | None, expires_at: datetime) -> UUID:
    session: UUID = await work.value(
        "insert into session (trust_id, token_hash, email, person_id, expires_at) values ($1, $2, $3, $4, $5) returning id",
        work.trust_id,
        token_hash,
        email,
        person_id,
        expires_at,
    )
    return session


async def end_session(work: Work, session_id: UUID) -> None:
    await work.run(
        "update session set ended_at = now() where trust_id = $1 and id = $2 and ended_at is null",
        work.trust_id,
        session_id,
    )


async def end_sessions_of(work: Work, person_id: UUID) -> None:
    await work.run(
        "update session set ended_at = now() where trust_id = $1 and person_id = $2 and ended_at is null",
        work.trust_id,
        person_id,
    )


async def person_of_session(work: Work, session_id: UUID) -> UUID | None:
    """Who the session belongs to by now. Locks the session, so that a newcomer becomes one person."""
    person: UUID | None = await work.value(
        "select person_id from session where trust_id = $1 and id = $2 for update", work.trust_id, session_id
    )
    return person


async def attach_person(work: Work, session_id: UUID, person_id: UUID) -> None:
    """From now on the session is that person's."""
    await work.run(
        "update session set person_id = $3 where trust_id = $1 and id = $2", work.trust_id, session_id, person_id
    )


async def add_role(work: Work, person_id: UUID, role: Role) -> bool:
    """False when the person holds the role already."""
    try:
        await work.run(
            "insert into role_grant (trust_id, person_id, role) values ($1, $2, $3)",
            work.trust_id,
            person_id,
            role.value,
        )
    except UniqueViolation:
        return False
    return True


async def end_role(work: Work, person_id: UUID, role: Role) -> bool:
    ended = await work.value(
        "update role_grant set ended_at = now() where trust_id = $1 and person_id = $2 and role = $3"
        " and ended_at is null returning true",
        work.trust_id,
        person_id,
        role.value,
    )
    return bool(ended)


async def earlier_answer(work: Work, caller: str, key: str) -> tuple[str, Mapping[str, Any]] | None:
    """Which mutation was done under this key, and its answer. Holds the key until commit, so that twins wait."""
    await work.run("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{work.trust_id} key {caller} {key}")
    row = await work.row(
        "select mutation, answer from idempotency_key where trust_id = $1 and caller = $2 and idempotency_key = $3",
        work.trust_id,
        caller,
        key,
    )
    return None if row is None else (row["mutation"], json.loads(row["answer"]))


async def remember_answer(work: Work, caller: str, key: str, mutation: str, answer: Mapping[str, Any]) -> None:
    await work.run(
        "insert into idempotency_key (trust_id, caller, idempotency_key, mutation, answer) values ($1, $2, $3, $4, $5)",
        work.trust_id,
        caller,
        key,
        mutation,
        json.dumps(answer, default=str),
    )


async def officer_with_mailbox(work: Work, email: str, role: Role) -> UUID | None:
    """The one person with this mailbox who holds the role."""
    rows = await work.rows(
        "select p.id from person p join role_grant g on g.trust_id = $1 and g.person_id = p.id and g.role = $3"
        " and g.ended_at is null where p.trust_id = $1 and p.email = lower($2)",
        work.trust_id,
        email,
        role.value,
    )
    return rows[0]["id"] if len(rows) == 1 else None


async def holds_a_role(work: Work, person_id: UUID) -> bool:
    return bool(
        await work.value(
            "select true from role_grant where trust_id = $1 and person_id = $2 and ended_at is null limit 1",
            work.trust_id,
            person_id,
        )
    )
