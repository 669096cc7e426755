"""Imports of people, and how far they have come."""

from collections.abc import Callable
from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from db.intake.reads import ALIKE_PEOPLE, ALIKE_ROWS, FINDING_COUNTS, OF_JOB, OUTCOME_COUNTS
from db.intake.tables import ImportJobRow, ImportRowRow
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Role
from domain.intake.importing import Finding, ImportKind, ImportStatus, Resolution, RowOutcome
from planner import Connection, Node, Order, column, connection, expression, many, one, planned

from ..access import P2, P3, holders_of
from ..references import AnyPerson
from ..vocabulary import EmailAddress, Sha256
from .lists import ROWS

OF_IMPORTERS = holders_of(Role.MEMBERSHIP_OFFICER)


def _read(name: str, kind: str = "") -> str:
    return f"({{row}}.reading->>'{name}'){kind}"


def _list_read(name: str, kind: str) -> str:
    return f"(select array_agg(e::{kind}) from jsonb_array_elements_text({{row}}.reading->'{name}') as e)"


@planned(ImportRowRow, row_policy=OF_IMPORTERS, field_policies={P3: OF_IMPORTERS}, sensitivity=P3)
@strawberry.type(description="What a row of a file says, as it was read, or corrected since.")
class ImportRowReading:
    given_name: str | None = expression(_read("given_name"), description="Given name.")
    family_name: str | None = expression(_read("family_name"), description="Family name.")
    kinds: list[RelationshipKind] | None = expression(
        _list_read("kinds", "text"), description="How they stand to the schools or the trust."
    )
    school_urns: list[int] | None = expression(_list_read("urns", "int"), description="The schools, by their numbers.")
    year_group: int | None = expression(_read("year_group", "::int"), description="The year group; 0 is reception.")
    date_of_birth: date | None = expression(_read("born", "::date"), description="Date of birth.")
    email: EmailAddress | None = expression(_read("email"), description="The mailbox, possibly shared.")
    phone: str | None = expression(_read("phone"), description="Telephone number.")
    postcode: str | None = expression(_read("postcode"), description="Postcode.")
    language: str | None = expression(_read("language"), description="The language to be written to in.")
    consents: bool | None = expression(
        _read("consents", "::boolean"), description="Whether they said yes to membership in writing."
    )


@planned(ImportRowRow, row_policy=OF_IMPORTERS, prefix="row", field_policies={P3: OF_IMPORTERS}, sensitivity=P3)
@strawberry.type(description="A row of an imported file and what becomes of it.")
class ImportRow(Node):
    id: strawberry.ID = column(ImportRowRow.id, description="Opaque id.")
    line: int = column(ImportRowRow.line, description="Which row; the header is 1.")
    cells: JSON = column(ImportRowRow.cells, description="The cells as they came.", weight=2)
    outcome: RowOutcome | None = column(
        ImportRowRow.outcome, description="What becomes of it; null until it is checked."
    )
    findings: list[Finding] = column(ImportRowRow.findings, description="What was noticed.")
    of_line: int | None = column(ImportRowRow.of_line, description="The earlier row of the same person.")
    person: AnyPerson | None = one(ImportRowRow.person_id, description="The person on record it is of.")
    is_applied: bool = column(ImportRowRow.is_applied, description="Whether it has been applied.")
    reading: ImportRowReading | None = one(
        "{row}.id", description="What it says, as it was read; null until it is checked."
    )
    alike_people: list[AnyPerson] = many(
        ALIKE_PEOPLE, order=[Order("id")], description="The people on record of whom it is, or may be."
    )
    alike_rows: list["ImportRow"] = many(
        ALIKE_ROWS, order=[Order("line")], description="The other rows of the file whose person it may be of."
    )
    corrected: list[str] = column(ImportRowRow.corrected, description="Which fields somebody gave anew.")
    resolution: Resolution | None = column(
        ImportRowRow.resolution, description="What somebody said of it; null where it needed nobody, or still does."
    )
    resolution_reason: str | None = column(
        ImportRowRow.resolution_reason, description="Why somebody left it out for good."
    )
    resolved_by: AnyPerson | None = one(ImportRowRow.resolved_by_id, description="Who last said something of it.")
    resolved_at: datetime | None = column(ImportRowRow.resolved_at, description="When.")


def counted(source: str) -> Callable[[type], type]:
    """How many rows of each import there are of each sort."""
    return planned(source, row_policy=OF_IMPORTERS, key="key", field_policies={P2: OF_IMPORTERS}, sensitivity=P2)


@counted(OUTCOME_COUNTS)
@strawberry.type(description="How many rows of a file come to the same.")
class RowOutcomeCount:
    outcome: RowOutcome = expression("{row}.counted", nullable=False, description="What becomes of them.")
    rows: int = expression("{row}.rows", nullable=False, description="How many.")


@counted(FINDING_COUNTS)
@strawberry.type(description="In how many rows of a file the same was noticed.")
class FindingCount:
    finding: Finding = expression("{row}.counted", nullable=False, description="What was noticed.")
    rows: int = expression("{row}.rows", nullable=False, description="In how many rows.")


@planned(ImportJobRow, row_policy=OF_IMPORTERS, prefix="imp", field_policies={P2: OF_IMPORTERS}, sensitivity=P2)
@strawberry.type(description="A file of people on its way into the register: uploaded, checked, applied.")
class Import(Node):
    id: strawberry.ID = column(ImportJobRow.id, description="Opaque id.")
    kind: ImportKind = column(ImportJobRow.kind, description="The form of the file.")
    status: ImportStatus = column(ImportJobRow.status, description="How far it has come.")
    file_name: str = column(ImportJobRow.file_name, description="The name of the file.")
    sha256: Sha256 = column(ImportJobRow.sha256, description="The hash of the file.")
    exported_on: date = column(ImportJobRow.exported_on, description="The day the file says what held.")
    rows: int = column(ImportJobRow.rows, description="How many rows it has.")
    checked: int = column(ImportJobRow.checked, description="How many rows the check has come through.")
    applied: int = column(ImportJobRow.applied, description="How many rows applying has come through.")
    applications: int = column(ImportJobRow.applications, description="How many people have applied by it.")
    created_by: AnyPerson | None = one(ImportJobRow.created_by_id, description="Who uploaded it.")
    applied_by: AnyPerson | None = one(ImportJobRow.applied_by_id, description="Who had it applied.")
    created_at: datetime = column(ImportJobRow.created_at, description="When it was uploaded.")
    outcomes: list[RowOutcomeCount] = many(
        OF_JOB, order=[Order("counted")], description="How many rows, by outcome; what has no row is left out."
    )
    findings: list[FindingCount] = many(
        OF_JOB, order=[Order("counted")], description="How many rows, by finding; what has no row is left out."
    )
    lines: Connection[ImportRow] = connection(OF_JOB, description="The rows of the file.", **ROWS)
