"""Imports of people, and how far they have come."""

from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from actions.members import imports
from db.members.import_tables import ImportJobRow, ImportRowRow
from db.members.reads import FINDING_COUNTS, OUTCOME_COUNTS
from domain.identity.viewer import Role
from domain.members.importing import ImportKind, ImportStatus, RowOutcome
from planner import Filter, Order, column, connection, expression, one, planned, written

from ..access import P2, P3, holders_of
from ..context import Info
from ..inputs import ActInput
from ..refusals import UserError, key_of, written_key
from ..relay import Connection, Node
from ..vocabulary import Sha256
from .types import SOMEBODY

OF_IMPORTERS = holders_of(Role.MEMBERSHIP_OFFICER)


@strawberry.input(description="Which rows of a file.")
class ImportRowFilter:
    outcome: RowOutcome | None = strawberry.field(default=None, description="With this outcome.")
    finding: str | None = strawberry.field(default=None, description="In which this was noticed.")


@planned(ImportRowRow, rows=OF_IMPORTERS, prefix="row", classes={P3: OF_IMPORTERS}, field_class=P3)
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
    person: SOMEBODY | None = one(ImportRowRow.person_id, description="The person on record it is of.")
    is_applied: bool = column(ImportRowRow.is_applied, description="Whether it has been applied.")


@planned(ImportJobRow, rows=OF_IMPORTERS, prefix="imp", classes={P2: OF_IMPORTERS}, field_class=P2)
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
    created_by: SOMEBODY | None = one(ImportJobRow.created_by_id, description="Who imports it.")
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


@strawberry.type(description="An import that was written.")
class ImportPayload:
    job: Import | None = written(description="The import.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class ImportsMutation:
    @strawberry.mutation(
        description="Applies a checked import, in the background; for the membership officer. What needs a human stays."
    )
    async def apply_import(self, info: Info, input: ActInput) -> ImportPayload:
        key, errors = await written_key(
            info, input, lambda work, viewer: imports.apply_import(work, viewer, key_of("imp", input.id))
        )
        return ImportPayload(job=key, errors=errors)
