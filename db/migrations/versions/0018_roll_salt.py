"""What is published of a roll tells nothing of it to whoever guesses: it has a salt. Rolls frozen before have none."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute("alter table contest add column roll_salt text")


def downgrade() -> None:
    op.execute("alter table contest drop column roll_salt")
