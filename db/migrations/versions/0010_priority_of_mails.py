"""A mail has its priority, by which the worker finds the next of a trust; one that was given up waits no more."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("alter table outbox add column priority integer not null default 1")
    op.execute("alter table outbox alter column priority drop default")
    # a notice and its mail share their id, all else goes before notices
    op.execute(
        "update outbox o set priority = 0"
        " where not exists (select from notice n where n.trust_id = o.trust_id and n.id = o.id)"
    )
    op.execute("drop index outbox_waiting_idx")
    op.execute(
        "create index outbox_waiting_idx on outbox (trust_id, priority, try_at) where sent_at is null and tries < 10"
    )


def downgrade() -> None:
    op.execute("drop index outbox_waiting_idx")
    op.execute("create index outbox_waiting_idx on outbox (trust_id, try_at) where sent_at is null")
    op.execute("alter table outbox drop column priority")
