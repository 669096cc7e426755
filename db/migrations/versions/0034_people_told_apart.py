"""An officer's word that two people who look the same are two."""

from alembic import op

from db.migrations.security import secure

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.execute(
        """create table people_told_apart (
          trust_id uuid not null,
          one_id uuid not null,
          other_id uuid not null,
          reason text not null,
          told_by_id uuid not null,
          at timestamptz not null default app_now(),
          constraint people_told_apart_pk primary key (trust_id, one_id, other_id),
          constraint people_told_apart_trust_id_one_id_fk foreign key (trust_id, one_id) references person (trust_id, id),
          constraint people_told_apart_trust_id_other_id_fk foreign key (trust_id, other_id)
            references person (trust_id, id),
          constraint people_told_apart_trust_id_told_by_id_fk foreign key (trust_id, told_by_id)
            references person (trust_id, id),
          constraint people_told_apart_in_order_check check (one_id < other_id))"""
    )
    op.execute("create index people_told_apart_trust_id_other_id_idx on people_told_apart (trust_id, other_id)")
    secure(op, "people_told_apart", app="select, insert, update (reason)")


def downgrade() -> None:
    op.execute("drop table people_told_apart")
