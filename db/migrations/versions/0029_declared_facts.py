"""Which facts about people rest on their own word alone."""

from alembic import op

from db.migrations.security import every_row

revision = "0029"
down_revision = "0028"

# of whom no file told and no officer saw anything, all; of others what they, or whoever answers for them, changed
_OWN_WORD = """array_remove(array[
    case when p.date_of_birth is not null and by_themself then 'date_of_birth' end,
    case when p.phone is not null and (by_themself or changed ? 'phone') then 'phone' end,
    case when p.contact_address is not null and (by_themself or changed ? 'contact_address') then 'contact_address' end], null)"""
_PEOPLE = """person o cross join lateral (select not exists (select from relationship r where r.trust_id = o.trust_id
    and r.person_id = o.id and r.source <> 'DECLARED') and not exists (select from import_row i
    where i.trust_id = o.trust_id and i.person_id = o.id and i.outcome = 'NEW') as by_themself) k
  cross join lateral (select coalesce(jsonb_agg(what), '[]') as changed from audit_event e
    cross join jsonb_array_elements_text(e.details->'what') as what
    where e.trust_id = o.trust_id and e.subject_id = o.id and e.action = 'people:contact:changed'
    and (e.actor_id = o.id or exists (select from guardianship g where g.trust_id = o.trust_id and g.child_id = o.id
      and g.guardian_id = e.actor_id))) c"""


def upgrade() -> None:
    op.execute("alter table person add column declared text[] not null default '{}'")
    with every_row(op, "person", "relationship", "import_row", "audit_event", "guardianship"):
        op.execute(
            f"update person p set declared = {_OWN_WORD} from {_PEOPLE} where o.trust_id = p.trust_id and o.id = p.id"
        )


def downgrade() -> None:
    op.execute("alter table person drop column declared")
