"""A suspended member may have a day on which they lapse, and a removal that was left is told from one that was dismissed."""

from alembic import op

from db.migrations.security import every_row

revision = "0030"
down_revision = "0029"

BEFORE = "'PROPOSED', 'DECIDED', 'APPEALED', 'REMOVED', 'DISMISSED'"
OPEN = "'PROPOSED', 'DECIDED', 'APPEALED'"
# dismissed by no vote and on no appeal: the membership had ended
_LEFT = (
    "r.stage = 'DISMISSED' and r.appeal_decided_on is null and (r.decided_on is null or r.votes_for > r.votes_against)"
)


def _allow(stages: str) -> None:
    op.execute("alter table removal drop constraint removal_stage_check")
    op.execute(f"alter table removal add constraint removal_stage_check check (stage in ({stages}))")


def _lapsing(condition: str) -> None:
    op.execute("alter table membership drop constraint membership_lapsing_check")
    op.execute(f"alter table membership add constraint membership_lapsing_check check ({condition})")


def upgrade() -> None:
    _allow(f"{BEFORE}, 'DISCONTINUED'")
    with every_row(op, "removal", "membership"):
        op.execute(f"update removal r set stage = 'DISCONTINUED' where {_LEFT}")
        # of members who had converted out of it: it can't be decided any more
        op.execute(
            f"update removal r set stage = 'DISCONTINUED' from membership m where r.stage in ({OPEN})"
            " and m.trust_id = r.trust_id and m.id = r.membership_id and m.ceased_on is not null"
        )
    _lapsing("status = 'SUSPENDED' or (status = 'LAPSING') = (lapses_on is not null)")


def downgrade() -> None:
    with every_row(op, "removal", "membership"):
        op.execute("update removal set stage = 'DISMISSED' where stage = 'DISCONTINUED'")
        op.execute("update membership set lapses_on = null where status = 'SUSPENDED'")
    _allow(BEFORE)
    _lapsing("(status = 'LAPSING') = (lapses_on is not null)")
