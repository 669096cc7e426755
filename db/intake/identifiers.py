"""What schools' systems call people."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.intake.file_rows import FileRow

from ..transactions import Transaction


async def remember_identifiers(transaction: Transaction, rows: Sequence[FileRow], system: str) -> None:
    """What the systems of the schools that the rows name call their people, so that the next deltas find them."""
    told = [row for row in rows if row.reading.identifier and row.person_id and not row.reading.tells_of_an_end]
    if not told:
        return
    schools = await transaction.rows(
        "select urn, id from school where trust_id = $1 and urn = any($2)",
        transaction.trust_id,
        sorted({urn for row in told for urn in row.reading.urns}),
    )
    ids = {school["urn"]: school["id"] for school in schools}
    await transaction.run_many(
        "insert into person_identifier (trust_id, system, school_id, identifier, person_id) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        [
            (transaction.trust_id, system, ids[urn], row.reading.identifier, row.person_id)
            for row in told
            for urn in row.reading.urns
            if urn in ids
        ],
    )


async def note_newest_file(transaction: Transaction, job_id: UUID, system: str, exported_on: date) -> None:
    """That the file of that day told of whom it names by an identifier."""
    await transaction.run(
        "update person_identifier i set told_on = greatest(i.told_on, $4) from (select distinct r.person_id,"
        " r.reading->>'identifier' as identifier, s.id as school_id from import_row r cross join lateral"
        " jsonb_array_elements_text(r.reading->'urns') urn join school s on s.trust_id = $1 and s.urn = urn::int"
        " where r.trust_id = $1 and r.job_id = $2 and r.person_id is not null"
        " and r.reading->>'identifier' is not null) t where i.trust_id = $1 and i.system = $3"
        " and i.person_id = t.person_id and i.identifier = t.identifier"
        " and (i.school_id is null or i.school_id = t.school_id) and i.told_on is distinct from greatest(i.told_on, $4)",
        transaction.trust_id,
        job_id,
        system,
        exported_on,
    )
