"""Members in the order of applying are read from an index."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_index("membership_trust_id_applied_at_id_idx", "membership", ["trust_id", "applied_at", "id"])


def downgrade() -> None:
    op.drop_index("membership_trust_id_applied_at_id_idx", "membership")
