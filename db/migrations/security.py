"""What migrations say of a table's security, in one call.

Old migrations run through here for ever: never change what a function of this file does, add another.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

# no sub-select: a cluster distributed by trust_id can't send one to a shard
_OWN_TRUST = "trust_id = nullif(current_setting('app.trust', true), '')::uuid"
OWN_TRUST = {"own_trust": f"to folkmoot_app using ({_OWN_TRUST}) with check ({_OWN_TRUST})"}
EVERY_TRUST = {"every_trust": "to folkmoot_worker using (true) with check (true)"}
EVERY_TRUST_TO_SEARCH = {"every_trust_to_search": "for select to folkmoot_search using (true)"}


def security(
    table: str, app: str, worker: str = "", search: str = "", policies: Mapping[str, str] | None = None
) -> list[str]:
    """The statements that give the three roles these rights on a new table, as GRANT spells them, and nobody else any.

    Rows: the app's role sees its own trust's, the other two, if they have any rights, every trust's; or as `policies`
    say, by name, if there are any.
    """
    if policies is None:
        policies = OWN_TRUST | (EVERY_TRUST if worker else {}) | (EVERY_TRUST_TO_SEARCH if search else {})
    rights = {"folkmoot_app": app, "folkmoot_worker": worker, "folkmoot_search": search}
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        *(f"create policy {name} on {table} {policy}" for name, policy in policies.items()),
        *(f"grant {granted} on {table} to {role}" for role, granted in rights.items() if granted),
    ]


def secure(op: Any, table: str, *, app: str, worker: str = "", search: str = "") -> None:
    """Secures a new table. The rights are written out in the migration: what the code says later is another matter."""
    for statement in security(table, app, worker, search):
        op.execute(statement)


@contextmanager
def every_row(op: Any, *tables: str) -> Iterator[None]:
    """Inside, the owner of the tables reads and changes every row of them, even one whom row-level security binds.

    Without it, such an owner finds no row of a table that the worker has no rights on, and nothing says so.
    """
    for table in tables:
        op.execute(f"alter table {table} no force row level security")
    yield
    for table in tables:
        op.execute(f"alter table {table} force row level security")
