"""What officers corrected about people."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from domain.people.relationships import IS_DECLARED

from ..fragments.conditions import columns, predicate
from ..transactions import Transaction

_SEEN = predicate(~IS_DECLARED, columns("", "source"))


async def add_correction(
    transaction: Transaction, person_id: UUID, before: Mapping[str, object], evidence: str, officer: UUID
) -> UUID:
    """Writes down what was on record before, and by which evidence it is no more."""
    return await transaction.add(
        "person_correction",
        {
            **before,
            "person_id": person_id,
            "what": sorted(before),
            "evidence": evidence,
            "corrected_by_id": officer,
        },
    )


async def days_after_birth(transaction: Transaction, person_id: UUID) -> list[date]:
    """Days on which somebody was alive, as far as they are on record: of death, of registration, of what began."""
    rows = await transaction.rows(
        "select died_on as day from person where trust_id = $1 and id = $2"
        " union select registered_on from membership where trust_id = $1 and person_id = $2"
        f" union select since from relationship where trust_id = $1 and person_id = $2 and {_SEEN}",
        transaction.trust_id,
        person_id,
    )
    return [row["day"] for row in rows if row["day"]]
