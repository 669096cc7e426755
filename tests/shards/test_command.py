"""What is recorded, what is planned, and when the command fails."""

import asyncio
from pathlib import Path

import pytest

from db.connection import APP_ROLE, connect, open_pool
from db.identity.viewers import trusts_by_slug
from tests.shards import __main__ as command
from tests.shards.allowed import permit_of
from tests.shards.findings import Finding, Rule
from tests.shards.planned import planned_statements
from tests.shards.statements import Statement, read_statements, recorded

GOOD = Statement("select id from person where trust_id = $1", APP_ROLE, "db/people.py:people")
BAD = Statement("select id from person", APP_ROLE, "db/people.py:everybody")
SEARCH = Statement("select members_named($1)", APP_ROLE, "planner")
SEARCH_OF_ALL = Statement("select id from person where id in (select members_named($1))", APP_ROLE, "planner")
SEAL = Statement(
    "truncate ballot_inbox", "folkmoot_worker", "db/polls/ballot_box.py:seal < actions/polls/casting.py:seal_papers"
)

FAMILIES = [
    Statement(f"select {number} from person", APP_ROLE, f"families.py:{name}")
    for number, name in enumerate(("ties_that_end", "link_families", "follow_learners"))
]


def test_only_what_the_application_sends_under_its_role_is_recorded(database: str, tmp_path: Path) -> None:
    async def send() -> None:
        owner, pool = await connect(database), await open_pool(database, APP_ROLE, 1)
        for _ in range(2):
            await trusts_by_slug(pool)
        await trusts_by_slug(owner)
        await pool.fetch("select 'by the test itself'")
        await owner.close()
        await pool.close()

    with recorded(tmp_path / "statements-one.jsonl"):
        asyncio.run(send())

    found = read_statements(tmp_path)
    assert [(each.role, each.place) for each in found] == [(APP_ROLE, "db/identity/viewers.py:trusts_by_slug")]
    assert "from trust" in found[0].sql


def test_the_same_seed_plans_the_same_documents() -> None:
    assert list(planned_statements(3, "a")) == list(planned_statements(3, "a"))
    assert list(planned_statements(3, "a")) != list(planned_statements(3, "b"))


def test_a_place_or_a_finding_is_allowed() -> None:
    truncated, searched = Finding(Rule.WHOLE_TABLE, "ballot_inbox"), Finding(Rule.READS_TABLES, "members_named")
    assert permit_of(SEAL, truncated) == "ballot_box.py:seal"
    assert permit_of(SEARCH, searched) == "READS_TABLES members_named"
    assert permit_of(SEARCH, truncated) is None
    assert permit_of(BAD, truncated) is None


@pytest.mark.parametrize(
    ("sent", "code", "says"),
    [
        ([], 1, "run the tests first"),
        ([GOOD, SEAL, SEARCH, *FAMILIES], 0, "5 statements are allowed, 0 are not"),
        ([GOOD, BAD, SEAL, SEARCH], 1, "UNCONSTRAINED (1)"),
        ([SEAL, SEARCH_OF_ALL], 1, "UNCONSTRAINED (1)"),
        ([GOOD, SEARCH, *FAMILIES], 1, "Nobody needs the entry of the allow-list: ballot_box.py:seal"),
    ],
)
def test_the_command_fails_when_something_is_wrong(
    sent: list[Statement], code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "read_statements", lambda: sent)
    monkeypatch.setattr(command, "judged_documents", lambda seed: [])

    assert command.main() == code

    printed = capsys.readouterr()
    assert says in printed.out + printed.err
