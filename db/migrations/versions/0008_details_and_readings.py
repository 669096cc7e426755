"""What an event tells is its details, what was read in a row its reading."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("alter table audit_event rename column facts to details")
    op.execute("alter table import_row rename column facts to reading")


def downgrade() -> None:
    op.execute("alter table import_row rename column reading to facts")
    op.execute("alter table audit_event rename column details to facts")
