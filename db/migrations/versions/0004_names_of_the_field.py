"""The names of the field: a poll is an event and a ballot a paper, a register has lines, actions are of their area."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = {"ballot": "poll", "ballot_constituency": "poll_constituency", "register_entry": "register_line"}
COLUMNS = {
    "ballot_id": "poll_id",
    "resolution_ballot_id": "resolution_poll_id",
}
MUTATIONS = {"castBallot": "castVote"}  # the one whose fingerprint holds no id of the API, which begins otherwise now
# a papers' box, inbox and receipts keep their names: they are about ballots, the papers
_EVENT = re.compile("ballot(?!_(?:inbox|paper|receipt))")
ACTIONS = {
    "organisations:trust:loaded": "trusts:trust:loaded",
    "organisations:school:joined": "trusts:school:joined",
    "organisations:school:left": "trusts:school:left",
    "organisations:school:converted": "trusts:school:converted",
    "organisations:schools:updated": "trusts:schools:updated",
    "members:membership:applied": "membership:membership:applied",
    "members:membership:admitted": "membership:membership:admitted",
    "members:membership:refused": "membership:membership:refused",
    "members:membership:withdrawn": "membership:membership:withdrawn",
    "members:membership:resigned": "membership:membership:resigned",
    "members:membership:drafted": "membership:membership:drafted",
    "members:membership:reviewed": "membership:membership:reviewed",
    "members:membership:lapsing": "membership:membership:lapsing",
    "members:membership:kept": "membership:membership:kept",
    "members:membership:suspended": "membership:membership:suspended",
    "members:membership:converted": "membership:membership:converted",
    "members:membership:lapsed": "membership:membership:lapsed",
    "members:membership:removed": "membership:membership:removed",
    "members:membership:deceased": "membership:membership:deceased",
    "members:membership:dissolved": "membership:membership:dissolved",
    "members:year:ended": "people:year:ended",
    "members:register:changed": "register:register:changed",
    "members:inspection:requested": "register:inspection:requested",
    "members:inspection:answered": "register:inspection:answered",
    "members:register:extracted": "register:register:extracted",
    "members:removal:proposed": "membership:removal:proposed",
    "members:removal:answered": "membership:removal:answered",
    "members:removal:decided": "membership:removal:decided",
    "members:removal:appealed": "membership:removal:appealed",
    "members:appeal:decided": "membership:appeal:decided",
    "members:relationship:declared": "people:relationship:declared",
    "members:relationship:verified": "people:relationship:verified",
    "members:relationship:ended": "people:relationship:ended",
    "members:child:registered": "people:child:registered",
    "members:contact:changed": "people:contact:changed",
    "members:guardian:recorded": "people:guardian:recorded",
    "members:guardian:ended": "people:guardian:ended",
    "members:consent:given": "people:consent:given",
    "members:consent:withdrawn": "people:consent:withdrawn",
    "members:organisation:recorded": "people:organisation:recorded",
    "members:representative:authorised": "people:representative:authorised",
    "members:representative:revoked": "people:representative:revoked",
    "members:import:uploaded": "intake:import:uploaded",
    "members:import:checked": "intake:import:checked",
    "members:import:applying": "intake:import:applying",
    "members:import:failed": "intake:import:failed",
    "members:import:applied": "intake:import:applied",
    "ballots:ballot:drafted": "polls:poll:drafted",
    "ballots:notice:given": "polls:notice:given",
    "ballots:roll:frozen": "polls:roll:frozen",
    "ballots:paper:received": "polls:paper:received",
    "ballots:ballot:counted": "polls:poll:counted",
    "ballots:ballot:declared": "polls:poll:declared",
}
UNCHANGED_ACTIONS = [
    "governance:ruleset:adopted",
    "identity:session:started",
    "identity:session:ended",
    "identity:role:granted",
    "identity:role:ended",
    "notifications:notice:bounced",
    "notifications:letters:printed",
    "privacy:request:made",
    "privacy:request:answered",
    "privacy:copy:taken",
    "privacy:person:erased",
    "consultations:consultation:drafted",
    "consultations:consultation:published",
    "consultations:response:stored",
    "consultations:consultation:closed",
    "consultations:outcome:published",
    "partners:agreement:signed",
    "partners:agreement:ended",
    "partners:app:registered",
]


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '10min'")
    op.drop_constraint("audit_event_action_check", "audit_event")  # a growing list is no check on a large table
    for old, new in TABLES.items():
        op.rename_table(old, new)
    rename_columns(COLUMNS)
    rename_constraints(lambda name: _EVENT.sub("poll", name.replace("register_entry", "register_line")))
    rename_actions(ACTIONS)
    rename_mutations(MUTATIONS)


def downgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("set local statement_timeout = '10min'")
    rename_mutations({new: old for old, new in MUTATIONS.items()})
    rename_actions({new: old for old, new in ACTIONS.items()})
    rename_columns({new: old for old, new in COLUMNS.items()})
    for old, new in TABLES.items():
        op.rename_table(new, old)
    rename_constraints(lambda name: name.replace("poll", "ballot").replace("register_line", "register_entry"))
    known = ", ".join(f"'{action}'" for action in [*ACTIONS, *UNCHANGED_ACTIONS])
    op.execute(f"alter table audit_event add constraint audit_event_action_check check (action in ({known}))")


def rename_columns(names: dict[str, str]) -> None:
    found = op.get_bind().execute(
        sa.text(
            "select table_name, column_name from information_schema.columns where table_schema = 'public'"
            " and column_name = any(:names) order by 1"
        ),
        {"names": list(names)},
    )
    for table, column in found.all():
        op.execute(f"alter table {table} rename column {column} to {names[column]}")


def rename_constraints(renamed) -> None:  # type: ignore[no-untyped-def]
    """Constraints and indexes follow the names of tables and columns."""
    constraints = op.get_bind().execute(
        sa.text(
            "select conrelid::regclass::text, conname from pg_constraint"
            " where connamespace = 'public'::regnamespace and conrelid <> 0 order by 1, 2"
        )
    )
    for table, name in constraints.all():
        if renamed(name) != name:
            op.execute(f'alter table {table} rename constraint "{name}" to "{renamed(name)}"')
    indexes = op.get_bind().execute(sa.text("select indexname from pg_indexes where schemaname = 'public' order by 1"))
    for (name,) in indexes.all():
        if renamed(name) != name:
            op.execute(f'alter index "{name}" rename to "{renamed(name)}"')


def rename_actions(names: dict[str, str]) -> None:
    pairs = ", ".join(f"('{old}', '{new}')" for old, new in names.items())
    op.execute(
        f"update audit_event e set action = renamed.new from (values {pairs}) as renamed(old, new)"
        " where e.action = renamed.old"
    )


def rename_mutations(names: dict[str, str]) -> None:
    """Answers given under a key within the last days: a retry that comes after the change finds its answer."""
    for old, new in names.items():
        op.execute(
            f"update idempotency_key set mutation = '{new}' || substr(mutation, {len(old) + 1})"
            f" where mutation like '{old} %'"
        )
