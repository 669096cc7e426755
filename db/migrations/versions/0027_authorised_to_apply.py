"""Who says they are authorised when an organisation applies is so for that application alone, until it is admitted."""

from alembic import op

from db.migrations.security import every_row

revision = "0027"
down_revision = "0026"

# the first application that each organisation which never was a member was sent by somebody who is authorised
_APPLIED = (
    "select distinct on (m.trust_id, m.organisation_id, t.actor_id) m.trust_id, m.organisation_id, t.actor_id, m.id, m.status"
    " from membership m join membership_transition t on t.trust_id = m.trust_id and t.membership_id = m.id"
    " where t.status = 'SUBMITTED' and not exists (select from membership o where o.trust_id = m.trust_id"
    " and o.organisation_id = m.organisation_id and o.registered_on is not null)"
    " order by m.trust_id, m.organisation_id, t.actor_id, m.id"
)


def upgrade() -> None:
    op.execute("alter table authorisation add column application_id uuid")
    with every_row(op, "authorisation", "membership", "membership_transition"):
        op.execute(
            "update authorisation a set application_id = f.id, until = case when f.status in ('REFUSED', 'WITHDRAWN')"
            "   then least(a.until, greatest(a.since, legal_today())) else a.until end"
            f" from ({_APPLIED}) f where f.trust_id = a.trust_id and f.organisation_id = a.organisation_id"
            " and f.actor_id = a.person_id"
        )
    op.execute(
        "alter table authorisation add constraint authorisation_trust_id_application_id_fk"
        " foreign key (trust_id, application_id) references membership (trust_id, id)"
    )
    op.execute("create index authorisation_trust_id_application_id_idx on authorisation (trust_id, application_id)")


def downgrade() -> None:
    op.execute("alter table authorisation drop column application_id")
