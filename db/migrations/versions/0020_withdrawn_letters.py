"""A letter that is no longer true before it leaves is withdrawn, and whoever was told that they lapse is told that they stay."""

from alembic import op

from db.migrations.security import every_row

revision = "0020"
down_revision = "0019"

BEFORE = (
    "'RECEIVED', 'ADMITTED', 'REFUSED', 'LAPSING', 'LAPSED', 'REMOVAL_PROPOSED', 'REMOVAL_DECIDED', 'REMOVED',"
    " 'HANDED_OVER', 'EXPORT_READY', 'INVITATION'"
)


def _allow(kinds: str) -> None:
    op.execute("alter table notice drop constraint notice_kind_check")
    op.execute(f"alter table notice add constraint notice_kind_check check (kind in ({kinds}))")


def upgrade() -> None:
    _allow(f"{BEFORE}, 'KEPT'")
    op.execute("alter table notice add column withdrawn_at timestamptz")
    with every_row(op, "notice"):  # whoever was erased is written to no more
        op.execute(
            "update notice set withdrawn_at = app_now()"
            " where channel = 'PRINT' and dispatched_at is null and body is null"
        )
    op.execute(
        "alter table notice add constraint notice_left_or_withdrawn_check"
        " check (dispatched_at is null or withdrawn_at is null)"
    )
    op.execute("create index notice_trust_id_membership_id_idx on notice (trust_id, membership_id)")
    op.execute("drop index notice_to_print_idx")
    op.execute(
        "create index notice_to_print_idx on notice (trust_id, id)"
        " where channel = 'PRINT' and dispatched_at is null and withdrawn_at is null"
    )


def downgrade() -> None:
    op.execute("drop index notice_trust_id_membership_id_idx")
    op.execute("drop index notice_to_print_idx")
    op.execute(
        "create index notice_to_print_idx on notice (trust_id, id) where channel = 'PRINT' and dispatched_at is null"
    )
    op.execute("alter table notice drop constraint notice_left_or_withdrawn_check")
    op.execute("alter table notice drop column withdrawn_at")
    with every_row(op, "notice"):
        op.execute("update notice set kind = 'ADMITTED' where kind = 'KEPT'")
    _allow(BEFORE)
