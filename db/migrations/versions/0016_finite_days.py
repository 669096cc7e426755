"""A day is a day: what was stored as for ever becomes the end of the centuries a trust plans for."""

import sqlalchemy as sa
from alembic import op

from db.migrations.security import every_row

revision = "0016"
down_revision = "0015"

EARLIEST, LATEST = "1900-01-01", "2200-12-31"


def days() -> list[tuple[str, str]]:
    """Every column of days, with its table."""
    found = op.get_bind().execute(
        sa.text(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and data_type = 'date' order by 1, 2"
        )
    )
    return [(table, column) for table, column in found.all()]


def upgrade() -> None:
    columns = days()
    with every_row(op, *sorted({table for table, _ in columns})):
        for table, column in columns:
            op.execute(
                f"update {table} set {column} = least(greatest({column}, '{EARLIEST}'), '{LATEST}')"
                f" where not isfinite({column})"
            )
    for table, column in columns:
        op.execute(f"alter table {table} add constraint {table}_{column}_finite_check check (isfinite({column}))")


def downgrade() -> None:
    for table, column in days():
        op.execute(f"alter table {table} drop constraint {table}_{column}_finite_check")
