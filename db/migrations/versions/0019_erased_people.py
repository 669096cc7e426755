"""Whoever was erased is known by the day of it, and not by what stands where their name was."""

from alembic import op

from db.migrations.security import every_row

revision = "0019"
down_revision = "0018"

_ERASED = (
    "select trust_id, subject_id, max(at) as at from audit_event where action = 'privacy:person:erased' group by 1, 2"
)


def upgrade() -> None:
    op.execute("alter table person add column erased_on date")
    with every_row(op, "person", "audit_event"):
        op.execute(
            "update person p set erased_on = (e.at at time zone 'Europe/London')::date"
            f" from ({_ERASED}) e where e.trust_id = p.trust_id and e.subject_id = p.id"
        )
    op.execute("alter table person add constraint person_erased_on_finite_check check (isfinite(erased_on))")


def downgrade() -> None:
    op.execute("alter table person drop column erased_on")
