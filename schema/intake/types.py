"""Imports of people, and how far they have come."""

from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from db.intake.reads import FINDING_COUNTS, OUTCOME_COUNTS
from db.intake.tables import ImportJobRow, ImportRowRow
from domain.identity.viewer import Role
from domain.intake.importing import ImportKind, ImportStatus, RowOutcome
from planner import Connection, Filter, Node, Order, column, connection, expression, one, planned

from ..access import P2, P3, holders_of
from ..references import AnyPerson
from ..vocabulary import Sha256

OF_IMPORTERS = holders_of(Role.MEMBERSHIP_OFFICER)


@strawberry.input(description="Which rows of a file.")
class ImportRowFilter:
    outcome: RowOutcome | None = strawberry.field(default=None, description="With this outcome.")
    finding: str | None = strawberry.field(default=None, description="In which this was noticed.")


@planned(ImportRowRow, row_policy=OF_IMPORTERS, prefix="row", field_policies={P3: OF_IMPORTERS}, sensitivity=P3)
@strawberry.type(description="A row of an imported file and what becomes of it.")
class ImportRow(Node):
    id: strawberry.ID = column(ImportRowRow.id, description="Opaque id.")
    line: int = column(ImportRowRow.line, description="Which row; the header is 1.")
    cells: JSON = column(ImportRowRow.cells, description="The cells as they came.", weight=2)
    outcome: RowOutcome | None = column(
        ImportRowRow.outcome, description="What becomes of it; null until it is checked."
    )
    findings: list[str] = column(ImportRowRow.findings, description="What was noticed: docs/importing.md lists all.")
    of_line: int | None = column(ImportRowRow.of_line, description="The earlier row of the same person.")
    person: AnyPerson | None = one(ImportRowRow.person_id, description="The person on record it is of.")
    is_applied: bool = column(ImportRowRow.is_applied, description="Whether it has been applied.")


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
    outcomes: JSON = expression(OUTCOME_COUNTS, nullable=False, description="How many rows, by outcome.", weight=10)
    findings: JSON = expression(FINDING_COUNTS, nullable=False, description="How many rows, by finding.", weight=10)
    lines: Connection[ImportRow] = connection(
        "{other}.job_id = {row}.id",
        filters={
            "outcome": Filter("{row}.outcome = {value}", "text"),
            "finding": Filter("{value} = any({row}.findings)", "text"),
        },
        filter_type=ImportRowFilter,
        default_order=Order("line"),
        description="The rows of the file.",
    )
