"""An import says when it was last of use, from which its rows are kept, and may be abandoned."""

from alembic import op

from db.migrations.security import every_row

revision = "0015"
down_revision = "0014"

BEFORE = "'UPLOADED', 'CHECKED', 'APPLYING', 'APPLIED', 'FAILED'"


def _allow(statuses: str) -> None:
    op.execute("alter table import_job drop constraint import_job_status_check")
    op.execute(f"alter table import_job add constraint import_job_status_check check (status in ({statuses}))")


def upgrade() -> None:
    _allow(f"{BEFORE}, 'ABANDONED'")
    op.execute("alter table import_job add column last_used_at timestamptz")
    with every_row(op, "import_job", "audit_event"):
        op.execute(
            "update import_job j set last_used_at = coalesce((select max(e.at) from audit_event e"
            " where e.trust_id = j.trust_id and e.subject_id = j.id), j.created_at)"
        )
    op.execute("alter table import_job alter column last_used_at set default app_now()")
    op.execute("alter table import_job alter column last_used_at set not null")
    op.execute("revoke select (created_at) on import_job from folkmoot_worker")
    op.execute("grant select (last_used_at) on import_job to folkmoot_worker")


def downgrade() -> None:
    op.execute("revoke select (last_used_at) on import_job from folkmoot_worker")
    op.execute("grant select (created_at) on import_job to folkmoot_worker")
    op.execute("alter table import_job drop column last_used_at")
    with every_row(op, "import_job"):
        op.execute("update import_job set status = 'FAILED' where status = 'ABANDONED'")
    _allow(BEFORE)
