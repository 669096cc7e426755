"""Two records of one person become one, and what that did is noted."""

from alembic import op

from db.migrations.security import every_row, secure

revision = "0033"
down_revision = "0032"

ENDED = "'CONVERTED', 'LAPSED', 'REMOVED', 'RESIGNED', 'DECEASED', 'DISSOLVED'"
EVERY = f"'DRAFT', 'SUBMITTED', 'UNDER_REVIEW', 'REFUSED', 'WITHDRAWN', 'ADMITTED', 'LAPSING', 'SUSPENDED', {ENDED}"
CURRENT = "'ADMITTED', 'LAPSING', 'SUSPENDED'"


def _allow(ended: str, every: str) -> None:
    checks = {
        "membership": {
            "status": f"status in ({every})",
            "numbered": f"(status in ({CURRENT}, {ended})) = (number is not null)",
            "ceased": f"(status in ({ended})) = (ceased_on is not null)",
        },
        "membership_transition": {"status": f"status in ({every})"},
    }
    for table, named in checks.items():
        for name, check in named.items():
            op.execute(f"alter table {table} drop constraint {table}_{name}_check")
            op.execute(f"alter table {table} add constraint {table}_{name}_check check ({check})")


def upgrade() -> None:
    _allow(f"{ENDED}, 'DUPLICATE'", f"{EVERY}, 'DUPLICATE'")
    op.execute("alter table person add column merged_into_id uuid")
    op.execute(
        "alter table person add constraint person_trust_id_merged_into_id_fk foreign key (trust_id, merged_into_id)"
        " references person (trust_id, id),"
        " add constraint person_merged_into_another_check check (merged_into_id <> id)"
    )
    op.execute(
        "create index person_trust_id_merged_into_id_idx on person (trust_id, merged_into_id)"
        " where merged_into_id is not null"
    )
    op.execute(
        """create table person_merge (
          trust_id uuid not null,
          id uuid not null default uuidv7(),
          kept_id uuid not null,
          merged_id uuid not null,
          reason text not null,
          changes jsonb not null,
          merged_by_id uuid not null,
          merged_at timestamptz not null default app_now(),
          undone_by_id uuid,
          undone_at timestamptz,
          undo_reason text,
          stayed text[] not null default '{}',
          constraint person_merge_pk primary key (trust_id, id),
          constraint person_merge_trust_id_kept_id_fk foreign key (trust_id, kept_id) references person (trust_id, id),
          constraint person_merge_trust_id_merged_id_fk foreign key (trust_id, merged_id) references person (trust_id, id),
          constraint person_merge_trust_id_merged_by_id_fk foreign key (trust_id, merged_by_id)
            references person (trust_id, id),
          constraint person_merge_trust_id_undone_by_id_fk foreign key (trust_id, undone_by_id)
            references person (trust_id, id),
          constraint person_merge_undone_check check ((undone_at is null) = (undone_by_id is null)))"""
    )
    op.execute("create index person_merge_trust_id_kept_id_idx on person_merge (trust_id, kept_id)")
    op.execute(
        "create unique index person_merge_merged_key on person_merge (trust_id, merged_id) where undone_at is null"
    )
    secure(op, "person_merge", app="select, insert, update")


def downgrade() -> None:
    """Records that became one stay so, as far as their rows went over; a second membership has lapsed."""
    op.execute("drop table person_merge")
    op.execute("drop index person_trust_id_merged_into_id_idx")
    op.execute("alter table person drop column merged_into_id")
    with every_row(op, "membership", "membership_transition"):
        for table in ("membership", "membership_transition"):
            op.execute(f"update {table} set status = 'LAPSED' where status = 'DUPLICATE'")
    _allow(ENDED, EVERY)
