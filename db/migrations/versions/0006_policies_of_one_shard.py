"""Row-level security without a sub-select, which a cluster distributed by trust_id can't send to a shard."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TRUST = "nullif(current_setting('app.trust', true), '')::uuid"


def upgrade() -> None:
    rewrite(TRUST)


def downgrade() -> None:
    rewrite(f"(select {TRUST})")


def rewrite(trust: str) -> None:
    """Gives every policy that compares a tenant this form of the trust that is worked for."""
    found = op.get_bind().execute(
        sa.text(
            "select tablename, policyname, qual is not null as uses, with_check is not null as checks from pg_policies"
            " where schemaname = 'public' and coalesce(qual, with_check) like '%app.trust%' order by 1, 2"
        )
    )
    for table, policy, uses, checks in found.all():
        condition = f"({'id' if table == 'trust' else 'trust_id'} = {trust})"
        parts = f"{f' using {condition}' if uses else ''}{f' with check {condition}' if checks else ''}"
        op.execute(f"alter policy {policy} on {table}{parts}")
