"""One clock: app_now() is the moment of every statement, legal_today() the day in England; only the owner shifts it."""

import sqlalchemy as sa
from alembic import op

from db.migrations.functions import APP_NOW, LEGAL_TODAY

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '10min'")
    op.execute(f"create {APP_NOW}")
    op.execute(f"create {LEGAL_TODAY}")
    replace_in_defaults("now()", "app_now()")


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '10min'")
    replace_in_defaults("app_now()", "now()")
    op.execute("drop function legal_today()")
    op.execute("drop function app_now()")


def replace_in_defaults(old: str, new: str) -> None:
    found = op.get_bind().execute(
        sa.text(
            "select table_name, column_name, column_default from information_schema.columns"
            " where table_schema = 'public' and is_generated = 'NEVER' and column_default like :like order by 1, 2"
        ),
        {"like": f"%{old}%"},
    )
    for table, column, default in found.all():
        op.execute(f'alter table {table} alter column "{column}" set default {default.replace(old, new)}')
