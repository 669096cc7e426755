"""How well somebody who holds the whole database can pair voters with papers: `xmin`, order on disk and ids included."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from db.polls import ballot_box
from db.polls.ballot_box import BATCH, SealedVote
from db.transactions import Transaction, Transactions
from tests.world import CARE, World

VOTERS = 240


async def make_contest(world: World) -> tuple[UUID, list[UUID]]:
    """A contest of an open poll with a roll of VOTERS, made in SQL."""
    trust = await world.trust_id(CARE)
    await world.owner.execute(
        "with people as (insert into person (trust_id, given_name, family_name) select $1, 'V', n::text"
        " from generate_series(1, $2) n returning id),"
        " numbered as (select id, row_number() over () as n from people)"
        " insert into membership (trust_id, person_id, constituency_id, status, name, service_address, ruleset_version, number, registered_on)"
        " select $1, id, (select id from constituency where trust_id = $1 limit 1), 'ADMITTED', 'V', 'x', 1, n, '2020-01-01' from numbered",
        trust,
        VOTERS,
    )
    poll = await world.value(
        "insert into poll (trust_id, title, secrecy, status, opens_at, closes_at, ruleset_version)"
        " values ($1, 't', 'CONFIDENTIAL', 'ROLL_FROZEN', app_now(), app_now() + interval '1 hour', 1) returning id",
        trust,
    )
    contest = await add_contest(world, poll)
    people = [row["voter_id"] for row in await world.owner.fetch("select voter_id from credential order by random()")]
    return contest, people


async def add_contest(world: World, poll: UUID) -> UUID:
    """A contest of the poll in which every member may vote."""
    trust = await world.trust_id(CARE)
    contest: UUID = await world.value(
        "insert into contest (trust_id, poll_id, place, title, kind, method, resolution, resolution_kind)"
        " select $1, $2, count(*) + 1, 't', 'RESOLUTION', 'RESOLUTION', 'r', 'ORDINARY' from contest returning id",
        trust,
        poll,
    )
    await world.owner.execute(
        "insert into roll_entry (trust_id, contest_id, voter_id, membership_id, constituency_id, member_number)"
        " select $1, $2, person_id, id, constituency_id, number from membership where trust_id = $1",
        trust,
        contest,
    )
    await world.owner.execute(
        "insert into credential (trust_id, contest_id, voter_id) select trust_id, contest_id, voter_id from roll_entry"
        " where contest_id = $1",
        contest,
    )
    return contest


async def vote(
    world: World, contest: UUID, people: list[UUID], after_each: Callable[[], object] | None
) -> dict[UUID, str]:
    """Everybody votes, one after the other, each with a paper told apart by a tag the attacker tries to guess."""
    transactions, trust = Transactions(world.app.pool), await world.trust_id(CARE)
    tags = {person: f"{number:04d}" for number, person in enumerate(random.sample(people, len(people)))}
    for person in people:

        async def cast(transaction: Transaction, person: UUID = person) -> None:
            sealed = SealedVote(contest, person, tags[person], tags[person] + "-receipt")
            assert await ballot_box.cast(transaction, [sealed], recorded=False)

        await transactions.run(trust, cast)
        if after_each and random.random() < 0.05:
            await world.seal()
    return tags


async def guesses(world: World, papers: str) -> list[list[tuple[UUID, str]]]:
    """The pairings an attacker would try: voters in the order they were marked, papers in every order there is."""
    voters = [
        row["voter_id"]
        for row in await world.owner.fetch(
            "select voter_id from credential where spent_on is not null order by xmin::text::bigint, ctid"
        )
    ]
    tried = []
    for order in ("xmin::text::bigint, ctid", "ctid", "id", "content"):
        statement = papers.format(order=order)
        found = [row["content"] for row in await world.owner.fetch(statement)]
        tried.append(list(zip(voters, found, strict=True)))
    return tried


def linked(pairs: list[tuple[UUID, str]], tags: dict[UUID, str]) -> float:
    return sum(tags[voter] == paper for voter, paper in pairs) / len(pairs)


def test_a_paper_can_be_linked_while_it_waits_and_hardly_once_it_is_sealed(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path) as world:
            contest, people = await make_contest(world)
            waiting = "select content from ballot_inbox where store = 'PAPER' order by {order}"
            tags = await vote(world, contest, people, after_each=None)
            exposed = max(linked(pairs, tags) for pairs in await guesses(world, waiting))
            assert exposed == 1.0, (
                "what waits is linked by xmin: the attack works, so the rest of this test means something"
            )

            assert await world.seal() == 2 * (VOTERS - BATCH), "a batch waits on, so that the last is no smaller"
            await world.pass_time(hours=1)
            assert await world.seal() == 2 * BATCH

            sealed = "select content from ballot_paper order by {order}"
            for pairs in await guesses(world, sealed):
                assert linked(pairs, tags) < 0.05, "chance is 1 in 240, about 0.4 %"
            assert await world.value("select count(*) from ballot_inbox") == 0
            assert await world.value("select pg_relation_size('ballot_inbox')") == 0, "truncated, not deleted"
            assert await world.value("select count(distinct xmin::text) from ballot_paper") == 2

    asyncio.run(story())


def test_in_batches_the_guess_is_as_good_as_the_batch_is_small(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path) as world:
            contest, people = await make_contest(world)
            tags = await vote(world, contest, people, after_each=world.seal)
            await world.pass_time(hours=1)
            await world.seal()

            sealed = "select content from ballot_paper order by {order}"
            rates = [linked(pairs, tags) for pairs in await guesses(world, sealed)]
            assert max(rates) < 2.5 / BATCH, f"batches of at least {BATCH}: {rates}"

            batches = await world.value(
                "select array_agg(n) from (select count(*) as n from ballot_paper group by xmin::text) x"
            )
            assert min(batches) >= BATCH, "the last one, too"

    asyncio.run(story())


def test_no_row_that_says_a_vote_was_cast_says_when_or_whose(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path) as world:
            contest, people = await make_contest(world)
            await vote(world, contest, people[:5], after_each=None)

            rows = await world.owner.fetch("select * from audit_event where action = 'polls:paper:received'")
            assert len(rows) == 5
            for row in rows:
                assert row["actor_id"] is None
                assert (row["at"].hour, row["at"].minute, row["at"].second) == (0, 0, 0)
                assert row["id"].version == 4, "an id of version 7 would tell the millisecond"
            assert await world.value("select max(uuid_extract_version(id)) from ballot_inbox") == 4

    asyncio.run(story())


def test_a_batch_is_of_one_contest_however_many_papers_of_its_poll_wait(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path) as world:
            contest, people = await make_contest(world)
            poll = await world.value("select id from poll")
            other, full = await add_contest(world, poll), await add_contest(world, poll)
            await vote(world, contest, people[: 2 * BATCH - 1], after_each=None)
            await vote(world, other, people[: 2 * BATCH - 1], after_each=None)
            assert await world.seal() == 0, "two batches of the poll wait, but of no contest"

            await vote(world, full, people[: 2 * BATCH], after_each=None)

            assert await world.seal() == 2 * BATCH
            assert await world.value("select array_agg(distinct contest_id) from ballot_paper") == [full]

    asyncio.run(story())
