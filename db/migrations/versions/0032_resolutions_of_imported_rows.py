"""Who somebody in a file may be, and what an officer says of it."""

from alembic import op

revision = "0032"
down_revision = "0031"

_RESOLUTIONS = "'SAME', 'SOMEBODY_ELSE', 'CORRECTED', 'REFUSED'"


def upgrade() -> None:
    op.execute(
        "alter table import_row add column alike_people uuid[] not null default '{}',"
        " add column alike_lines integer[] not null default '{}', add column corrected text[] not null default '{}',"
        " add column resolution text, add column resolution_reason text, add column resolved_by_id uuid,"
        " add column resolved_at timestamptz,"
        f" add constraint import_row_resolution_check check (resolution in ({_RESOLUTIONS})),"
        " add constraint import_row_trust_id_resolved_by_id_fk foreign key (trust_id, resolved_by_id)"
        " references person (trust_id, id)"
    )
    op.execute("create index import_row_trust_id_id_idx on import_row (trust_id, id)")


def downgrade() -> None:
    op.execute("drop index import_row_trust_id_id_idx")
    op.execute(
        "alter table import_row drop column alike_people, drop column alike_lines, drop column corrected,"
        " drop column resolution, drop column resolution_reason, drop column resolved_by_id, drop column resolved_at"
    )
