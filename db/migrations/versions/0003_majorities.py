"""Kinds of resolution: a ballot says which it is, rules say what majority each needs, and a quorum."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KINDS = ["ORDINARY", "SPECIAL", "WRITTEN", "WRITTEN_SPECIAL"]
# Companies Act 2006 ss.282 and 283; no rules said anything but the ordinary majority yet
MAJORITIES = {
    "SPECIAL": {"share": "3/4", "atLeast": True, "ofAllEntitled": False},
    "WRITTEN_SPECIAL": {"share": "3/4", "atLeast": True, "ofAllEntitled": True},
}
QUORUM = {"papers": 0, "share": "0/1"}


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '10min'")
    op.add_column("ballot", sa.Column("kind", sa.Text(), server_default="ORDINARY", nullable=False))
    op.alter_column("ballot", "kind", server_default=None)
    op.create_check_constraint(op.f("ballot_kind_check"), "ballot", f"kind in ({', '.join(map(repr, KINDS))})")
    op.get_bind().execute(
        sa.text(
            "update ruleset set rules = rules - 'ordinaryMajority' || jsonb_build_object("
            "'resolutionQuorum', cast(:quorum as jsonb), 'resolutionMajorities', cast(:majorities as jsonb)"
            " || jsonb_build_object("
            "'ORDINARY', jsonb_build_object('share', rules->'ordinaryMajority', 'atLeast', false, 'ofAllEntitled', false),"
            " 'WRITTEN', jsonb_build_object('share', rules->'ordinaryMajority', 'atLeast', false, 'ofAllEntitled', true)))"
        ),
        {"quorum": json.dumps(QUORUM), "majorities": json.dumps(MAJORITIES)},
    )


def downgrade() -> None:
    op.execute(
        "update ruleset set rules = rules - 'resolutionMajorities' - 'resolutionQuorum' || jsonb_build_object("
        "'ordinaryMajority', rules->'resolutionMajorities'->'ORDINARY'->'share')"
    )
    op.drop_constraint(op.f("ballot_kind_check"), "ballot")
    op.drop_column("ballot", "kind")
