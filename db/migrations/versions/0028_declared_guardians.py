"""Who says they are a child's guardian is one when somebody else has admitted the child, and no longer after a refusal."""

from alembic import op

from db.migrations.security import every_row

revision = "0028"
down_revision = "0027"

_ADMITTED_BY_ANOTHER = (
    "exists (select from membership m join membership_transition t on t.trust_id = m.trust_id and t.membership_id = m.id"
    " and t.status = 'ADMITTED' and t.actor_id <> g.guardian_id"
    " where m.trust_id = g.trust_id and m.person_id = g.child_id)"
)
_DECLINED = (
    "exists (select from membership m where m.trust_id = g.trust_id and m.person_id = g.child_id"
    " and m.status in ('REFUSED', 'WITHDRAWN')) and not exists (select from membership m where m.trust_id = g.trust_id"
    " and m.person_id = g.child_id and m.status not in ('DRAFT', 'REFUSED', 'WITHDRAWN'))"
)


def upgrade() -> None:
    with every_row(op, "guardianship", "guardian_consent", "membership", "membership_transition"):
        op.execute(
            "update guardianship g set source = 'VERIFIED', evidence = coalesce(evidence, 'The application was admitted.')"
            f" where g.source = 'DECLARED' and {_ADMITTED_BY_ANOTHER}"
        )
        for table in ("guardian_consent", "guardianship"):
            declared = (
                "exists (select from guardianship d where d.trust_id = g.trust_id and d.child_id = g.child_id"
                " and d.guardian_id = g.guardian_id and d.source = 'DECLARED')"
            )
            op.execute(
                f"update {table} g set until = greatest(g.since, legal_today())"
                f" where (g.until is null or g.until > legal_today()) and {declared} and {_DECLINED}"
            )


def downgrade() -> None:
    """Who was confirmed, or is no guardian any more, stays so."""
