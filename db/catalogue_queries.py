"""What PostgreSQL's catalogue says of a database: each query gives names, and what stands under them.

`:schema` is the schema in question, `:owner` whoever owns what is ours in it, `:roles` are the names of our three roles.
"""

from .clock import unshifted
from .connection import SEARCH_ROLE

# what extensions bring is theirs to declare
_NOT_OF_EXTENSION = "not exists (select from pg_depend d where d.objid = {oid} and d.deptype = 'e')"
_EVERY_RELATION = (
    f"pg_class c where c.relnamespace = to_regnamespace(:schema) and {_NOT_OF_EXTENSION.format(oid='c.oid')}"
)
_RELATIONS = f"{_EVERY_RELATION} and c.relname not like 'alembic\\_version%'"
_TABLES = f"(select c.* from {_RELATIONS} and c.relkind in ('r', 'p')) c"
_GRANTEE = """(case grantee when 0 then 'PUBLIC' else grantee::regrole::text end) collate "C\""""
_GRANTED = f"""{_GRANTEE} || ' may ' || lower(privilege_type)
 || case when is_grantable then ' and pass it on' else '' end"""
_OWNED = "'owned by ' || case {owner} when cast(:owner as oid) then 'the owner' else {owner}::regrole::text end"
_DEFINED = r"regexp_replace(pg_get_functiondef(p.oid), '^(CREATE OR REPLACE \w+) \w+\.', '\1 ')"  # in whatever schema

OF_SCHEMA = (
    f"""select 'table ' || relname, concat_ws(', ', {_OWNED.format(owner="relowner")},
      'kind ' || relkind::text, 'persistence ' || relpersistence::text,
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
    # PostgreSQL's own triggers are what enforces a foreign key
    f"""select 'foreign keys of ' || relname, 'off: ' || string_agg(distinct conname::text, ', ')
    from {_TABLES} join pg_trigger t on tgrelid = c.oid join pg_constraint k on k.oid = tgconstraint
    where tgisinternal and tgenabled <> 'O' group by 1""",
    f"""select 'rule ' || rulename || ' of ' || relname, pg_get_ruledef(r.oid, true)
    from {_TABLES} join pg_rewrite r on ev_class = c.oid""",
    f"""select 'table ' || inhrelid::regclass::text || ' under ' || relname, 'inherits'
    from {_TABLES} join pg_inherits on inhparent = c.oid""",
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
    # by how much the clock is shifted is told apart (db/clock.py); the way it is shifted is no difference
    f"""select 'function ' || p.oid::regprocedure::text, concat_ws(', ', {_OWNED.format(owner="proowner")},
      'executable by ' || coalesce((select string_agg({_GRANTEE}, ', ' order by {_GRANTEE})
        from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee <> proowner), 'nobody'),
      case when prokind in ('a', 'w') then prokind::text
        when p.proname = 'app_now' then {unshifted(_DEFINED)} else {_DEFINED} end)
    from pg_proc p where pronamespace = to_regnamespace(:schema) and {_NOT_OF_EXTENSION.format(oid="p.oid")}""",
)

_OURS = "{role}::regrole::text = any(cast(:roles as text[]))"
_THIS = "(select oid from pg_database where datname = current_database())"

# what a setting must not change behind the back of every statement
_SETTINGS = "^(search_path|session_replication_role|role|row_security|app\\.[^=]*)="

_FIRST_MADE = 16384  # the oid from which on nothing is PostgreSQL's own

# of these nothing is declared but the use of the schema
OF_DATABASE = (
    f"""select 'schema ' || nspname || ': ' || {_GRANTED}, 'on the whole' from pg_namespace n, aclexplode(nspacl)
    where grantee <> nspowner and nspname not like 'pg\\_%' and nspname <> 'information_schema'
      and (nspname = 'public' or grantee = 0) and {_NOT_OF_EXTENSION.format(oid="n.oid")}""",
    "select 'default privileges ' || defaclacl::text, 'set' from pg_default_acl",
    """select 'role ' || rolname || ': ' || attribute, 'set' from pg_roles, lateral (values ('superuser', rolsuper),
      ('createdb', rolcreatedb), ('createrole', rolcreaterole), ('replication', rolreplication), ('login', rolcanlogin),
      ('bypassrls', rolbypassrls), ('noinherit', not rolinherit)) as attributes (attribute, has)
    where rolname = any(cast(:roles as text[])) and has""",
    # none of ours acts as another, and as the search's only who may do everything here anyway
    f"""select 'role ' || member::regrole || ': member of ' || roleid::regrole, 'granted' from pg_auth_members m
    where {_OURS.format(role="member")} or roleid::regrole::text = '{SEARCH_ROLE}' and member <> cast(:owner as oid)
      and not exists (select from pg_database where datdba = m.member)
      and not exists (select from pg_roles where oid = m.member and rolsuper)""",
    # what our roles own, or have rights on, outside of the schema
    f"""select 'role ' || refobjid::regrole || ': ' || case deptype when 'o' then 'owner of ' else 'rights on ' end
      || pg_describe_object(classid, objid, objsubid), 'granted'
    from pg_shdepend where refclassid = 'pg_authid'::regclass and {_OURS.format(role="refobjid")}
      and dbid in (0, {_THIS})
      and classid not in ('pg_policy'::regclass, 'pg_default_acl'::regclass, 'pg_auth_members'::regclass)
      and not (classid = 'pg_namespace'::regclass and objid = 'public'::regnamespace and deptype <> 'o')
      and (pg_identify_object(classid, objid, objsubid)).schema is distinct from 'public'""",
    f"""select 'setting ' || split_part(setting, '=', 1) || case setrole when 0 then '' else ' of ' || setrole::regrole end,
      split_part(setting, '=', 2)
    from pg_db_role_setting, unnest(setconfig) as setting where setdatabase in (0, {_THIS})
      and ({_OURS.format(role="setrole")} or setrole in (0, cast(:owner as oid)) and setting ~ '{_SETTINGS}')""",
    # what is made beside the schema, or slipped into an extension, whose own functions are in C
    f"""select 'function ' || n.nspname || '.' || proname || ' in ' || lanname, 'found'
    from pg_proc p join pg_namespace n on n.oid = pronamespace join pg_language l on l.oid = prolang
    where p.oid >= {_FIRST_MADE} and n.nspname not like 'pg\\_temp\\_%'
      and case when {_NOT_OF_EXTENSION.format(oid="p.oid")} then n.nspname <> 'public'
        else lanname not in ('c', 'internal') end""",
    f"""select 'operator ' || o.oid::regoperator, 'calls ' || oprcode::regproc from pg_operator o
    where o.oid >= {_FIRST_MADE} and {_NOT_OF_EXTENSION.format(oid="o.oid")}""",
    """select 'publication ' || pubname, string_agg(tablename, ', ' order by tablename) from pg_publication_tables
    where schemaname = 'public' group by pubname""",
    f"""select 'event trigger ' || evtname, evtevent || ' ' || evtfoid::regproc from pg_event_trigger e
    where {_NOT_OF_EXTENSION.format(oid="e.oid")}""",
)

# who may act as one of our roles is for whoever runs the database to know
ACTING = """select role, string_agg(rolname, ', ' order by rolname) as logins from unnest(cast(:roles as text[])) as role
  join pg_roles on rolcanlogin and pg_has_role(oid, role::regrole::oid, 'set') group by role order by role"""
