"""A trust says how it is reached, where its articles and logo are, what becomes of data, and in which languages it works."""

from alembic import op

revision = "0011"
down_revision = "0010"

TEXTS = ("contact_email", "telephone", "address", "website", "articles_url", "privacy_notice", "logo_url")


def upgrade() -> None:
    for column in TEXTS:
        op.execute(f"alter table trust add column {column} text")
    op.execute("alter table trust add column languages text[]")


def downgrade() -> None:
    for column in ("languages", *reversed(TEXTS)):
        op.execute(f"alter table trust drop column {column}")
