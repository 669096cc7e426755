"""The worker looks for its work trust by trust: what it may read for that, and the indexes it finds it by."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for table in ("idempotency_key", "sign_in_challenge"):
        op.execute(f"grant select (trust_id) on {table} to folkmoot_worker")
    op.execute("drop index outbox_waiting_idx")
    op.execute("create index outbox_waiting_idx on outbox (trust_id, try_at) where sent_at is null")
    op.execute("drop index import_job_due_idx")
    op.execute(
        "create index import_job_due_idx on import_job (trust_id, claimed_until)"
        " where status in ('UPLOADED', 'APPLYING')"
    )


def downgrade() -> None:
    op.execute("drop index import_job_due_idx")
    op.execute("create index import_job_due_idx on import_job (claimed_until) where status in ('UPLOADED', 'APPLYING')")
    op.execute("drop index outbox_waiting_idx")
    op.execute("create index outbox_waiting_idx on outbox (try_at) where sent_at is null")
    for table in ("idempotency_key", "sign_in_challenge"):
        op.execute(f"revoke select (trust_id) on {table} from folkmoot_worker")
