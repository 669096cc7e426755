"""Cases in which a duty of the day failed, until they are done."""

from alembic import op

from db.migrations.security import secure

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute(
        """create table failed_duty (
          trust_id uuid not null, id uuid not null default uuidv7(), duty text not null, membership_id uuid, person_id uuid,
          since timestamptz not null, tried_at timestamptz not null, code text not null,
          constraint failed_duty_pk primary key (trust_id, id),
          constraint failed_duty_trust_id_membership_id_fk foreign key (trust_id, membership_id) references membership (trust_id, id),
          constraint failed_duty_trust_id_person_id_fk foreign key (trust_id, person_id) references person (trust_id, id),
          constraint failed_duty_duty_check check (duty in ('REMOVED', 'KEPT', 'LAPSING', 'LAPSED', 'DRAFTS', 'HANDED_OVER')))"""
    )
    op.execute(
        "create unique index failed_duty_case_key on failed_duty (trust_id, duty, membership_id, person_id) nulls not distinct"
    )
    for column in ("membership_id", "person_id"):
        op.execute(f"create index failed_duty_trust_id_{column}_idx on failed_duty (trust_id, {column})")
    secure(op, "failed_duty", app="select, insert, update, delete")


def downgrade() -> None:
    op.drop_table("failed_duty")
