"""Whether a database is what the code says: tables and all that hangs on them, functions, roles, and who may do what.

What is declared is really made, in a schema that is rolled back; then the same questions are put to PostgreSQL's
catalogue about both, so that it is PostgreSQL itself which brings the two into one form. Whatever else could let somebody
past what is declared (what our roles may do elsewhere, settings, publications) is declared by its absence.
"""

import re

from sqlalchemy import Connection, text

from .catalogue_queries import ACTING, OF_DATABASE, OF_SCHEMA
from .connection import APP_ROLE, SEARCH_ROLE, WORKER_ROLE
from .functions import AFTER_TABLES, BEFORE_TABLES
from .migrate import with_connection
from .tables import ACCESS, METADATA

SCRATCH = "folkmoot_declared"
ROLES = [APP_ROLE, WORKER_ROLE, SEARCH_ROLE]
Definitions = dict[str, str]

_OWNER = "select relowner from pg_class where oid = to_regclass('public.alembic_version')"  # whoever migrates
_DECLARED_OF_DATABASE = {f"schema public: {who} may usage": "on the whole" for who in ("PUBLIC", *ROLES)}


async def differences(url: str) -> list[str]:
    """Everything in which the database is not what the code says, a line each. Leaves nothing behind."""
    found: list[str] = await with_connection(url, compare)
    return found


async def acting(url: str) -> dict[str, str]:
    """The logins that may act as each of our roles: the code can't know which of them should."""

    def read(connection: Connection) -> dict[str, str]:
        return {row.role: row.logins for row in connection.execute(text(ACTING), {"roles": ROLES})}

    found: dict[str, str] = await with_connection(url, read)
    return found


def compare(connection: Connection) -> list[str]:
    """The same for a connection, whose transaction is rolled back."""
    try:
        owner = connection.scalar(text(_OWNER))
        found = _definitions(connection, OF_SCHEMA + OF_DATABASE, "public", "public", owner)
        _make_declared(connection)
        maker = connection.scalar(text("select current_user::regrole::oid"))
        declared = _definitions(connection, OF_SCHEMA, SCRATCH, f"{SCRATCH}, public", maker) | _DECLARED_OF_DATABASE
    finally:
        connection.rollback()
    return [
        f"{name}: declared as [{_shown(declared, name)}], found as [{_shown(found, name)}]"
        for name in sorted(declared | found)
        if declared.get(name) != found.get(name)
    ]


def _make_declared(connection: Connection) -> None:
    for statement in (
        f"create schema {SCRATCH}",
        f"grant create on schema {SCRATCH} to {SEARCH_ROLE}",  # it owns a function
        f"set local search_path = {SCRATCH}, public",
        *(statement for function in BEFORE_TABLES for statement in function.statements()),
    ):
        connection.exec_driver_sql(statement)
    METADATA.create_all(connection, checkfirst=False)
    for statement in (
        *(statement for table, access in ACCESS.items() for statement in access.statements(table)),
        *(statement for function in AFTER_TABLES for statement in function.statements()),
    ):
        connection.exec_driver_sql(statement)


def _definitions(
    connection: Connection, queries: tuple[str, ...], schema: str, search_path: str, owner: int | None
) -> Definitions:
    connection.execute(text(f"set local search_path = {search_path}"))  # what is on it is named without its schema
    values = {"schema": schema, "owner": owner, "roles": ROLES}
    return {
        name: _ordered(definition)
        for query in queries
        for name, definition in connection.execute(text(query), {k: v for k, v in values.items() if f":{k}" in query})
    }


def _ordered(definition: str) -> str:
    """The values of a closed list in one order: it is a set."""
    return re.sub(r"ARRAY\[(.*?)\]", lambda found: f"ARRAY[{', '.join(sorted(found[1].split(', ')))}]", definition)


def _shown(definitions: Definitions, name: str) -> str:
    return " ".join(definitions.get(name, "nothing").split())
