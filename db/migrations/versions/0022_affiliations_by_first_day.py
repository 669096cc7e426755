"""A school may belong in one way for one time after another; the link to a number it went back to is taken away."""

from alembic import op

from db.migrations.security import every_row

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute("alter table affiliation drop constraint affiliation_trust_id_school_id_kind_key")
    op.execute(
        "alter table affiliation add constraint affiliation_trust_id_school_id_kind_since_key"
        " unique (trust_id, school_id, kind, since)"
    )
    op.execute("grant delete on school_link to folkmoot_app")


def downgrade() -> None:
    op.execute("revoke delete on school_link from folkmoot_app")
    op.execute("alter table affiliation drop constraint affiliation_trust_id_school_id_kind_since_key")
    # the last one is what was kept of a school that rejoined
    with every_row(op, "affiliation"):
        op.execute(
            "delete from affiliation a using affiliation later where later.trust_id = a.trust_id"
            " and later.school_id = a.school_id and later.kind = a.kind"
            " and (coalesce(later.since, '-infinity'), later.id) > (coalesce(a.since, '-infinity'), a.id)"
        )
    op.execute(
        "alter table affiliation add constraint affiliation_trust_id_school_id_kind_key"
        " unique (trust_id, school_id, kind)"
    )
