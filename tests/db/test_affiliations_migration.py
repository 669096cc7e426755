"""Revision 0022 and back: before it there was one time for each way in which a school belongs."""

import asyncio

from db import migrate
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login


def test_a_school_that_rejoined_is_left_with_the_last_time(database: str) -> None:
    """Also where row-level security binds the owner."""
    rejoined = (
        "insert into affiliation (trust_id, school_id, kind, since, until) select trust_id, school_id, kind, '{}', {}"
        " from (select distinct trust_id, school_id, kind from affiliation) known"
    )
    asyncio.run(execute(database, rejoined.format("2030-01-01", "'2031-01-01'"), rejoined.format("2032-01-01", "null")))

    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0021"))
        days = asyncio.run(execute(database, "select array_agg(distinct since::text) from affiliation"))
        asyncio.run(migrate.upgrade(url))

    assert days == ["2032-01-01"]
