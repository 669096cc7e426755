"""A database that belongs to a login without special powers, as on a hosted PostgreSQL."""

import asyncio
import contextlib
from collections.abc import Iterator

from db.connection import APP_ROLE, WORKER_ROLE
from tests.api.rehearsals import as_login, execute, name_of


@contextlib.contextmanager
def owned_by_a_login(url: str) -> Iterator[str]:
    """The database's URL for an owner who is no superuser, but a member of the roles; afterwards it is taken back."""
    login = f"owner_{name_of(url)[-8:]}"
    asyncio.run(
        execute(
            url,
            f'create role "{login}" login createdb',
            f'grant {APP_ROLE}, {WORKER_ROLE} to "{login}"',
            f'alter database "{name_of(url)}" owner to "{login}"',
            f'alter schema public owner to "{login}"',
            "do $$ declare each text; begin for each in select format('alter table %s owner to %I', c.oid::regclass, owner)"
            " from pg_class c, (select '" + login + "' as owner) o where c.relnamespace = 'public'::regnamespace"
            " and c.relkind = 'r' loop execute each; end loop;"
            " for each in select format('alter function %s owner to %I', p.oid::regprocedure, '"
            + login
            + "') from pg_proc p"
            " where p.proname in ('app_now', 'legal_today') loop execute each; end loop; end $$",
            "select 1",
        )
    )
    try:
        yield as_login(url, login)
    finally:
        asyncio.run(execute(url, f'reassign owned by "{login}" to postgres', f'drop owned by "{login}"', "select 1"))
        asyncio.run(execute(url, f'drop role "{login}"', "select 1"))
