"""What a guardian consented to ends with their erasure: there is nobody left who could take it back."""

from alembic import op

from db.migrations.security import every_row

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    # ends on the day this is done, and not on that of the erasure: what was decided meanwhile rested on it
    with every_row(op, "guardian_consent", "person"):
        op.execute(
            "update guardian_consent c set until = least(c.until, legal_today())"
            " from person p where p.trust_id = c.trust_id and p.id = c.guardian_id and p.erased_on is not null"
        )


def downgrade() -> None:
    """What was ended stays so."""
