"""Membership in full: organisations, guardians, the register's lines, removals, imports, notices, data rights; search."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.migrations.functions import FOLDED_NAME, MEMBERS_NAMED, NAME_PATTERNS

revision = "0002"
down_revision = "0001"

TRUST = "(select nullif(current_setting('app.trust', true), '')::uuid)"
ALL = "select, insert, update"
APPEND = "select, insert"
# what the app's role may do with the new tables, and what more with the old ones
APP = {
    "authorisation": ALL, "data_request": ALL, "guardian_consent": f"{ALL}, delete", "guardianship": f"{ALL}, delete",
    "import_job": ALL, "import_row": ALL, "inspection_request": ALL, "notice": ALL, "organisation": ALL,
    "person_identifier": f"{ALL}, delete", "register_entry": APPEND, "removal": ALL,
}  # fmt: skip
# to analyze what an import has just filled
MORE_FOR_APP = {
    "import_row": "maintain", "membership": "maintain", "person": "maintain", "relationship": "delete, maintain",
}  # fmt: skip
# the worker forgets what is overdue and dispatches; it reads no name but those in the texts it sends
WORKER = {
    "data_request": "select (trust_id, answered_on), delete",
    "import_job": "select (trust_id, id, status, claimed_until, created_at), update (claimed_until)",
    "import_row": "select (trust_id, job_id), delete",
    "inspection_request": "select (trust_id, answered_on), delete",
    "membership": "select (trust_id, id, person_id, organisation_id, status, applied_at, ceased_on, number, redacted_on), update (name, service_address, redacted_on)",
    "notice": "select (trust_id, id, dispatched_at, bounced_at, body), update (dispatched_at, bounced_at, bounce, body)",
    "register_entry": "select (trust_id, membership_id), update (name, service_address)",
    "ruleset": "select", "session": "select (trust_id, id, expires_at, ended_at), delete",
}  # fmt: skip
NEW_ACTIONS = [
    "organisations:school:joined",
    "organisations:school:left",
    "organisations:school:converted",
    "organisations:schools:updated",
    "members:membership:drafted",
    "members:membership:reviewed",
    "members:membership:lapsing",
    "members:membership:kept",
    "members:membership:suspended",
    "members:membership:converted",
    "members:membership:lapsed",
    "members:membership:removed",
    "members:membership:deceased",
    "members:membership:dissolved",
    "members:year:ended",
    "members:register:changed",
    "members:inspection:requested",
    "members:inspection:answered",
    "members:register:extracted",
    "members:removal:proposed",
    "members:removal:answered",
    "members:removal:decided",
    "members:removal:appealed",
    "members:appeal:decided",
    "members:relationship:declared",
    "members:relationship:verified",
    "members:relationship:ended",
    "members:child:registered",
    "members:contact:changed",
    "members:guardian:recorded",
    "members:guardian:ended",
    "members:consent:given",
    "members:consent:withdrawn",
    "members:organisation:recorded",
    "members:representative:authorised",
    "members:representative:revoked",
    "members:import:uploaded",
    "members:import:checked",
    "members:import:applying",
    "members:import:failed",
    "members:import:applied",
    "notifications:notice:bounced",
    "notifications:letters:printed",
    "privacy:request:made",
    "privacy:request:answered",
    "privacy:copy:taken",
    "privacy:person:erased",
]
OLD_STATUSES = ["SUBMITTED", "ADMITTED", "REFUSED", "WITHDRAWN", "RESIGNED"]
STATUSES = [
    "DRAFT", "SUBMITTED", "UNDER_REVIEW", "REFUSED", "WITHDRAWN", "ADMITTED", "LAPSING", "SUSPENDED", "CONVERTED", "LAPSED",
    "REMOVED", "RESIGNED", "DECEASED", "DISSOLVED",
]  # fmt: skip
ENDED = ["CONVERTED", "LAPSED", "REMOVED", "RESIGNED", "DECEASED", "DISSOLVED"]
CURRENT = ["ADMITTED", "LAPSING", "SUSPENDED"]
# what the presets of 0001 did not say yet; no trust had rules of its own
PRESETS = {
    "constituenciesPerPerson": "ONE", "firstClaim": [], "sharePence": 0, "guardianConsentAge": 16,
    "digitalConsent": [{"since": "2017-01-01", "age": 13}], "suspendedMayVote": False, "removalNoticeDays": 14,
    "removalAppealDays": 28, "inspectionWorkingDays": 5,
    "retentionDays": {
        "REFUSED_APPLICATION": 365, "DRAFT_APPLICATION": 90, "IMPORTED_ROW": 90, "ENDED_SESSION": 30,
        "NOTICE_TEXT": 90, "FORMER_MEMBER": 3653, "INSPECTION_REQUEST": 2192, "DATA_REQUEST": 1096,
    },
}  # fmt: skip


def one_of(table: str, column: str, values: list[str], name: str | None = None) -> None:
    """Makes the column's closed list anew."""
    check = f"{table}_{name or column}_check"
    op.execute(f"alter table {table} drop constraint {check}")
    op.execute(f"alter table {table} add constraint {check} check ({column} in ({listed(values)}))")


def listed(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def actions_so_far() -> list[str]:
    definition = op.get_bind().scalar(
        sa.text("select pg_get_constraintdef(oid) from pg_constraint where conname = 'audit_event_action_check'")
    )
    return [part for part in definition.split("'") if part.count(":") == 2 and not part.startswith(":")]


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '10min'")
    op.execute("create extension if not exists pg_trgm")
    op.execute("create extension if not exists unaccent")
    op.execute("create extension if not exists btree_gin")  # the trust beside the letters in one index
    op.execute(f"create {FOLDED_NAME}")
    op.execute("alter table recorded_vote rename column person_id to voter_id")
    op.execute(
        "alter table recorded_vote rename constraint recorded_vote_trust_id_ballot_id_person_id_key to recorded_vote_trust_id_ballot_id_voter_id_key"
    )
    op.execute("alter table roll_entry rename column person_id to voter_id")
    op.execute("alter index roll_entry_trust_id_person_id_idx rename to roll_entry_trust_id_voter_id_idx")
    op.add_column("membership", sa.Column("name", sa.Text(), nullable=True))
    op.execute(
        "update membership m set name = p.given_name || ' ' || p.family_name from person p"
        " where p.trust_id = m.trust_id and p.id = m.person_id"
    )
    op.alter_column("membership", "name", nullable=False)
    op.create_table(
        "organisation",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("registered_number", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("organisation_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("organisation_pk")),
        sa.UniqueConstraint("trust_id", "name", name=op.f("organisation_trust_id_name_key")),
    )
    op.create_table(
        "authorisation",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("until is null or until >= since", name=op.f("authorisation_dates_check")),
        sa.ForeignKeyConstraint(
            ["trust_id", "organisation_id"],
            ["organisation.trust_id", "organisation.id"],
            name=op.f("authorisation_trust_id_organisation_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"],
            ["person.trust_id", "person.id"],
            name=op.f("authorisation_trust_id_person_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("authorisation_pk")),
    )
    op.create_index(
        op.f("authorisation_trust_id_organisation_id_idx"),
        "authorisation",
        ["trust_id", "organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("authorisation_trust_id_person_id_idx"), "authorisation", ["trust_id", "person_id"], unique=False
    )
    op.create_table(
        "data_request",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("asked_by_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.UUID(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("kept", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.CheckConstraint(
            "kind in ('EXPORT', 'RECTIFICATION', 'ERASURE', 'OBJECTION')", name=op.f("data_request_kind_check")
        ),
        sa.CheckConstraint("status in ('OPEN', 'GRANTED', 'DECLINED')", name=op.f("data_request_status_check")),
        sa.ForeignKeyConstraint(
            ["trust_id", "answered_by_id"],
            ["person.trust_id", "person.id"],
            name=op.f("data_request_trust_id_answered_by_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "asked_by_id"],
            ["person.trust_id", "person.id"],
            name=op.f("data_request_trust_id_asked_by_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("data_request_trust_id_person_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("data_request_pk")),
    )
    op.create_index(
        op.f("data_request_trust_id_person_id_idx"), "data_request", ["trust_id", "person_id"], unique=False
    )
    op.create_table(
        "guardian_consent",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("child_id", sa.UUID(), nullable=False),
        sa.Column("guardian_id", sa.UUID(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source in ('ONLINE', 'FORM', 'SCHOOL')", name=op.f("guardian_consent_source_check")),
        sa.ForeignKeyConstraint(
            ["trust_id", "child_id"],
            ["person.trust_id", "person.id"],
            name=op.f("guardian_consent_trust_id_child_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "guardian_id"],
            ["person.trust_id", "person.id"],
            name=op.f("guardian_consent_trust_id_guardian_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("guardian_consent_pk")),
    )
    op.create_index(
        op.f("guardian_consent_trust_id_child_id_idx"), "guardian_consent", ["trust_id", "child_id"], unique=False
    )
    op.create_index(
        op.f("guardian_consent_trust_id_guardian_id_idx"), "guardian_consent", ["trust_id", "guardian_id"], unique=False
    )
    op.create_table(
        "guardianship",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("child_id", sa.UUID(), nullable=False),
        sa.Column("guardian_id", sa.UUID(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "source in ('DECLARED', 'SCHOOL_SYSTEM', 'VERIFIED')", name=op.f("guardianship_source_check")
        ),
        sa.CheckConstraint("child_id <> guardian_id", name=op.f("guardianship_two_people_check")),
        sa.ForeignKeyConstraint(
            ["trust_id", "child_id"], ["person.trust_id", "person.id"], name=op.f("guardianship_trust_id_child_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "guardian_id"],
            ["person.trust_id", "person.id"],
            name=op.f("guardianship_trust_id_guardian_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("guardianship_pk")),
        sa.UniqueConstraint(
            "trust_id", "child_id", "guardian_id", name=op.f("guardianship_trust_id_child_id_guardian_id_key")
        ),
    )
    op.create_index(
        op.f("guardianship_trust_id_guardian_id_idx"), "guardianship", ["trust_id", "guardian_id"], unique=False
    )
    op.create_table(
        "import_job",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'UPLOADED'"), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("exported_on", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("applied", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_by_id", sa.UUID(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "claimed_until", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("'-infinity'"), nullable=False
        ),
        sa.CheckConstraint("kind in ('REGISTRATION', 'ONEROSTER')", name=op.f("import_job_kind_check")),
        sa.CheckConstraint(
            "status in ('UPLOADED', 'CHECKED', 'APPLYING', 'APPLIED', 'FAILED')", name=op.f("import_job_status_check")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "created_by_id"],
            ["person.trust_id", "person.id"],
            name=op.f("import_job_trust_id_created_by_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("import_job_pk")),
    )
    op.create_index(
        "import_job_due_idx",
        "import_job",
        ["claimed_until"],
        unique=False,
        postgresql_where=sa.text("status in ('UPLOADED', 'APPLYING')"),
    )
    op.create_table(
        "inspection_request",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("onward_disclosure", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "decision in ('COMPLIED', 'REFERRED_TO_COURT', 'WITHDRAWN')", name=op.f("inspection_request_decision_check")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "answered_by_id"],
            ["person.trust_id", "person.id"],
            name=op.f("inspection_request_trust_id_answered_by_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"],
            ["person.trust_id", "person.id"],
            name=op.f("inspection_request_trust_id_person_id_fk"),
        ),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("inspection_request_trust_id_fk")),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("inspection_request_pk")),
    )
    op.create_table(
        "person_identifier",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"],
            ["person.trust_id", "person.id"],
            name=op.f("person_identifier_trust_id_person_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "system", "identifier", name=op.f("person_identifier_pk")),
    )
    op.create_index(
        op.f("person_identifier_trust_id_person_id_idx"), "person_identifier", ["trust_id", "person_id"], unique=False
    )
    op.create_table(
        "import_row",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("job_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), sa.Computed("md5(cells::text)", persisted=True), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("given_key", sa.Text(), nullable=True),
        sa.Column("family_key", sa.Text(), nullable=True),
        sa.Column("mailbox", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("findings", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("of_line", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("is_applied", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "outcome in ('NEW', 'UPDATE', 'UNCHANGED', 'DUPLICATE', 'NEEDS_HUMAN', 'REFUSED')",
            name=op.f("import_row_outcome_check"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "job_id"], ["import_job.trust_id", "import_job.id"], name=op.f("import_row_trust_id_job_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("import_row_trust_id_person_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "job_id", "line", name=op.f("import_row_pk")),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index(op.f("import_row_trust_id_digest_idx"), "import_row", ["trust_id", "digest"], unique=False)
    op.create_index(
        op.f("import_row_trust_id_job_id_family_key_given_key_idx"),
        "import_row",
        ["trust_id", "job_id", "family_key", "given_key"],
        unique=False,
    )
    op.create_index(
        op.f("import_row_trust_id_job_id_mailbox_idx"), "import_row", ["trust_id", "job_id", "mailbox"], unique=False
    )
    op.create_index(
        op.f("import_row_trust_id_job_id_of_line_idx"), "import_row", ["trust_id", "job_id", "of_line"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("queued_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("dispatched_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("bounced_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("bounce", sa.Text(), nullable=True),
        sa.CheckConstraint("channel in ('EMAIL', 'PRINT')", name=op.f("notice_channel_check")),
        sa.CheckConstraint(
            "kind in ('RECEIVED', 'ADMITTED', 'REFUSED', 'LAPSING', 'LAPSED', 'REMOVAL_PROPOSED', 'REMOVAL_DECIDED', 'REMOVED', 'HANDED_OVER', 'EXPORT_READY', 'INVITATION')",
            name=op.f("notice_kind_check"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "membership_id"],
            ["membership.trust_id", "membership.id"],
            name=op.f("notice_trust_id_membership_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "person_id"], ["person.trust_id", "person.id"], name=op.f("notice_trust_id_person_id_fk")
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("notice_pk")),
    )
    op.create_index(
        "notice_bounced_idx",
        "notice",
        ["trust_id", "id"],
        unique=False,
        postgresql_where=sa.text("bounced_at is not null"),
    )
    op.create_index(
        "notice_to_print_idx",
        "notice",
        ["trust_id", "id"],
        unique=False,
        postgresql_where=sa.text("channel = 'PRINT' and dispatched_at is null"),
    )
    op.create_index(op.f("notice_trust_id_person_id_idx"), "notice", ["trust_id", "person_id"], unique=False)
    op.create_table(
        "register_entry",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service_address", sa.Text(), nullable=False),
        sa.Column("constituency_id", sa.UUID(), nullable=False),
        sa.Column("is_company_member", sa.Boolean(), nullable=False),
        sa.Column("guarantee_pence", sa.Integer(), nullable=False),
        sa.Column("share_pence", sa.Integer(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("ceased_on", sa.Date(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("entered_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "change in ('ENTERED', 'NAME_CHANGED', 'ADDRESS_CHANGED', 'CORRECTED', 'CEASED')",
            name=op.f("register_entry_change_check"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "actor_id"], ["person.trust_id", "person.id"], name=op.f("register_entry_trust_id_actor_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "constituency_id"],
            ["constituency.trust_id", "constituency.id"],
            name=op.f("register_entry_trust_id_constituency_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "membership_id"],
            ["membership.trust_id", "membership.id"],
            name=op.f("register_entry_trust_id_membership_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("register_entry_pk")),
        sa.UniqueConstraint(
            "trust_id", "membership_id", "line", name=op.f("register_entry_trust_id_membership_id_line_key")
        ),
    )
    op.create_index(
        op.f("register_entry_trust_id_number_line_idx"), "register_entry", ["trust_id", "number", "line"], unique=False
    )
    op.create_table(
        "removal",
        sa.Column("trust_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.UUID(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("notice_until", sa.Date(), nullable=False),
        sa.Column("case_stated", sa.Text(), nullable=True),
        sa.Column("deciding_body", sa.Text(), nullable=True),
        sa.Column("minute", sa.Text(), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("appeal_ground", sa.Text(), nullable=True),
        sa.Column("appeal_body", sa.Text(), nullable=True),
        sa.Column("appeal_decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "stage in ('PROPOSED', 'DECIDED', 'APPEALED', 'REMOVED', 'DISMISSED')", name=op.f("removal_stage_check")
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "membership_id"],
            ["membership.trust_id", "membership.id"],
            name=op.f("removal_trust_id_membership_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["trust_id", "proposed_by_id"],
            ["person.trust_id", "person.id"],
            name=op.f("removal_trust_id_proposed_by_id_fk"),
        ),
        sa.PrimaryKeyConstraint("trust_id", "id", name=op.f("removal_pk")),
    )
    op.create_index(
        "removal_open_key",
        "removal",
        ["trust_id", "membership_id"],
        unique=True,
        postgresql_where=sa.text("stage in ('APPEALED', 'DECIDED', 'PROPOSED')"),
    )
    op.create_index(op.f("removal_trust_id_membership_id_idx"), "removal", ["trust_id", "membership_id"], unique=False)
    op.add_column("membership", sa.Column("organisation_id", sa.UUID(), nullable=True))
    op.add_column("membership", sa.Column("lapses_on", sa.Date(), nullable=True))
    op.add_column("membership", sa.Column("converted_from_id", sa.UUID(), nullable=True))
    op.add_column("membership", sa.Column("redacted_on", sa.Date(), nullable=True))
    op.add_column(
        "membership",
        sa.Column("search_name", sa.Text(), sa.Computed("' ' || folded_name(name)", persisted=True), nullable=True),
    )
    op.alter_column("membership", "person_id", existing_type=sa.UUID(), nullable=True)
    op.drop_index(
        op.f("membership_open_key"),
        table_name="membership",
        postgresql_where="(status = ANY (ARRAY['ADMITTED'::text, 'SUBMITTED'::text]))",
    )
    op.create_index(
        "membership_lapsing_idx",
        "membership",
        ["trust_id", "lapses_on"],
        unique=False,
        postgresql_where=sa.text("lapses_on is not null"),
    )
    op.create_index(
        "membership_organisation_open_key",
        "membership",
        ["trust_id", "organisation_id", "constituency_id"],
        unique=True,
        postgresql_where=sa.text(
            "status in ('ADMITTED', 'DRAFT', 'LAPSING', 'SUBMITTED', 'SUSPENDED', 'UNDER_REVIEW') and organisation_id is not null"
        ),
    )
    op.create_index(
        "membership_person_open_key",
        "membership",
        ["trust_id", "person_id", "constituency_id"],
        unique=True,
        postgresql_where=sa.text(
            "status in ('ADMITTED', 'DRAFT', 'LAPSING', 'SUBMITTED', 'SUSPENDED', 'UNDER_REVIEW')"
        ),
    )
    op.create_index(
        "membership_search_idx",
        "membership",
        ["trust_id", "search_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.create_index(op.f("membership_trust_id_status_id_idx"), "membership", ["trust_id", "status", "id"], unique=False)
    op.create_foreign_key(
        op.f("membership_trust_id_converted_from_id_fk"),
        "membership",
        "membership",
        ["trust_id", "converted_from_id"],
        ["trust_id", "id"],
    )
    op.create_foreign_key(
        op.f("membership_trust_id_organisation_id_fk"),
        "membership",
        "organisation",
        ["trust_id", "organisation_id"],
        ["trust_id", "id"],
    )
    op.alter_column("membership_transition", "actor_id", existing_type=sa.UUID(), nullable=True)
    op.add_column("outbox", sa.Column("html", sa.Text(), nullable=True))
    op.add_column(
        "person",
        sa.Column("given_key", sa.Text(), sa.Computed("folded_name(given_name)", persisted=True), nullable=True),
    )
    op.add_column(
        "person",
        sa.Column("family_key", sa.Text(), sa.Computed("folded_name(family_name)", persisted=True), nullable=True),
    )
    op.add_column("person", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("contact_address", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("language", sa.Text(), server_default=sa.text("'en'"), nullable=False))
    op.add_column(
        "person", sa.Column("marketing_opt_out", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("person", sa.Column("died_on", sa.Date(), nullable=True))
    op.create_index(
        op.f("person_trust_id_family_key_given_key_idx"),
        "person",
        ["trust_id", "family_key", "given_key"],
        unique=False,
    )
    op.drop_constraint(op.f("recorded_vote_trust_id_person_id_fk"), "recorded_vote", type_="foreignkey")
    op.add_column("relationship", sa.Column("evidence", sa.Text(), nullable=True))
    op.add_column("relationship", sa.Column("learner_id", sa.UUID(), nullable=True))
    op.add_column("relationship", sa.Column("year_group", sa.Integer(), nullable=True))
    op.create_index(
        op.f("relationship_trust_id_learner_id_idx"), "relationship", ["trust_id", "learner_id"], unique=False
    )
    op.create_index(
        op.f("relationship_trust_id_school_id_kind_idx"),
        "relationship",
        ["trust_id", "school_id", "kind"],
        unique=False,
    )
    op.create_foreign_key(
        op.f("relationship_trust_id_learner_id_fk"),
        "relationship",
        "person",
        ["trust_id", "learner_id"],
        ["trust_id", "id"],
    )
    op.drop_constraint(op.f("roll_entry_trust_id_person_id_fk"), "roll_entry", type_="foreignkey")
    op.add_column("ruleset", sa.Column("resolution", sa.Text(), nullable=True))
    op.add_column("ruleset", sa.Column("resolution_ballot_id", sa.UUID(), nullable=True))
    op.add_column(
        "ruleset",
        sa.Column("adopted_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.create_foreign_key(
        op.f("ruleset_trust_id_resolution_ballot_id_fk"),
        "ruleset",
        "ballot",
        ["trust_id", "resolution_ballot_id"],
        ["trust_id", "id"],
    )
    op.add_column("school", sa.Column("establishment_status", sa.Text(), nullable=True))
    op.add_column("school", sa.Column("closed_on", sa.Date(), nullable=True))

    one_of("audit_event", "action", [*actions_so_far(), *NEW_ACTIONS])
    one_of("membership", "status", STATUSES)
    one_of("membership_transition", "status", STATUSES)
    for name, condition in (
        ("numbered", f"(status in ({listed(CURRENT + ENDED)})) = (number is not null)"),
        ("ceased", f"(status in ({listed(ENDED)})) = (ceased_on is not null)"),
        ("holder", "(person_id is null) <> (organisation_id is null)"),
        ("lapsing", "(status = 'LAPSING') = (lapses_on is not null)"),
    ):
        op.execute(f"alter table membership drop constraint if exists membership_{name}_check")
        op.execute(f"alter table membership add constraint membership_{name}_check check ({condition})")
    fill()
    secure()


def fill() -> None:
    """What was stored before, in the form that holds now."""
    op.get_bind().execute(
        sa.text(
            "update ruleset set rules = cast(:presets as jsonb) || rules || jsonb_build_object('constituencies', (select"
            " jsonb_agg(jsonb_build_object('takesOrganisations', c->'qualifyingKinds' ? 'PARTNER_REPRESENTATIVE',"
            " 'standAge', greatest(16, (c->>'voteAge')::int), 'officeAge', 18, 'graceDays', 56) || c order by n)"
            " from jsonb_array_elements(rules->'constituencies') with ordinality as each(c, n)))"
        ),
        {"presets": json.dumps(PRESETS)},
    )
    for change, changed_on, line, ceased_on in (
        ("ENTERED", "m.registered_on", 1, "null"),
        ("CEASED", "m.ceased_on", 2, "m.ceased_on"),
    ):
        op.execute(
            "insert into register_entry (trust_id, membership_id, line, change, number, name, service_address,"
            " constituency_id, is_company_member, guarantee_pence, share_pence, registered_on, ceased_on, changed_on, entered_at)"
            f" select m.trust_id, m.id, {line}, '{change}', m.number, m.name, m.service_address, m.constituency_id,"
            " coalesce((rule->>'isCompanyMember')::boolean, false), case when (rule->>'isCompanyMember')::boolean"
            " then (r.rules->>'guaranteePence')::int else 0 end, 0,"
            f" m.registered_on, {ceased_on}, {changed_on}, coalesce((select max(t.at) from membership_transition t"
            f" where t.trust_id = m.trust_id and t.membership_id = m.id and t.status = '{'RESIGNED' if line == 2 else 'ADMITTED'}'), now())"
            " from membership m join constituency c on c.trust_id = m.trust_id and c.id = m.constituency_id"
            " join ruleset r on r.trust_id = m.trust_id and r.version = m.ruleset_version"
            " left join lateral jsonb_array_elements(r.rules->'constituencies') as rule on rule->>'code' = c.code"
            f" where m.number is not null and {changed_on} is not null"
        )


def secure() -> None:
    op.execute(
        "do $$ begin create role folkmoot_search nologin; exception when duplicate_object or unique_violation then null; end $$"
    )
    op.execute("do $$ begin grant folkmoot_search to current_user; exception when others then null; end $$")
    for table in APP:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy own_trust on {table} to folkmoot_app using (trust_id = {TRUST}) with check (trust_id = {TRUST})"
        )
    for table, rights in [*APP.items(), *MORE_FOR_APP.items()]:
        op.execute(f"grant {rights} on {table} to folkmoot_app")
    for table, rights in WORKER.items():
        op.execute(f"create policy every_trust on {table} to folkmoot_worker using (true) with check (true)")
        op.execute(f"grant {rights} on {table} to folkmoot_worker")
    # A condition that is not leakproof, as LIKE and similarity are, may not use an index under row-level security: it
    # would see other trusts' names. So one function looks, in a role that may read names alone, and keeps to the trust
    # set for the statement itself: without it, it finds nothing.
    op.execute("create policy every_trust_to_search on membership for select to folkmoot_search using (true)")
    op.execute("grant usage, create on schema public to folkmoot_search")
    op.execute("grant select (trust_id, id, search_name) on membership to folkmoot_search")
    op.execute(f"create {NAME_PATTERNS}")
    op.execute(f"create {MEMBERS_NAMED}")
    op.execute("revoke all on function members_named(text) from public")
    op.execute("alter function members_named(text) owner to folkmoot_search")
    op.execute("grant execute on function members_named(text) to folkmoot_app")
    op.execute("revoke create on schema public from folkmoot_search")


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '10min'")
    op.execute("drop function members_named(text)")
    op.execute("drop function name_patterns(text)")
    for table, rights in WORKER.items():
        op.execute(f"drop policy every_trust on {table}")
        op.execute(f"revoke {rights} on {table} from folkmoot_worker")
    for table, rights in MORE_FOR_APP.items():
        op.execute(f"revoke {rights} on {table} from folkmoot_app")
    op.execute("drop policy every_trust_to_search on membership")
    op.execute("revoke all on membership from folkmoot_search")
    op.execute("revoke all on schema public from folkmoot_search")
    # what only the newer tables can say makes the old lists refuse: nothing is lost in silence
    one_of("audit_event", "action", [action for action in actions_so_far() if action not in NEW_ACTIONS])
    op.execute("alter table membership drop constraint membership_holder_check")
    op.execute("alter table membership drop constraint membership_lapsing_check")
    for name, condition in (
        ("numbered", "(status in ('ADMITTED', 'RESIGNED')) = (number is not null)"),
        ("ceased", "(status = 'RESIGNED') = (ceased_on is not null)"),
    ):
        op.execute(f"alter table membership drop constraint membership_{name}_check")
        op.execute(f"alter table membership add constraint membership_{name}_check check ({condition})")
    one_of("membership", "status", OLD_STATUSES)
    one_of("membership_transition", "status", OLD_STATUSES)
    op.drop_column("school", "closed_on")
    op.drop_column("school", "establishment_status")
    op.drop_constraint(op.f("ruleset_trust_id_resolution_ballot_id_fk"), "ruleset", type_="foreignkey")
    op.drop_column("ruleset", "adopted_at")
    op.drop_column("ruleset", "resolution_ballot_id")
    op.drop_column("ruleset", "resolution")
    op.drop_constraint(op.f("relationship_trust_id_learner_id_fk"), "relationship", type_="foreignkey")
    op.drop_index(op.f("relationship_trust_id_school_id_kind_idx"), table_name="relationship")
    op.drop_index(op.f("relationship_trust_id_learner_id_idx"), table_name="relationship")
    op.drop_column("relationship", "year_group")
    op.drop_column("relationship", "learner_id")
    op.drop_column("relationship", "evidence")
    op.drop_index(op.f("person_trust_id_family_key_given_key_idx"), table_name="person")
    op.drop_column("person", "died_on")
    op.drop_column("person", "marketing_opt_out")
    op.drop_column("person", "language")
    op.drop_column("person", "contact_address")
    op.drop_column("person", "phone")
    op.drop_column("person", "family_key")
    op.drop_column("person", "given_key")
    op.drop_column("outbox", "html")
    op.alter_column("membership_transition", "actor_id", existing_type=sa.UUID(), nullable=False)
    op.drop_constraint(op.f("membership_trust_id_organisation_id_fk"), "membership", type_="foreignkey")
    op.drop_constraint(op.f("membership_trust_id_converted_from_id_fk"), "membership", type_="foreignkey")
    op.drop_index(op.f("membership_trust_id_status_id_idx"), table_name="membership")
    op.drop_index(
        "membership_search_idx",
        table_name="membership",
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.drop_index(
        "membership_person_open_key",
        table_name="membership",
        postgresql_where=sa.text(
            "status in ('ADMITTED', 'DRAFT', 'LAPSING', 'SUBMITTED', 'SUSPENDED', 'UNDER_REVIEW')"
        ),
    )
    op.drop_index(
        "membership_organisation_open_key",
        table_name="membership",
        postgresql_where=sa.text(
            "status in ('ADMITTED', 'DRAFT', 'LAPSING', 'SUBMITTED', 'SUSPENDED', 'UNDER_REVIEW') and organisation_id is not null"
        ),
    )
    op.drop_index("membership_lapsing_idx", table_name="membership", postgresql_where=sa.text("lapses_on is not null"))
    op.create_index(
        op.f("membership_open_key"),
        "membership",
        ["trust_id", "person_id"],
        unique=True,
        postgresql_where="(status = ANY (ARRAY['ADMITTED'::text, 'SUBMITTED'::text]))",
    )
    op.alter_column("membership", "person_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("membership", "search_name")
    op.drop_column("membership", "redacted_on")
    op.drop_column("membership", "converted_from_id")
    op.drop_column("membership", "lapses_on")
    op.drop_column("membership", "name")
    op.drop_column("membership", "organisation_id")
    op.drop_index(op.f("removal_trust_id_membership_id_idx"), table_name="removal")
    op.drop_index(
        "removal_open_key",
        table_name="removal",
        postgresql_where=sa.text("stage in ('APPEALED', 'DECIDED', 'PROPOSED')"),
    )
    op.drop_table("removal")
    op.drop_index(op.f("register_entry_trust_id_number_line_idx"), table_name="register_entry")
    op.drop_table("register_entry")
    op.drop_index(op.f("notice_trust_id_person_id_idx"), table_name="notice")
    op.drop_index(
        "notice_to_print_idx",
        table_name="notice",
        postgresql_where=sa.text("channel = 'PRINT' and dispatched_at is null"),
    )
    op.drop_index("notice_bounced_idx", table_name="notice", postgresql_where=sa.text("bounced_at is not null"))
    op.drop_table("notice")
    op.drop_index(op.f("import_row_trust_id_job_id_of_line_idx"), table_name="import_row")
    op.drop_index(op.f("import_row_trust_id_job_id_mailbox_idx"), table_name="import_row")
    op.drop_index(op.f("import_row_trust_id_job_id_family_key_given_key_idx"), table_name="import_row")
    op.drop_index(op.f("import_row_trust_id_digest_idx"), table_name="import_row")
    op.drop_table("import_row")
    op.drop_index(op.f("person_identifier_trust_id_person_id_idx"), table_name="person_identifier")
    op.drop_table("person_identifier")
    op.drop_table("inspection_request")
    op.drop_index(
        "import_job_due_idx", table_name="import_job", postgresql_where=sa.text("status in ('UPLOADED', 'APPLYING')")
    )
    op.drop_table("import_job")
    op.drop_index(op.f("guardianship_trust_id_guardian_id_idx"), table_name="guardianship")
    op.drop_table("guardianship")
    op.drop_index(op.f("guardian_consent_trust_id_guardian_id_idx"), table_name="guardian_consent")
    op.drop_index(op.f("guardian_consent_trust_id_child_id_idx"), table_name="guardian_consent")
    op.drop_table("guardian_consent")
    op.drop_index(op.f("data_request_trust_id_person_id_idx"), table_name="data_request")
    op.drop_table("data_request")
    op.drop_index(op.f("authorisation_trust_id_person_id_idx"), table_name="authorisation")
    op.drop_index(op.f("authorisation_trust_id_organisation_id_idx"), table_name="authorisation")
    op.drop_table("authorisation")
    op.drop_table("organisation")

    op.execute("alter table recorded_vote rename column voter_id to person_id")
    op.execute(
        "alter table recorded_vote rename constraint recorded_vote_trust_id_ballot_id_voter_id_key to recorded_vote_trust_id_ballot_id_person_id_key"
    )
    op.execute("alter table roll_entry rename column voter_id to person_id")
    op.execute("alter index roll_entry_trust_id_voter_id_idx rename to roll_entry_trust_id_person_id_idx")
    for table in ("recorded_vote", "roll_entry"):
        op.create_foreign_key(
            op.f(f"{table}_trust_id_person_id_fk"), table, "person", ["trust_id", "person_id"], ["trust_id", "id"]
        )
    op.execute("drop function folded_name(text)")
