"""A request to inspect the register keeps the mailbox it came from."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute("alter table inspection_request add column email text")


def downgrade() -> None:
    op.execute("alter table inspection_request drop column email")
