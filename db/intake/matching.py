"""Who may be of the same name, and what is known of people on record. Whether they are, the domain says."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from domain.intake.file_rows import KnownIdentifier, PersonOnRecord
from domain.intake.importing import TO_APPLY, Finding, RowOutcome
from domain.intake.judging import MOST_NAMESAKES
from domain.intake.oneroster import USERS
from domain.intake.relationships import KnownRelationship, Relationship
from domain.people.contact import phone_number
from domain.people.matching import DeclaredFact, Name, Particulars

from ..columns import listed
from ..fragments.statuses import ENDED
from ..transactions import Transaction

Key = TypeVar("Key", int, UUID)


@dataclass(frozen=True, slots=True)
class Candidates(Generic[Key]):
    """A row, and who may be of the same name: earlier lines, or people on record."""

    line: int
    name: Name
    others: list[tuple[Key, Name]]


# All whom domain.people.matching.same_name calls the same, and perhaps some more: of each way to write a name at most
# MOST_NAMESAKES and one, which is enough to know that a human has to look. A test holds that nobody is missed.
_INITIALS = "(left(r.given_key, 1), left(r.given_key, 1) || '.')"
_WAYS = (
    "e.family_key = r.family_key and e.given_key = r.given_key",
    "e.family_key = r.given_key and e.given_key = r.family_key and r.given_key <> r.family_key",
    f"e.family_key = r.family_key and e.given_key in {_INITIALS} and e.given_key <> r.given_key",
    f"e.family_key = r.family_key and r.given_key in {_INITIALS} and e.given_key not in {_INITIALS}"
    " and left(e.given_key, 1) = left(r.given_key, 1)",
)


def _candidates_of(table: str, key: str, scope: str, rows: str = "true") -> str:
    """The statement for candidates among the rows `e` of the table in this scope, named by their key, of the `rows` r."""
    ways = " union all ".join(
        f"(select e.{key} as other, e.given_key, e.family_key from {table} e where {scope} and {way}"
        f" limit {MOST_NAMESAKES + 1})"
        for way in _WAYS
    )
    return (
        "select r.line, r.given_key, r.family_key, array_agg(o.other order by o.other) as others,"
        " array_agg(o.given_key order by o.other) as given_keys, array_agg(o.family_key order by o.other) as family_keys"
        f" from import_row r cross join lateral ({ways}) o where r.trust_id = $1 and r.job_id = $2"
        f" and r.line between $3 and $4 and {rows} and r.given_key <> '' and r.family_key <> '' group by 1, 2, 3 order by 1"
    )


# Whom this very file has put on record: rows are compared with them as rows of the file.
_MADE_BY_JOB = (
    "select from import_row n where n.trust_id = $1 and n.job_id = $2 and n.person_id = e.id"
    f" and n.outcome = '{RowOutcome.NEW}'"
)
_IN_RANGE = "r.line between $3 and $4"
# Of a row of which somebody said that it is of none of those it may be of, only others are to be compared.
_SEEN = "r.resolution is not null and {} = any(r.alike_people)"
_IN_FILE = _candidates_of("import_row", "line", "e.trust_id = $1 and e.job_id = $2 and e.line < r.line")
_WHOLE_FILE = _candidates_of("import_row", "line", "e.trust_id = $1 and e.job_id = $2 and e.line <> r.line")
# whose yes somebody has asked for anew is asked no more; of whom somebody said who they are, the yes was told to be void
_YES_IS_SETTLED = (
    "'consents' = any(r.corrected) or r.resolution is not null and r.findings &&"
    f" array[{listed({Finding.CONSENT_CONTRADICTS, Finding.CONSENT_REFUSED_SINCE})}]"
)
_MAY_STILL_APPLY = (
    f"r.outcome in ({listed(TO_APPLY | {RowOutcome.NEEDS_HUMAN})}) and not r.is_applied"
    f" and (r.reading->>'consents')::boolean and not ({_YES_IS_SETTLED})"
)
_REFUSALS_OF_THE_SAME = (
    "select r.line, array_agg(n.line order by n.line) as refusals from import_row n join import_row r on r.trust_id = $1"
    " and r.job_id = $2 and (r.line = coalesce(n.of_line, n.line) or r.of_line = coalesce(n.of_line, n.line))"
    f" where n.trust_id = $1 and n.job_id = $2 and '{Finding.CONSENT_REFUSED}' = any(n.findings)"
    f" and {_IN_RANGE} and {_MAY_STILL_APPLY} group by 1 order by 1"
)
_REFUSALS = _candidates_of(
    "import_row",
    "line",
    f"e.trust_id = $1 and e.job_id = $5 and '{Finding.CONSENT_REFUSED}' = any(e.findings)",
    _MAY_STILL_APPLY,
)
_ON_RECORD = _candidates_of(
    "person",
    "id",
    f"e.trust_id = $1 and e.merged_into_id is null and not exists ({_MADE_BY_JOB}) and not ({_SEEN.format('e.id')})",
)


async def candidates_in_file(
    transaction: Transaction, job_id: UUID, first: int, last: int
) -> AsyncIterator[Candidates[int]]:
    """Rows from line `first` to `last` with earlier rows that may be of the same name, in the order of the file."""
    async for row in transaction.stream(_IN_FILE, transaction.trust_id, job_id, first, last):
        yield _candidates(row)


async def candidates_in_whole_file(transaction: Transaction, job_id: UUID, line: int) -> AsyncIterator[Candidates[int]]:
    """The row of that line with all others that may be of the same name, above it and below."""
    async for row in transaction.stream(_WHOLE_FILE, transaction.trust_id, job_id, line, line):
        yield _candidates(row)


async def candidates_on_record(
    transaction: Transaction, job_id: UUID, first: int, last: int
) -> AsyncIterator[Candidates[UUID]]:
    """Rows from line `first` to `last` with people on record who may be of the same name."""
    async for row in transaction.stream(_ON_RECORD, transaction.trust_id, job_id, first, last):
        yield _candidates(row)


async def candidates_who_refuse(
    transaction: Transaction, job_id: UUID, first: int, last: int, file_id: UUID
) -> AsyncIterator[Candidates[int]]:
    """Rows from line `first` to `last` that are to be applied, or wait for a human, and say yes to membership, with the rows
    of another file, or of the same one, that say no and may be of the same name."""
    async for row in transaction.stream(_REFUSALS, transaction.trust_id, job_id, first, last, file_id):
        yield _candidates(row)


async def refusals_of_the_same(
    transaction: Transaction, job_id: UUID, first: int, last: int
) -> AsyncIterator[tuple[int, list[int]]]:
    """Rows from line `first` to `last` that are to be applied, or wait for a human, and say yes to membership, with the rows
    of the same person that say no."""
    async for row in transaction.stream(_REFUSALS_OF_THE_SAME, transaction.trust_id, job_id, first, last):
        yield row["line"], row["refusals"]


async def lines_that_add_to(transaction: Transaction, job_id: UUID, firsts: Collection[int]) -> Sequence[int]:
    """The rows to be applied to whom one of the rows `firsts` is to put on record."""
    rows = await transaction.rows(
        "select line from import_row where trust_id = $1 and job_id = $2 and of_line = any($3) and person_id is null"
        f" and outcome in ({listed(TO_APPLY)}) and not is_applied",
        transaction.trust_id,
        job_id,
        list(firsts),
    )
    return [row["line"] for row in rows]


def _candidates(row: Mapping[str, Any]) -> Candidates[Any]:
    names = zip(row["given_keys"], row["family_keys"], strict=True)
    return Candidates(row["line"], (row["given_key"], row["family_key"]), list(zip(row["others"], names, strict=True)))


async def people_of_same_rows(
    transaction: Transaction, job_id: UUID, first: int, last: int
) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows from line `first` to `last` that stood in an earlier file to the letter, of the same schools, and whom they were
    of there."""
    statement = (
        "select r.line, array_agg(distinct e.person_id) as people from import_row r join import_row e on e.trust_id = $1"
        " and e.digest = r.digest and e.job_id <> $2 and e.person_id is not null and e.cells = r.cells"
        " and e.reading->'urns' = r.reading->'urns'"
        f" where r.trust_id = $1 and r.job_id = $2 and {_IN_RANGE} and r.outcome = '{RowOutcome.NEW}' and r.family_key <> ''"
        f" and not ({_SEEN.format('e.person_id')}) group by 1"
    )
    async for row in transaction.stream(statement, transaction.trust_id, job_id, first, last):
        yield row["line"], row["people"]


async def erased_members(
    transaction: Transaction, job_id: UUID, first: int, last: int
) -> Sequence[tuple[int, Sequence[date | None]]]:
    """Rows from line `first` to `last` of somebody not on record whose very name is that of former members who were erased,
    as the register keeps it; and when each of these was born, where that was kept."""
    rows = await transaction.rows(
        "with erased as (select m.search_name, p.date_of_birth from person p join membership m on m.trust_id = $1"
        f" and m.person_id = p.id and m.status in ({ENDED}) where p.trust_id = $1 and p.erased_on is not null)"
        " select r.line, array_agg(e.date_of_birth) as born from import_row r"
        " join erased e on e.search_name = ' ' || r.given_key || ' ' || r.family_key"
        f" where r.trust_id = $1 and r.job_id = $2 and {_IN_RANGE} and r.outcome = '{RowOutcome.NEW}' and r.person_id is null"
        " and r.resolution is null group by 1",
        transaction.trust_id,
        job_id,
        first,
        last,
    )
    return [(row["line"], row["born"]) for row in rows]


async def people_by_identifier(
    transaction: Transaction, job_id: UUID, system: str, first: int, last: int
) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows from line `first` to `last` whose identifier in the system is that of somebody on record."""
    statement = (
        "select r.line, array_agg(distinct i.person_id) as people from import_row r join person_identifier i on i.trust_id = $1"
        " and i.system = $5 and i.identifier = r.reading->>'identifier' left join school s on s.trust_id = $1"
        f" and s.id = i.school_id where r.trust_id = $1 and r.job_id = $2 and {_IN_RANGE} and r.cells->>'file' = '{USERS}'"
        f" and not ({_SEEN.format('i.person_id')})"
        " and (i.school_id is null or r.reading->'urns' @> to_jsonb(s.urn)) group by 1 order by 1"
    )
    async for row in transaction.stream(statement, transaction.trust_id, job_id, first, last, system):
        yield row["line"], row["people"]


async def lines_of_same_identifier(
    transaction: Transaction, job_id: UUID, first: int, last: int
) -> AsyncIterator[tuple[int, list[int]]]:
    """Rows from line `first` to `last` with earlier rows whose identifier of the same school they bear."""
    told = (
        "select line, reading->>'identifier' as identifier, urn from import_row cross join lateral"
        f" jsonb_array_elements(reading->'urns') urn where trust_id = $1 and job_id = $2 and cells->>'file' = '{USERS}'"
        f" and reading->>'identifier' <> '' and outcome <> '{RowOutcome.REFUSED}'"
    )
    statement = (
        f"with told as ({told}) select r.line, array_agg(distinct e.line order by e.line) as earlier from told r"
        f" join told e using (identifier, urn) where e.line < r.line and {_IN_RANGE} group by 1 order by 1"
    )
    async for row in transaction.stream(statement, transaction.trust_id, job_id, first, last):
        yield row["line"], row["earlier"]


async def lines_that_remove_nobody(transaction: Transaction, job_id: UUID) -> Sequence[int]:
    """The rows by which a system removes somebody who is not on record."""
    rows = await transaction.rows(
        f"select line from import_row where trust_id = $1 and job_id = $2 and cells->>'file' = '{USERS}'"
        f" and outcome = '{RowOutcome.NEW}' and person_id is null and reading->>'until' is not null",
        transaction.trust_id,
        job_id,
    )
    return [row["line"] for row in rows]


async def people_on_record(
    transaction: Transaction, people: Collection[UUID], exported_on: date
) -> dict[UUID, PersonOnRecord]:
    """Those people, as a file of that day finds them."""
    rows = await transaction.rows(
        "select p.id, p.given_key, p.family_key, p.date_of_birth, p.email, p.phone, p.contact_address, p.declared, coalesce(("
        "select jsonb_agg(jsonb_build_array(r.kind, s.urn, r.year_group, r.since, r.until, r.id, r.end_known_on) order by r.id) from relationship r"
        "  left join school s on s.trust_id = $1 and s.id = r.school_id"
        "  where r.trust_id = $1 and r.person_id = p.id), '[]') as relationships,"
        " (select jsonb_agg(jsonb_build_array(i.identifier, s.urn, i.told_on)) from person_identifier i left join school s"
        "  on s.trust_id = $1 and s.id = i.school_id where i.trust_id = $1 and i.person_id = p.id) as identifiers"
        " from person p where p.trust_id = $1 and p.id = any($2)",
        transaction.trust_id,
        people,
    )
    return {row["id"]: _person_on_record(row, exported_on) for row in rows}


def _person_on_record(row: Mapping[str, Any], exported_on: date) -> PersonOnRecord:
    stored = [_known_relationship(*each) for each in json.loads(row["relationships"])]
    relationships = [each for each in stored if not each.ended_before(exported_on)]
    born = row["date_of_birth"]
    particulars = Particulars(
        (row["given_key"], row["family_key"]),
        born and born.isoformat(),
        row["email"],
        row["phone"] and (phone_number(row["phone"])[0] or row["phone"]),
        row["contact_address"],
        frozenset(each.told.kind for each in relationships),
        frozenset(map(DeclaredFact, row["declared"])),
    )
    identifiers = [_known_identifier(*each) for each in json.loads(row["identifiers"] or "[]")]
    return PersonOnRecord(row["id"], particulars, relationships, identifiers)


def _known_identifier(identifier: str, urn: int | None, told_on: str | None) -> KnownIdentifier:
    """As JSON tells it."""
    return KnownIdentifier(identifier, urn, date.fromisoformat(told_on) if told_on else None)


def _known_relationship(
    kind: str,
    urn: int | None,
    year_group: int | None,
    since: str,
    until: str | None,
    key: str,
    end_known_on: str | None,
) -> KnownRelationship:
    """As JSON tells it."""
    return KnownRelationship(
        Relationship(kind, urn, year_group),
        date.fromisoformat(since),
        date.fromisoformat(until) if until else None,
        UUID(key),
        date.fromisoformat(end_known_on) if end_known_on else None,
    )


async def note_groups(transaction: Transaction, job_id: UUID) -> None:
    """Twins, and people who share a mailbox: findings about rows of different people."""
    people = (
        "select line, mailbox, reading, given_key, family_key, coalesce(of_line, line) as person from import_row"
        " where trust_id = $1 and job_id = $2 and reading is not null and family_key <> ''"
    )
    await transaction.run(
        f"with people as ({people}), shared as (select mailbox from people where mailbox is not null group by mailbox"
        " having count(distinct person) > 1) update import_row r set findings = r.findings || '{SHARED_MAILBOX}'"
        " from people join shared using (mailbox) where r.trust_id = $1 and r.job_id = $2 and r.line = people.line",
        transaction.trust_id,
        job_id,
    )
    await transaction.run(
        f"with people as ({people} and reading->>'born' is not null and reading->'kinds' ? 'LEARNER'), twins as (select"
        " family_key, reading->>'born' as born, reading->'urns' as urns from people group by 1, 2, 3 having count(distinct person) > 1)"
        " update import_row r set findings = r.findings || '{TWIN}' from people join twins on twins.family_key = people.family_key"
        " and twins.born = people.reading->>'born' and twins.urns = people.reading->'urns'"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = people.line",
        transaction.trust_id,
        job_id,
    )
