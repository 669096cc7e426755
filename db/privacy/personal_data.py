"""The copy of everything about a person, and erasure."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from domain.privacy.erasure import ERASED

from ..fragments.statuses import OPEN
from ..transactions import Transaction

# every table with something about a person, by how it points to them; a test holds this against the tables. What an
# officer did to others is in it only as the audit trail tells it, by ids: the rest is about the others
ABOUT_A_PERSON: dict[str, str] = {
    "person": "t.id = $2",
    "relationship": "t.person_id = $2 or t.learner_id = $2",
    "guardianship": "t.child_id = $2 or t.guardian_id = $2",
    "guardian_consent": "t.child_id = $2 or t.guardian_id = $2",
    "person_identifier": "t.person_id = $2",
    "authorisation": "t.person_id = $2",
    "membership": "t.person_id = $2",
    "membership_transition": "exists (select from membership m where m.trust_id = $1"
    " and m.id = t.membership_id and m.person_id = $2)",
    "register_line": "exists (select from membership m where m.trust_id = $1"
    " and m.id = t.membership_id and m.person_id = $2)",
    "removal": "exists (select from membership m where m.trust_id = $1"
    " and m.id = t.membership_id and m.person_id = $2)",
    "inspection_request": "t.person_id = $2",
    "notice": "t.person_id = $2",
    "role_grant": "t.person_id = $2",
    "session": "t.person_id = $2",
    "consultation_response": "t.person_id = $2",
    "consultation_answer": "exists (select from consultation_response r where r.trust_id = $1 and r.id = t.response_id"
    " and r.person_id = $2)",
    "roll_entry": "t.voter_id = $2",
    "credential": "t.voter_id = $2 and t.contest_id in"
    " (select r.contest_id from roll_entry r where r.trust_id = $1 and r.voter_id = $2)",
    "recorded_vote": "t.voter_id = $2",
    "declaration": "t.returning_officer_id = $2",
    "import_job": "t.created_by_id = $2",
    "import_row": "t.person_id = $2",
    "data_request": "t.person_id = $2 or t.asked_by_id = $2",
    "audit_event": "t.actor_id = $2 or t.subject_id = $2",
}
_NOT_SHOWN = ("trust_id", "token_hash", "search_name", "given_key", "family_key", "digest", "pack", "evidence")


async def everything_about(transaction: Transaction, person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row about the person, by table. What would help to sign in as them, is about another guardian, or tells nothing, is left out."""
    found = {}
    left_out = "array[" + ", ".join(f"'{name}'" for name in _NOT_SHOWN) + "]"
    for table, condition in ABOUT_A_PERSON.items():
        text = await transaction.value(
            f"select coalesce(jsonb_agg(to_jsonb(t) - {left_out}), '[]')::text from \"{table}\" t"
            f" where t.trust_id = $1 and ({condition})",
            transaction.trust_id,
            person_id,
        )
        found[table] = json.loads(text)
    return found


async def standing(transaction: Transaction, person_id: UUID) -> tuple[bool, list[date], bool]:
    """Whether the person has an open membership or application, the days their entries ceased, and whether they are
    on a roll."""
    row = await transaction.row(
        f"select exists (select from membership where trust_id = $1 and person_id = $2 and status in ({OPEN})) as open,"
        " (select coalesce(array_agg(ceased_on), '{}') from membership where trust_id = $1 and person_id = $2"
        "  and ceased_on is not null) as ceased, exists (select from roll_entry where trust_id = $1 and voter_id = $2) as voted",
        transaction.trust_id,
        person_id,
    )
    assert row is not None
    return row["open"], list(row["ceased"]), row["voted"]


async def erase(transaction: Transaction, person_id: UUID, *, keeps_birth: bool) -> None:
    """Takes everything about the person that need not stay. What points to them goes on pointing, at nobody named.

    Entries on the register are left to their time: the nightly job takes them when it is over.
    """
    await transaction.change(
        "person",
        person_id,
        {
            "given_name": ERASED,
            "family_name": ERASED,
            "email": None,
            "phone": None,
            "contact_address": None,
            "language": "en",
            "marketing_opt_out": True,
        },
    )
    for table, column in (
        ("relationship", "person_id"),
        ("guardianship", "child_id"),
        ("guardianship", "guardian_id"),
        (
            "guardian_consent",
            "child_id",
        ),  # what they consented to as a guardian stays: a child's membership rests on it
        ("person_identifier", "person_id"),
    ):
        await transaction.run(
            f"delete from {table} where trust_id = $1 and {column} = $2", transaction.trust_id, person_id
        )
    for table, assigned in (
        ("relationship", "learner_id = null where trust_id = $1 and learner_id = $2"),
        ("notice", "body = null where trust_id = $1 and person_id = $2"),
        ("import_row", "cells = '{}', reading = '{}', given_key = null, family_key = null, mailbox = null, person_id = null"
         " where trust_id = $1 and person_id = $2"),
        ("inspection_request", "name = '', address = '' where trust_id = $1 and person_id = $2"),
    ):  # fmt: skip
        await transaction.run(f"update {table} set {assigned}", transaction.trust_id, person_id)
    for table, assigned, end in (
        ("session", "email = '', ended_at = coalesce(ended_at, $3)", await transaction.now()),
        ("role_grant", "ended_at = coalesce(ended_at, $3)", await transaction.now()),
        ("authorisation", "until = least(until, $3), document = ''", await transaction.today()),
    ):
        await transaction.run(
            f"update {table} set {assigned} where trust_id = $1 and person_id = $2",
            transaction.trust_id,
            person_id,
            end,
        )
    if not keeps_birth:
        await transaction.change("person", person_id, {"date_of_birth": None})
    await transaction.run(
        "update membership set name = $3, service_address = '', redacted_on = legal_today()"
        " where trust_id = $1 and person_id = $2 and number is null",
        transaction.trust_id,
        person_id,
        ERASED,
    )
