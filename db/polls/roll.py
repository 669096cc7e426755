"""Who may vote, and who has."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.conditions import TODAY
from domain.membership.lifecycle import IS_REGISTERED, MembershipStatus
from domain.polls.poll import IS_OVER
from domain.polls.roll import ProspectiveElector, RollEntry

from ..fragments.conditions import columns, predicate
from ..governance.rulesets import constituencies_by_code
from ..transactions import Transaction
from .reads import in_contest

_REGISTERED = predicate(IS_REGISTERED, columns("m", "registered_on", "ceased_on") | {TODAY: "$3"})


async def prospective_electors(
    transaction: Transaction, contest_id: UUID, qualifying_on: date
) -> list[ProspectiveElector]:
    """Everybody on the register, in a constituency of the contest, on that day."""
    rows = await transaction.rows(
        "select coalesce(m.person_id, m.organisation_id) as voter_id, m.id, m.number, c.code, p.date_of_birth,"
        " m.organisation_id is not null as is_organisation, m.status"
        " from contest_constituency e"
        " join constituency c on c.trust_id = $1 and c.id = e.constituency_id"
        " join membership m on m.trust_id = $1 and m.constituency_id = c.id and m.number is not null"
        f" and {_REGISTERED}"
        " left join person p on p.trust_id = $1 and p.id = m.person_id"
        " where e.trust_id = $1 and e.contest_id = $2",
        transaction.trust_id,
        contest_id,
        qualifying_on,
    )
    return [
        ProspectiveElector(
            RollEntry(row["voter_id"], row["id"], row["number"], row["code"]),
            row["date_of_birth"],
            row["is_organisation"],
            MembershipStatus.named(row["status"]),
        )
        for row in rows
    ]


async def store_roll(transaction: Transaction, contest_id: UUID, roll: Sequence[RollEntry]) -> None:
    """Stores who may vote, with a credential for each."""
    trust_id, ids = (
        transaction.trust_id,
        await constituencies_by_code(transaction, {each.constituency for each in roll}),
    )
    await transaction.run_many(
        "insert into roll_entry (trust_id, contest_id, voter_id, membership_id, member_number, constituency_id)"
        " values ($1, $2, $3, $4, $5, $6)",
        [(trust_id, contest_id, e.voter_id, e.membership_id, e.member_number, ids[e.constituency]) for e in roll],
    )
    await transaction.run_many(
        "insert into credential (trust_id, contest_id, voter_id) values ($1, $2, $3)",
        [(trust_id, contest_id, each.voter_id) for each in roll],
    )
    await transaction.run(
        "update contest_constituency e set roll_count = (select count(*) from roll_entry r where r.trust_id = $1"
        " and r.contest_id = $2 and r.constituency_id = e.constituency_id) where e.trust_id = $1 and e.contest_id = $2",
        transaction.trust_id,
        contest_id,
    )


async def turnout(transaction: Transaction, contest_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """Issued and returned by constituency code.

    Each entry has its credential. FULL JOIN is never a nested loop, which PostgreSQL takes for a roll so new that it has no
    statistics of it, and which takes the square of the roll.
    """
    rows = await transaction.rows(
        "select c.code, e.issued, e.returned from ("
        " select r.constituency_id, count(*) as issued, count(v.spent_on) as returned"
        " from (select voter_id, constituency_id from roll_entry where trust_id = $1 and contest_id = $2) r"
        " full join (select voter_id, spent_on from credential where trust_id = $1 and contest_id = $2) v"
        " on v.voter_id = r.voter_id group by 1) e"
        " join constituency c on c.trust_id = $1 and c.id = e.constituency_id",
        transaction.trust_id,
        contest_id,
    )
    return {r["code"]: r["issued"] for r in rows}, {r["code"]: r["returned"] for r in rows}


_IN_OPEN_POLL = in_contest(~IS_OVER).replace("{trust}", "$1").replace("{row}", "v")


async def hold_rolls(transaction: Transaction) -> None:
    """No roll is frozen until the transaction ends; votes are cast all the same."""
    await transaction.rows(
        f"select id from poll where trust_id = $1 and {predicate(~IS_OVER, columns('', 'closes_at'))} order by id for share",
        transaction.trust_id,
    )


async def is_on_open_roll(transaction: Transaction, voter_id: UUID) -> bool:
    """Whether somebody is on the roll of a poll that is not over."""
    return bool(
        await transaction.value(
            f"select exists (select from roll_entry v where v.trust_id = $1 and v.voter_id = $2 and {_IN_OPEN_POLL})",
            transaction.trust_id,
            voter_id,
        )
    )


async def votes_by(transaction: Transaction, memberships: Sequence[UUID]) -> bool:
    """Whether somebody is on the roll of a poll that is not over by one of the memberships."""
    return bool(
        await transaction.value(
            "select exists (select from roll_entry v where v.trust_id = $1 and v.membership_id = any($2)"
            f" and {_IN_OPEN_POLL})",
            transaction.trust_id,
            list(memberships),
        )
    )
