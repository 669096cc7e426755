"""A relationship says when it came to be known that it ends, so that no older file begins it again."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute("alter table relationship add column end_known_on date")
    op.execute(
        "alter table relationship add constraint relationship_end_known_on_finite_check check (isfinite(end_known_on))"
    )


def downgrade() -> None:
    op.execute("alter table relationship drop column end_known_on")
