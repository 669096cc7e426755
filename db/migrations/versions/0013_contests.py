"""A poll holds contests, each with its electorate, its roll, its papers and its declaration; casting spends a credential."""

import sqlalchemy as sa
from alembic import op

from db.migrations.security import every_row, secure

revision = "0013"
down_revision = "0012"

# what pointed to a poll and points to a contest
OF_A_CONTEST = ("contest_constituency", "roll_entry", "recorded_vote", "ballot_paper", "ballot_receipt", "declaration")
COUNTING_METHODS = (
    "'PLURALITY', 'BLOCK_VOTE', 'APPROVAL', 'ALTERNATIVE_VOTE', 'SCHULZE', 'SCOTTISH', 'ERS97', 'MEEK', 'RESOLUTION'"
)
RESOLUTION_KINDS = "'ORDINARY', 'SPECIAL', 'WRITTEN', 'WRITTEN_SPECIAL'"


def upgrade() -> None:
    with every_row(op, "poll", "roll_entry", "recorded_vote", "ballot_paper", "ballot_inbox"):
        make_contests()
        point_to_contests()
        make_credentials()
        op.execute("alter table recorded_vote drop constraint recorded_vote_choice_check")
        op.execute("alter table recorded_vote rename column choice to paper")
        op.execute("update recorded_vote set paper = '1 ' || paper")
        op.execute("update ballot_paper set content = '1 ' || content")
        op.execute("update ballot_inbox set content = '1 ' || content where store = 'PAPER'")
    for column in ("resolution", "kind", "roll_hash", "roll_count", "count"):
        op.execute(f"alter table poll drop column {column}")


def make_contests() -> None:
    """One of each poll there is, under the poll's id: the commitment to its roll, its count and its papers name that."""
    op.execute(
        "create table contest (trust_id uuid not null, id uuid not null default uuidv7(), poll_id uuid not null,"
        " place integer not null, title text not null, kind text not null, method text not null, resolution text,"
        " resolution_kind text, seats integer, roll_hash text, roll_count integer, count jsonb,"
        " constraint contest_pk primary key (trust_id, id),"
        " constraint contest_trust_id_poll_id_place_key unique (trust_id, poll_id, place),"
        " constraint contest_trust_id_poll_id_fk foreign key (trust_id, poll_id) references poll (trust_id, id),"
        " constraint contest_kind_check check (kind in ('RESOLUTION', 'ELECTION')),"
        f" constraint contest_method_check check (method in ({COUNTING_METHODS})),"
        f" constraint contest_resolution_kind_check check (resolution_kind in ({RESOLUTION_KINDS})),"
        " constraint contest_columns_of_kind_check check ((kind = 'RESOLUTION') = (method = 'RESOLUTION')"
        " and (kind = 'RESOLUTION') = (resolution is not null) and (kind = 'RESOLUTION') = (resolution_kind is not null)"
        " and (kind = 'ELECTION') = (seats is not null)))"
    )
    op.execute(
        "insert into contest (trust_id, id, poll_id, place, title, kind, method, resolution, resolution_kind, roll_hash,"
        " roll_count, count) select trust_id, id, id, 1, title, 'RESOLUTION', 'RESOLUTION', resolution, kind, roll_hash,"
        " roll_count, count from poll"
    )
    secure(op, "contest", app="select, insert, update", worker="select (trust_id, id, poll_id)")


def point_to_contests() -> None:
    """What was the poll's is its contest's, under the same id."""
    op.rename_table("poll_constituency", "contest_constituency")
    for constraint in ("pk", "trust_id_constituency_id_fk", "trust_id_poll_id_fk"):
        rename_constraint(
            "contest_constituency", f"poll_constituency_{constraint}", f"contest_constituency_{constraint}"
        )
    for table in OF_A_CONTEST:
        op.execute(f"alter table {table} drop constraint {table}_trust_id_poll_id_fk")
        op.execute(f"alter table {table} rename column poll_id to contest_id")
        point(table, "contest_id", "contest")
    op.execute("alter table ballot_inbox rename column poll_id to contest_id")
    rename_constraint(
        "recorded_vote", "recorded_vote_trust_id_poll_id_voter_id_key", "recorded_vote_trust_id_contest_id_voter_id_key"
    )
    op.execute("alter table ruleset drop constraint ruleset_trust_id_resolution_poll_id_fk")
    op.execute("alter table ruleset rename column resolution_poll_id to resolution_contest_id")
    point("ruleset", "resolution_contest_id", "contest")


def make_credentials() -> None:
    """One of each entry of a roll, in an order that says nothing of when it was spent."""
    op.execute(
        "create table credential (trust_id uuid not null, id uuid not null default gen_random_uuid(),"
        " contest_id uuid not null, voter_id uuid not null, spent_on date,"
        " constraint credential_pk primary key (trust_id, id),"
        " constraint credential_trust_id_contest_id_voter_id_key unique (trust_id, contest_id, voter_id),"
        " constraint credential_trust_id_contest_id_voter_id_fk foreign key (trust_id, contest_id, voter_id)"
        " references roll_entry (trust_id, contest_id, voter_id)) with (fillfactor = 70)"
    )
    op.execute(
        "insert into credential (trust_id, contest_id, voter_id, spent_on)"
        " select trust_id, contest_id, voter_id, voted_on from roll_entry order by 1, 2, 3"
    )
    secure(op, "credential", app="select, insert, update")
    op.execute("alter table roll_entry drop column voted_on")
    op.execute("alter table roll_entry reset (fillfactor)")
    op.execute("revoke update on roll_entry from folkmoot_app")


def downgrade() -> None:
    kept = ("poll", *OF_A_CONTEST, "ballot_inbox", "ruleset")
    with every_row(op, *kept, "contest", "credential"):
        refuse_what_was_impossible()
        fill_polls()
        op.execute("update ballot_inbox set content = substr(content, 3) where store = 'PAPER'")
        op.execute("update ballot_paper set content = substr(content, 3)")
        op.execute("update recorded_vote set paper = substr(paper, 3)")
        mark_entries()
        point_to_polls()
    op.execute("alter table recorded_vote rename column paper to choice")
    op.execute(
        "alter table recorded_vote add constraint recorded_vote_choice_check"
        " check (choice in ('FOR', 'AGAINST', 'ABSTAIN'))"
    )
    op.rename_table("contest_constituency", "poll_constituency")
    for constraint in ("pk", "trust_id_constituency_id_fk", "trust_id_poll_id_fk"):
        rename_constraint("poll_constituency", f"contest_constituency_{constraint}", f"poll_constituency_{constraint}")
    for table in ("credential", "contest"):
        op.execute(f"drop table {table}")


def refuse_what_was_impossible() -> None:
    several = op.get_bind().scalar(
        sa.text("select exists (select from contest group by trust_id, poll_id having count(*) > 1)")
    )
    if several:
        raise ValueError("a poll has more than one contest, which the tables before this revision can't hold")


def fill_polls() -> None:
    for column, kind in (("resolution", "text"), ("kind", "text"), ("roll_hash", "text"), ("roll_count", "integer")):
        op.execute(f"alter table poll add column {column} {kind}")
    op.execute("alter table poll add column count jsonb")
    op.execute(
        "update poll p set resolution = k.resolution, kind = k.resolution_kind, roll_hash = k.roll_hash,"
        " roll_count = k.roll_count, count = k.count from contest k where k.trust_id = p.trust_id and k.poll_id = p.id"
    )
    op.execute("alter table poll alter resolution set not null, alter kind set not null")
    op.execute(f"alter table poll add constraint poll_kind_check check (kind in ({RESOLUTION_KINDS}))")


def mark_entries() -> None:
    op.execute("alter table roll_entry add column voted_on date")
    op.execute("alter table roll_entry set (fillfactor = 70)")
    op.execute("grant update on roll_entry to folkmoot_app")
    op.execute("alter table credential drop constraint credential_trust_id_contest_id_voter_id_fk")
    op.execute(
        "update roll_entry r set voted_on = c.spent_on from credential c where c.trust_id = r.trust_id"
        " and c.contest_id = r.contest_id and c.voter_id = r.voter_id"
    )


def point_to_polls() -> None:
    """What points to a contest points to its poll. A contest drafted since has an id of its own, which its roll is hashed with."""
    columns = [(table, "contest_id", "poll_id") for table in OF_A_CONTEST]
    for table, new, old in (*columns, ("ruleset", "resolution_contest_id", "resolution_poll_id")):
        op.execute(f"alter table {table} drop constraint {table}_trust_id_{new}_fk")
        move(table, new)
        op.execute(f"alter table {table} rename column {new} to {old}")
        point(table, old, "poll")
    move("ballot_inbox", "contest_id")
    op.execute("alter table ballot_inbox rename column contest_id to poll_id")
    rename_constraint(
        "recorded_vote", "recorded_vote_trust_id_contest_id_voter_id_key", "recorded_vote_trust_id_poll_id_voter_id_key"
    )


def move(table: str, column: str) -> None:
    op.execute(
        f"update {table} t set {column} = k.poll_id from contest k where k.trust_id = t.trust_id and k.id = t.{column}"
        " and k.id <> k.poll_id"
    )


def point(table: str, column: str, target: str) -> None:
    op.execute(
        f"alter table {table} add constraint {table}_trust_id_{column}_fk"
        f" foreign key (trust_id, {column}) references {target} (trust_id, id)"
    )


def rename_constraint(table: str, old: str, new: str) -> None:
    op.execute(f"alter table {table} rename constraint {old} to {new}")
