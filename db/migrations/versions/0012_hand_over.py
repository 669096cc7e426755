"""The day a young person answers for themself is no longer stored: what a guardian said ends where somebody ended it."""

from alembic import op

from db.migrations.security import every_row

revision = "0012"
down_revision = "0011"

# the birthday of a person `p` by a ruleset `r`; somebody born on 29 February has it on 1 March
_SAME_DAY = "p.date_of_birth + make_interval(years => (r.rules->>'guardianConsentAge')::int)"
BIRTHDAY = f"(({_SAME_DAY})::date + (extract(day from {_SAME_DAY}) <> extract(day from p.date_of_birth))::int)"


TABLES = ("guardianship", "guardian_consent")


def upgrade() -> None:
    with every_row(op, *TABLES, "person", "ruleset"):
        for table in TABLES:
            op.execute(f"alter table {table} alter column until drop not null")
            op.execute(
                f"update {table} t set until = null from person p where p.trust_id = t.trust_id and p.id = t.child_id"
                f" and exists (select from ruleset r where r.trust_id = t.trust_id and t.until = coalesce({BIRTHDAY}, 'infinity'))"
            )


def downgrade() -> None:
    with every_row(op, *TABLES, "person", "ruleset"):
        for table in TABLES:
            op.execute(
                f"update {table} t set until = coalesce({BIRTHDAY}, 'infinity') from person p, ruleset r where p.trust_id = t.trust_id"
                " and p.id = t.child_id and t.until is null and r.trust_id = t.trust_id and r.version ="
                " (select max(n.version) from ruleset n where n.trust_id = t.trust_id and n.effective_from <= legal_today())"
            )
            op.execute(f"alter table {table} alter column until set not null")
