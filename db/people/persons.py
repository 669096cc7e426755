"""People on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.membership.eligibility import IS_ALIVE
from domain.people.matching import DeclaredFact, Name, OfMailbox
from domain.people.relationships import IS_LEARNER, IS_TAKEN_FOR_CHILD

from ..fragments.conditions import Records, columns, predicate, value
from ..fragments.people import is_somebody
from ..transactions import Transaction

_IS_SOMEBODY = is_somebody("person")
_ALIVE = predicate(IS_ALIVE, columns("", "died_on"))


@dataclass(frozen=True, slots=True)
class Person:
    """What actions need to know of somebody."""

    id: UUID
    given_name: str
    family_name: str
    email: str | None
    contact_address: str | None
    born: date | None
    language: str
    marketing_opt_out: bool
    is_learner: bool

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def without_mailbox(self) -> "Person":
        """The same person, to be reached on paper."""
        return replace(self, email=None)


async def person_exists(transaction: Transaction, person_id: UUID) -> bool:
    return bool(
        await transaction.value(
            f"select true from person where trust_id = $1 and id = $2 and {_IS_SOMEBODY}",
            transaction.trust_id,
            person_id,
        )
    )


async def is_alive(transaction: Transaction, person_id: UUID) -> bool:
    """Whether somebody is on record, and no death of theirs."""
    return bool(
        await transaction.value(
            f"select true from person where trust_id = $1 and id = $2 and {_ALIVE} and {_IS_SOMEBODY}",
            transaction.trust_id,
            person_id,
        )
    )


async def language_of(transaction: Transaction, person_id: UUID | None) -> str | None:
    """The language to write to the person in; None for nobody."""
    language: str | None = await transaction.value(
        "select language from person where trust_id = $1 and id = $2", transaction.trust_id, person_id
    )
    return language


OWN_RELATIONSHIPS = Records(
    "relationship r where r.trust_id = {trust} and r.person_id = p.id", columns("r", "kind", "since", "until")
)
# of a person `p`
TAKEN_FOR_CHILD = value(IS_TAKEN_FOR_CHILD, {"born": "p.date_of_birth", "relationships": OWN_RELATIONSHIPS}).replace(
    "{trust}", "$1"
)
_PERSON = (
    "select id, given_name, family_name, email, contact_address, date_of_birth as born, language, marketing_opt_out,"
    f" {predicate(IS_LEARNER, {'relationships': OWN_RELATIONSHIPS})} as is_learner from person p where trust_id = {{trust}} and "
).replace("{trust}", "$1")


async def person_for_update(transaction: Transaction, person_id: UUID) -> Person | None:
    """The person, locked, unless they were erased, or are part of another record: whoever applies, joins or changes names for them does so one after the other."""
    statement = f"{_PERSON} id = $2 and {is_somebody('p')} for no key update"
    row = await transaction.row(statement, transaction.trust_id, person_id)
    return None if row is None else Person(**row)


async def people_for_update(transaction: Transaction, keys: Iterable[UUID]) -> dict[UUID, Person]:
    """The people, locked one after the other, so that nobody waits in a circle."""
    statement = _PERSON + "id = any($2) order by id for no key update"
    return {row["id"]: Person(**row) for row in await transaction.rows(statement, transaction.trust_id, list(keys))}


async def people(transaction: Transaction, keys: Iterable[UUID]) -> dict[UUID, Person]:
    rows = await transaction.rows(_PERSON + "id = any($2) order by id", transaction.trust_id, list(keys))
    return {row["id"]: Person(**row) for row in rows}


async def add_person(
    transaction: Transaction, given_name: str, family_name: str, email: str | None, born: date | None
) -> UUID:
    """Puts somebody on record, of whom a birth date is declared."""
    person: UUID = await transaction.value(
        "insert into person (trust_id, given_name, family_name, email, date_of_birth, declared)"
        f" values ($1, $2, $3, $4, $5, case when $5::date is null then '{{}}' else '{{{DeclaredFact.BORN}}}'::text[] end)"
        " returning id",
        transaction.trust_id,
        given_name,
        family_name,
        email,
        born,
    )
    return person


async def change_facts(
    transaction: Transaction, person_id: UUID, facts: Mapping[DeclaredFact, object], are_declared: bool
) -> None:
    """Writes down what somebody, or a guardian of theirs, declares; or what an officer knows. None forgets."""
    assigned = ", ".join(f"{fact} = ${place}" for place, fact in enumerate(facts, start=5))
    told = [fact.value for fact, value in facts.items() if are_declared and value is not None]
    await transaction.run(
        f"update person set {assigned}, declared = array(select unnest(declared) except select unnest($3::text[])"
        " union select unnest($4::text[]) order by 1) where trust_id = $1 and id = $2",
        transaction.trust_id,
        person_id,
        [fact.value for fact in facts],
        told,
        *facts.values(),
    )


async def folded(transaction: Transaction, given_name: str, family_name: str) -> Name:
    """The name as names are compared."""
    told = await transaction.row("select folded_name($1) as given, folded_name($2) as family", given_name, family_name)
    assert told is not None
    return told["given"], told["family"]


async def living_of_mailbox(transaction: Transaction, email: str) -> list[OfMailbox]:
    """The living under a mailbox, to which nobody is added until the transaction ends."""
    await transaction.hold(f"mailbox {email}")
    rows = await transaction.rows(
        "select id, given_key, family_key, date_of_birth, is_child from"
        f" (select p.*, {TAKEN_FOR_CHILD} as is_child from person p where p.trust_id = $1 and p.email = $2) person"
        f" where {_ALIVE} order by id",
        transaction.trust_id,
        email,
    )
    return [
        OfMailbox(row["id"], (row["given_key"], row["family_key"]), row["date_of_birth"], row["is_child"])
        for row in rows
    ]
