"""What officers corrected about people, by which evidence, and who was admitted too young as it turned out."""

from alembic import op

from db.migrations.security import secure

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute("alter table person add column admitted_too_young boolean not null default false")
    op.execute(
        """
create table person_correction (
  trust_id uuid not null,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  what text[] not null,
  given_name text,
  family_name text,
  date_of_birth date,
  email text,
  evidence text not null,
  corrected_at timestamptz not null default app_now(),
  corrected_by_id uuid not null,
  constraint person_correction_pk primary key (trust_id, id),
  constraint person_correction_date_of_birth_finite_check check (isfinite(date_of_birth)),
  constraint person_correction_trust_id_person_id_fk foreign key (trust_id, person_id) references person (trust_id, id),
  constraint person_correction_trust_id_corrected_by_id_fk foreign key (trust_id, corrected_by_id) references person (trust_id, id)
)"""
    )
    op.execute("create index person_correction_trust_id_person_id_idx on person_correction (trust_id, person_id)")
    secure(op, "person_correction", app="select, insert, delete")


def downgrade() -> None:
    op.execute("drop table person_correction")
    op.execute("alter table person drop column admitted_too_young")
