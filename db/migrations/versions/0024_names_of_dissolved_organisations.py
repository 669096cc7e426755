"""The name of an organisation that was dissolved is free for another."""

from alembic import op

from db.migrations.security import every_row

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    # asks less than the constraint did: what is stored satisfies it, whatever it is
    op.execute("alter table organisation drop constraint organisation_trust_id_name_key")
    op.execute("create unique index organisation_name_key on organisation (trust_id, name) where dissolved_on is null")


def downgrade() -> None:
    with every_row(op, "organisation"):
        op.execute(
            "update organisation o set name = name || ' (dissolved ' || dissolved_on || ', ' || id || ')'"
            " where dissolved_on is not null and exists (select from organisation other"
            " where other.trust_id = o.trust_id and other.name = o.name and other.id <> o.id)"
        )
    op.execute("drop index organisation_name_key")
    op.execute("alter table organisation add constraint organisation_trust_id_name_key unique (trust_id, name)")
