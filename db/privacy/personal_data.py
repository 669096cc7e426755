"""The copy of everything about a person, and erasure: both as the tables declare."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.privacy.erasure import Traces

from ..fragments.statuses import OPEN
from ..personal import Changed, Fate, Stays
from ..transactions import Transaction
from .declarations import ABOUT_PEOPLE, is_of_person, statement
from .merging import records_of


async def everything_about(transaction: Transaction, person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row about the person, under all their records, by table, without what is hidden or not to be told yet. What an officer did to others is in it only as the audit
    trail tells it, by ids: the rest is about the others."""
    found, records = {}, await records_of(transaction, person_id)
    for table, declared in ABOUT_PEOPLE.items():
        if not declared.whose:
            continue
        left_out = ", ".join(f"'{name}'" for name in ("trust_id", *declared.hidden))
        whose = " or ".join(is_of_person(table, column) for column in declared.whose)
        told = f" and {declared.told.holds}" if declared.told else ""
        text = await transaction.value(
            f"select coalesce(jsonb_agg(to_jsonb(t) - array[{left_out}]), '[]')::text from {table} t"
            f" where t.trust_id = $1 and ({whose}){told}",
            transaction.trust_id,
            records,
        )
        found[table] = json.loads(text)
    return found


async def traces_of(transaction: Transaction, person_id: UUID) -> Traces:
    row = await transaction.row(
        f"select exists (select from membership where trust_id = $1 and person_id = any($2) and status in ({OPEN})) as has_open,"
        " (select coalesce(array_agg(ceased_on), '{}') from membership where trust_id = $1 and person_id = any($2)"
        "  and ceased_on is not null) as ceased_on,"
        " exists (select from roll_entry where trust_id = $1 and voter_id = any($2)) as voted,"
        " exists (select from guardian_consent where trust_id = $1 and guardian_id = any($2)) as consented,"
        " exists (select from authorisation where trust_id = $1 and person_id = any($2)) as represented,"
        " exists (select from consultation_response where trust_id = $1 and person_id = any($2)) as responded",
        transaction.trust_id,
        await records_of(transaction, person_id),
    )
    assert row is not None
    return Traces(**row)


async def erase(transaction: Transaction, person_id: UUID, *, keeps_birth: bool) -> None:
    """Takes everything about the person, under all their records, that need not stay. What points to them goes on pointing, at nobody named.

    Entries on the register are left to their time: the nightly job takes them when it is over.
    """
    records = await records_of(transaction, person_id)
    clock = {":now": await transaction.now(), ":today": await transaction.today()}
    for table, declared in ABOUT_PEOPLE.items():
        for column, fate in declared.whose.items():
            if isinstance(fate, Stays):
                continue
            text = statement(
                table,
                _without_birth(fate) if keeps_birth else fate,
                f"t.trust_id = $1 and {is_of_person(table, column)}",
            )
            bound = [name for name in clock if name in text]
            for place, name in enumerate(bound, start=3):
                text = text.replace(name, f"${place}")
            await transaction.run(text, transaction.trust_id, records, *(clock[name] for name in bound))


def _without_birth(fate: Fate) -> Fate:
    """The fate that leaves the day of birth."""
    if isinstance(fate, Changed):
        return replace(fate, values={name: each for name, each in fate.values.items() if name != "date_of_birth"})
    return fate
