"""One rule, two renderings: every condition the domain declares says in SQL what it says in Python.

Random people, members, polls and consultations, other ones each run, at moments where something turns. A failure names
its seed: `SEED=… pytest tests/db/test_conditions.py` makes the same again. A condition that is declared and belongs to
no subject in tests/db/condition_subjects.py fails the test.
"""

import asyncio
import importlib
import os
import pkgutil
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

import domain
from db import clock
from db.connection import Connection, connect
from db.fragments.conditions import Places, each_that_holds, first_that_holds, value
from domain.conditions import Condition, Facts, FirstThatHolds
from domain.conditions import each_that_holds as each_that_holds_in

from .condition_subjects import SUBJECTS, Declaration, Subject, of
from .random_trust import RandomTrust

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
MOMENTS = ("2028-02-29T12:00:00+00:00", "2027-03-01T00:00:00+00:00", "2027-02-28T23:59:59+00:00")


def declarations() -> Iterator[tuple[str, Declaration]]:
    """Every condition that a module of the domain gives a public name, once."""
    met: set[int] = set()
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        for name, found in vars(importlib.import_module(module.name)).items():
            many = isinstance(found, Mapping) and any(isinstance(each, Condition) for each in found.values())
            if not name.startswith("_") and (many or isinstance(found, (Condition, FirstThatHolds))):
                if id(found) not in met:
                    yield f"{module.name}.{name}", found
                met.add(id(found))


NAMES = {id(declared): name for name, declared in declarations()}


def rendered(declared: Declaration, places: Places) -> str:
    if isinstance(declared, Condition):
        return value(declared, places)
    if isinstance(declared, FirstThatHolds):
        return first_that_holds(declared, places)
    return each_that_holds(declared, places)


def evaluated(declared: Declaration, facts: Facts) -> Any:
    if isinstance(declared, Condition):
        return declared.evaluate(facts)
    if isinstance(declared, FirstThatHolds):
        return declared.evaluate(facts)
    return each_that_holds_in(declared, facts)


async def in_sql(trust: RandomTrust, subject: Subject) -> dict[str, list[Any]]:
    """What SQL says of every row, in one statement."""
    said = ", ".join(rendered(declared, subject.places) for declared in subject.declarations)
    statement = of(f"select {subject.key}, {said} from {subject.rows}", "x", person_id="v.id")
    found = await trust.owner.fetch(statement.replace("{trust}", "$1"), trust.trust_id)
    return {row[0]: list(row)[1:] for row in found}


async def compare(trust: RandomTrust, said: dict[str, set[str]]) -> None:
    for subject in SUBJECTS:
        found, facts = await in_sql(trust, subject), await subject.facts(trust)
        assert found.keys() == facts.keys(), f"not the same rows: {subject.rows}, SEED={SEED}"
        for n, declared in enumerate(subject.declarations):
            name = NAMES[id(declared)]
            for key, about in facts.items():
                expected = evaluated(declared, about)
                assert found[key][n] == expected, f"{name} of {key}: Python says {expected}, SEED={SEED}"
                said[name].update(map(str, expected if isinstance(expected, list) else [expected]))


async def compare_at(owner: Connection, moment: datetime, random: Random, said: dict[str, set[str]]) -> None:
    await clock.set_to(owner, moment)
    undo = owner.transaction()
    await undo.start()
    trust = RandomTrust(owner, random)
    await trust.make()
    await compare(trust, said)
    await undo.rollback()


def test_every_condition_says_in_sql_what_it_says_in_python(database: str) -> None:
    random = Random(SEED)
    some_day = datetime.fromisoformat("2027-01-01T12:00:00+00:00") + timedelta(days=random.randrange(1_500))
    said: dict[str, set[str]] = defaultdict(set)

    async def story() -> None:
        owner = await connect(database)
        for moment in (datetime.fromisoformat(random.choice(MOMENTS)), some_day):
            await compare_at(owner, moment, random, said)
        await owner.close()

    asyncio.run(story())
    compared = {id(declared) for subject in SUBJECTS for declared in subject.declarations}
    assert [name for key, name in NAMES.items() if key not in compared] == [], "declared, and never compared"
    assert {name: found for name, found in said.items() if len(found) < 2} == {}, f"never met, SEED={SEED}"
