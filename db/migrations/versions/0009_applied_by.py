"""An import says who had it applied, how many people applied by it, and how often it was tried in vain."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(
        "alter table import_job add column applied_by_id uuid, add column applications integer not null default 0"
    )
    op.execute("alter table import_job add column tries integer not null default 0")
    op.execute(
        "alter table import_job add constraint import_job_trust_id_applied_by_id_fk foreign key (trust_id, applied_by_id)"
        " references person (trust_id, id)"
    )
    op.execute(
        "update import_job j set applied_by_id = coalesce((select e.actor_id from audit_event e where"
        " e.trust_id = j.trust_id and e.subject_id = j.id and e.action = 'intake:import:applying' limit 1), j.created_by_id)"
        " where j.status in ('APPLYING', 'APPLIED')"
    )
    op.execute("grant select (tries), update (tries) on import_job to folkmoot_worker")
    op.execute(
        "create index import_row_trust_id_job_id_person_id_idx on import_row (trust_id, job_id, person_id)"
        " where person_id is not null"
    )


def downgrade() -> None:
    op.execute("drop index import_row_trust_id_job_id_person_id_idx")
    op.execute("revoke select (tries), update (tries) on import_job from folkmoot_worker")
    for column in ("applied_by_id", "applications", "tries"):
        op.execute(f"alter table import_job drop column {column}")
