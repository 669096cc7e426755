"""What a draft of a consultation or of a poll consists of may be replaced."""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = ("consultation_question", "contest", "contest_constituency")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"grant delete on {table} to folkmoot_app")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"revoke delete on {table} from folkmoot_app")
