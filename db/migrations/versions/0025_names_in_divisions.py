"""A vote in a division keeps the name it was cast by. Votes from before get the name that membership has today."""

from alembic import op

from db.migrations.security import every_row

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute("alter table recorded_vote add column voter_name text")
    with every_row(op, "recorded_vote", "roll_entry", "membership"):
        op.execute(
            "update recorded_vote v set voter_name = m.name from roll_entry r join membership m"
            " on m.trust_id = r.trust_id and m.id = r.membership_id"
            " where r.trust_id = v.trust_id and r.contest_id = v.contest_id and r.voter_id = v.voter_id"
        )
    op.execute("alter table recorded_vote alter voter_name set not null")


def downgrade() -> None:
    """A name that a member has no longer is lost."""
    op.execute("alter table recorded_vote drop column voter_name")
