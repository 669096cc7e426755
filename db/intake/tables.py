"""Imports: a job and the rows of its file."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, Integer, Text, text

from domain.governance.rulesets import RecordType
from domain.intake.importing import ENDED, WAITS_FOR_THE_WORKER, ImportKind, ImportStatus, Resolution, RowOutcome

from ..access import READ_WRITE, WITH_MAINTAIN, Access
from ..columns import (
    INTEGERS,
    JSON,
    TEXTS,
    UUIDS,
    Row,
    column,
    computed,
    identifier,
    key,
    listed,
    moment,
    one_of,
    points_to,
    reference,
    tenant,
)
from ..personal import Changed, Personal, Stays, Time

# what stays of the row of somebody who was erased: that there was one
_EMPTY = Changed(
    {
        **{"cells": "'{}'", "reading": "'{}'", "given_key": "null", "family_key": "null"},
        **{"mailbox": "null", "person_id": "null", "alike_people": "'{}'", "resolution_reason": "null"},
    }
)


class ImportJobRow(Row, table=True):
    """A file on its way into the register. The worker claims what is not finished."""

    __tablename__ = "import_job"
    __access__ = Access(
        app=READ_WRITE,
        worker="select (trust_id, id, status, claimed_until, last_used_at, tries), update (claimed_until, tries)",
    )
    __personal__ = Personal(
        {"created_by_id": Stays("Which officer brought in a file belongs to the evidence of what came of it.")},
        columns=("file_name", "sha256", "created_at"),
        why="Which file changed the record, and who had it applied (rule 25a).",
        officers=("applied_by_id",),
        unmoved="Which officer brought in a file, by the record they acted under.",
    )
    __table_args__ = (
        key(),
        points_to("person", "created_by_id"),
        points_to("person", "applied_by_id"),
        one_of("kind", ImportKind),
        one_of("status", ImportStatus),
        Index(
            "import_job_due_idx",
            "trust_id",
            "claimed_until",
            postgresql_where=text(f"status in ({listed(WAITS_FOR_THE_WORKER)})"),
        ),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    kind: str = column(Text)
    status: str = column(Text, default=f"'{ImportStatus.UPLOADED}'")
    file_name: str = column(Text)
    sha256: str = column(Text)
    exported_on: date = column(Date)
    rows: int = column(Integer)
    checked: int = column(Integer, default="0")
    applied: int = column(Integer, default="0")
    applications: int = column(Integer, default="0")
    created_by_id: UUID = reference()
    applied_by_id: UUID | None = reference(null=True)
    created_at: datetime = moment(default="app_now()")
    last_used_at: datetime = moment(default="app_now()")  # when it was uploaded, checked, applied
    claimed_until: datetime = moment(default="'-infinity'")
    tries: int = column(Integer, default="0")  # since it last came forward


class ImportRowRow(Row, table=True):
    """A row of a file: its cells as they came, what was read in them, and what becomes of it."""

    __tablename__ = "import_row"
    __access__ = Access(app=WITH_MAINTAIN, worker="select (trust_id, job_id), delete")
    __personal__ = Personal(
        {"person_id": _EMPTY},
        columns=("cells", "reading", "mailbox", "findings", "corrected", "resolution_reason"),
        why="To check and apply the file, and to answer for it as long as a school may ask.",
        times=(
            Time(
                RecordType.IMPORTED_ROW,
                "after the file was applied, failed or was abandoned",
                "exists (select from import_job j where j.trust_id = {trust} and j.id = t.job_id"
                f" and j.status in ({listed(ENDED)}) and j.last_used_at < {{midnight}})",
            ),
        ),
        hidden=("digest", "given_key", "family_key", "alike_people", "alike_lines"),
        officers=("resolved_by_id",),
    )
    __table_args__ = (
        key("job_id", "line"),
        points_to("import_job", "job_id"),
        points_to("person", "person_id"),
        points_to("person", "resolved_by_id"),
        one_of("outcome", RowOutcome),
        one_of("resolution", Resolution),
        Index(None, "trust_id", "id"),
        Index(None, "trust_id", "job_id", "family_key", "given_key"),
        Index(None, "trust_id", "job_id", "mailbox"),
        Index(None, "trust_id", "job_id", "of_line"),
        Index(None, "trust_id", "digest"),
        Index(None, "trust_id", "job_id", "person_id", postgresql_where=text("person_id is not null")),
        {"postgresql_with": {"fillfactor": "50"}},  # every row is written some four times; most stay on their page
    )
    trust_id: UUID = tenant()
    job_id: UUID = reference()
    line: int = column(Integer)
    id: UUID = identifier()
    cells: dict[str, Any] = column(JSON)
    digest: str = computed("md5(cells::text)")  # the same row in another file is told by it
    reading: dict[str, Any] | None = column(JSON, null=True)
    given_key: str | None = column(Text, null=True)
    family_key: str | None = column(Text, null=True)
    mailbox: str | None = column(Text, null=True)
    outcome: str | None = column(Text, null=True)
    findings: list[str] = column(TEXTS, default="'{}'")
    of_line: int | None = column(Integer, null=True)
    person_id: UUID | None = reference(null=True)
    is_applied: bool = column(Boolean, default="false")
    alike_people: list[UUID] = column(
        UUIDS, default="'{}'"
    )  # of whom it may be; they are looked up when they are shown
    alike_lines: list[int] = column(INTEGERS, default="'{}'")
    corrected: list[str] = column(TEXTS, default="'{}'")  # what somebody gave anew
    resolution: str | None = column(Text, null=True)
    resolution_reason: str | None = column(Text, null=True)
    resolved_by_id: UUID | None = reference(null=True)
    resolved_at: datetime | None = moment(null=True)
