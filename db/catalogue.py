"""Whether a database is what the code says: tables, columns, constraints, indexes, policies, grants and functions.

What is declared is really made, in a schema that is rolled back; then the same questions are put to PostgreSQL's
catalogue about both, so that it is PostgreSQL itself which brings the two into one form.
"""

import re

from sqlalchemy import Connection, text

from .connection import APP_ROLE, SEARCH_ROLE, WORKER_ROLE
from .functions import FUNCTIONS
from .migrate import with_connection
from .tables import ACCESS, METADATA

SCRATCH = "folkmoot_declared"
Definitions = dict[str, str]

# what extensions bring is theirs to declare
_EVERY_RELATION = """pg_class c where c.relnamespace = to_regnamespace(:schema)
 and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')"""
_RELATIONS = f"{_EVERY_RELATION} and c.relname not like 'alembic\\_version%'"
_TABLES = f"(select c.* from {_RELATIONS} and c.relkind in ('r', 'p')) c"
_GRANTEE = """(case grantee when 0 then 'PUBLIC' else grantee::regrole::text end) collate "C\""""
_GRANTED = f"""{_GRANTEE} || ' may ' || lower(privilege_type)
 || case when is_grantable then ' and pass it on' else '' end"""

# each gives names and what stands under them
_OF_TABLES = (
    f"""select 'table ' || relname, concat_ws(', ', 'kind ' || relkind::text, 'persistence ' || relpersistence::text,
      case when relrowsecurity then 'row level security' end, case when relforcerowsecurity then 'forced' end,
      array_to_string(reloptions, ', '))
    from {_RELATIONS} and relkind in ('r', 'p', 'v', 'm', 'f', 'S')""",
    f"""select 'column ' || relname || '.' || attname, concat_ws(' ', format_type(atttypid, atttypmod),
      case when attcollation <> typcollation then 'collate ' || attcollation::regcollation::text end,
      case when exists (select from pg_constraint where conrelid = attrelid and contype = 'n' and convalidated
        and conkey = array[attnum]) then 'not null' else 'null' end,
      'identity ' || nullif(attidentity::text, ''), 'generated ' || nullif(attgenerated::text, ''),
      'default ' || pg_get_expr(adbin, adrelid))
    from {_TABLES} join pg_attribute on attrelid = c.oid join pg_type t on t.oid = atttypid
      left join pg_attrdef on adrelid = attrelid and adnum = attnum where attnum > 0 and not attisdropped""",
    f"""select 'constraint ' || conname || ' of ' || relname,
      pg_get_constraintdef(k.oid) || case when conenforced then '' else ' off' end
    from {_TABLES} join pg_constraint k on conrelid = c.oid where contype <> 'n'""",
    f"""select 'index ' || i.indexrelid::regclass::text || ' of ' || relname,
      pg_get_indexdef(i.indexrelid, 0, true) || case when indisvalid then '' else ' (invalid)' end
    from {_TABLES} join pg_index i on indrelid = c.oid""",
    f"""select 'trigger ' || tgname || ' of ' || relname, pg_get_triggerdef(t.oid, true) || ' ' || tgenabled::text
    from {_TABLES} join pg_trigger t on tgrelid = c.oid where not tgisinternal""",
    f"""select 'policy ' || polname || ' of ' || relname, concat_ws(', ', case when polpermissive then 'permissive' end,
      'command ' || polcmd::text, 'to ' || (select string_agg({_GRANTEE}, ', ' order by {_GRANTEE})
        from unnest(polroles) as grantee),
      'using ' || pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid))
    from {_TABLES} join pg_policy on polrelid = c.oid""",
    f"""select relname || ': ' || {_GRANTED}, 'on the whole'
    from (select c.* from {_EVERY_RELATION}) c, aclexplode(relacl) where grantee <> relowner""",
    f"""select relname || ': ' || {_GRANTED} || ' columns', string_agg(attname, ', ' order by attname)
    from (select c.* from {_EVERY_RELATION}) c join pg_attribute on attrelid = c.oid, aclexplode(attacl)
    where grantee <> relowner group by 1""",
)
_OF_FUNCTIONS = f"""select 'function ' || p.oid::regprocedure::text, concat_ws(', ',
      'owned by ' || case when proowner::regrole::text = any(:roles) then proowner::regrole::text else 'the owner' end,
      case when prosecdef then 'security definer' end,
      'executable by ' || coalesce((select string_agg({_GRANTEE}, ', ' order by {_GRANTEE})
        from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee <> proowner), 'nobody'))
    from pg_proc p where pronamespace = to_regnamespace('public')
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"""
_OF_SCHEMA = f"""select 'schema public: ' || {_GRANTED}, 'on the whole' from pg_namespace, aclexplode(nspacl)
    where nspname = 'public' and grantee <> nspowner
    union all select 'default privileges ' || defaclacl::text, 'set' from pg_default_acl"""


async def differences(url: str) -> list[str]:
    """Everything in which the database is not what the code says, a sentence each. Leaves nothing behind."""
    found: list[str] = await with_connection(url, compare)
    return found


def compare(connection: Connection) -> list[str]:
    """The same for a connection, whose transaction is rolled back."""
    try:
        found = _of_tables(connection, "public", "public") | _of_database(connection)
        connection.execute(text(f"create schema {SCRATCH}"))
        connection.execute(text(f"set local search_path = {SCRATCH}, public"))
        METADATA.create_all(connection, checkfirst=False)
        for table, access in ACCESS.items():
            for statement in access.statements(table):
                connection.exec_driver_sql(statement)
        declared = _of_tables(connection, SCRATCH, f"{SCRATCH}, public") | _declared_of_database()
    finally:
        connection.rollback()
    return [
        f"{name}: declared as [{declared.get(name, 'nothing')}], found as [{found.get(name, 'nothing')}]"
        for name in sorted(declared | found)
        if declared.get(name) != found.get(name)
    ]


def _of_tables(connection: Connection, schema: str, search_path: str) -> Definitions:
    connection.execute(text(f"set local search_path = {search_path}"))  # what is on it is named without its schema
    return {
        name: _ordered(definition)
        for query in _OF_TABLES
        for name, definition in connection.execute(text(query), {"schema": schema})
    }


def _ordered(definition: str) -> str:
    """The values of a closed list in one order: it is a set."""
    return re.sub(r"ARRAY\[(.*?)\]", lambda found: f"ARRAY[{', '.join(sorted(found[1].split(', ')))}]", definition)


def _of_database(connection: Connection) -> Definitions:
    roles = {"roles": [APP_ROLE, WORKER_ROLE, SEARCH_ROLE]}
    return {
        name: definition
        for query, values in ((_OF_FUNCTIONS, roles), (_OF_SCHEMA, {}))
        for name, definition in connection.execute(text(query), values)
    }


def _declared_of_database() -> Definitions:
    functions = {
        f"function {signature}": ", ".join(
            [
                f"owned by {function.owner or 'the owner'}",
                *(["security definer"] if function.security_definer else []),
                f"executable by {', '.join(sorted(function.executable_by))}",
            ]
        )
        for signature, function in FUNCTIONS.items()
    }
    using = {
        f"schema public: {who} may usage": "on the whole" for who in ("PUBLIC", APP_ROLE, WORKER_ROLE, SEARCH_ROLE)
    }
    return functions | using
