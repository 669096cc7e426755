"""Those who answer for children, and what they consented to."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.membership.lapsing import IS_HANDED_OVER
from domain.membership.lifecycle import SENT
from domain.people.guardians import ConsentSource
from domain.people.matching import Name
from domain.people.relationships import IS_DECLARED, RelationshipSource

from ..columns import listed
from ..fragments.clock import day_of
from ..fragments.conditions import Places, Records, columns, predicate
from ..fragments.people import goes_on, is_guardian, is_said_to_be_guardian
from ..fragments.rulesets import RULES_IN_FORCE, RULES_OF_TRUST, VERSIONS
from ..transactions import Transaction
from .persons import folded


async def add_guardianship(
    transaction: Transaction,
    child_id: UUID,
    guardian_id: UUID,
    since: date,
    source: RelationshipSource,
    evidence: str | None,
) -> UUID:
    """Records the guardian; one who was recorded before, and ended, answers for the child again, from this day."""
    guardianship: UUID = await transaction.value(
        "insert into guardianship (trust_id, child_id, guardian_id, since, source, evidence)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (trust_id, child_id, guardian_id)"
        f" do update set since = case when {goes_on('guardianship', 'excluded.since')} then guardianship.since"
        " else excluded.since end, until = null, source = excluded.source, evidence = excluded.evidence returning id",
        transaction.trust_id,
        child_id,
        guardian_id,
        since,
        source.value,
        evidence,
    )
    return guardianship


_ANSWERS = is_guardian("g").replace("{trust}", "$1")
_IS_SAID_TO_ANSWER = is_said_to_be_guardian("g").replace("{trust}", "$1")
_IS_DECLARED = predicate(IS_DECLARED, columns("g", "source"))
_OF = "select true from guardianship g where g.trust_id = $1 and g.child_id = $2 and g.guardian_id = $3"


async def answers_for(transaction: Transaction, child_id: UUID, guardian_id: UUID) -> bool:
    """Whether somebody is the child's guardian today."""
    statement = f"{_OF} and {_ANSWERS}"
    return bool(await transaction.value(statement, transaction.trust_id, child_id, guardian_id))


async def is_said_to_answer_for(transaction: Transaction, child_id: UUID, guardian_id: UUID) -> bool:
    """Whether somebody is the child's guardian today, be it by their own word alone."""
    statement = f"{_OF} and {_IS_SAID_TO_ANSWER}"
    return bool(await transaction.value(statement, transaction.trust_id, child_id, guardian_id))


async def no_longer_answers_for(transaction: Transaction, child_id: UUID, guardian_id: UUID) -> bool:
    """Whether somebody was the child's guardian, and is not today; of whoever was erased since nobody can tell that they
    were, and they answer for nobody."""
    return bool(
        await transaction.value(
            "select exists (select from guardianship g where g.trust_id = $1 and g.child_id = $2 and g.guardian_id = $3"
            f" and ({_ANSWERS}) is not true)"
            " or exists (select from person p where p.trust_id = $1 and p.id = $3 and p.erased_on is not null)",
            transaction.trust_id,
            child_id,
            guardian_id,
        )
    )


async def children_of(
    transaction: Transaction, guardian_id: UUID, given_name: str, family_name: str
) -> tuple[Name, list[tuple[UUID, Name, date | None]]]:
    """The name told, folded; and ids, names and births of those for whom somebody says, or is known, to answer today."""
    name = await folded(transaction, given_name, family_name)
    rows = await transaction.rows(
        "select c.id, c.given_key, c.family_key, c.date_of_birth from guardianship g join person c on c.trust_id = $1"
        f" and c.id = g.child_id where g.trust_id = $1 and g.guardian_id = $2 and {_IS_SAID_TO_ANSWER} order by c.id",
        transaction.trust_id,
        guardian_id,
    )
    found = [(row["id"], (row["given_key"], row["family_key"]), row["date_of_birth"]) for row in rows]
    return name, found


async def guardians_of(transaction: Transaction, children: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who is said to answer for each of the children today; a child for whom nobody is is left out."""
    rows = await transaction.rows(
        "select g.child_id, array_agg(g.guardian_id order by g.guardian_id) as guardians from guardianship g"
        f" where g.trust_id = $1 and g.child_id = any($2) and {_IS_SAID_TO_ANSWER} group by g.child_id",
        transaction.trust_id,
        children,
    )
    return {row["child_id"]: row["guardians"] for row in rows}


async def end_guardianship(transaction: Transaction, child_id: UUID, guardian_id: UUID, day: date) -> bool:
    ended = await transaction.value(
        "update guardianship set until = $4 where trust_id = $1 and child_id = $2 and guardian_id = $3"
        f" and {goes_on('', '$4')} returning true",
        transaction.trust_id,
        child_id,
        guardian_id,
        day,
    )
    return bool(ended)


async def confirm_declared(
    transaction: Transaction, child_id: UUID, application_id: UUID, day: date, evidence: str
) -> None:
    """What somebody said who declared that they answer for the child, and sent this application for it, is so."""
    await transaction.run(
        "update guardianship g set source = $5, evidence = $6 where g.trust_id = $1 and g.child_id = $2"
        f" and {_IS_DECLARED} and {goes_on('g', '$3')} and exists (select from membership_transition t where t.trust_id = $1"
        f" and t.membership_id = $4 and t.status in ({listed(SENT)}) and t.actor_id = g.guardian_id)",
        transaction.trust_id,
        child_id,
        day,
        application_id,
        RelationshipSource.VERIFIED.value,
        evidence,
    )


async def confirm_by(transaction: Transaction, merged: UUID, kept: UUID) -> None:
    """What was declared of the kept record, child or guardian, and is confirmed of the merged one, is confirmed."""
    same = (
        "k.child_id = $3 and m.child_id = $2 and k.guardian_id = m.guardian_id"
        " or k.guardian_id = $3 and m.guardian_id = $2 and k.child_id = m.child_id"
    )
    is_declared = {row: predicate(IS_DECLARED, columns(row, "source")) for row in "km"}
    await transaction.run(
        "update guardianship k set source = m.source, evidence = m.evidence from guardianship m"
        f" where k.trust_id = $1 and m.trust_id = $1 and ({same}) and {goes_on('k', '$4')} and {goes_on('m', '$4')}"
        f" and {is_declared['k']} and not {is_declared['m']}",
        transaction.trust_id,
        merged,
        kept,
        await transaction.today(),
    )


async def end_of_record(transaction: Transaction, person_id: UUID, day: date) -> None:
    """Ends what is left with a record, child or guardian, that is part of another which has the same of its own."""
    await transaction.run(
        "update guardianship set until = greatest(since, $3) where trust_id = $1 and $2 in (child_id, guardian_id)"
        f" and {goes_on('', '$3')}",
        transaction.trust_id,
        person_id,
        day,
    )


async def end_declared(transaction: Transaction, child_id: UUID, day: date) -> None:
    """Ends what rests on no more than the word of those who said that they answer for the child, their consents too."""
    ended = await transaction.rows(
        "update guardianship g set until = greatest(since, $3) where g.trust_id = $1 and g.child_id = $2"
        f" and {_IS_DECLARED} and {goes_on('g', '$3')} returning guardian_id",
        transaction.trust_id,
        child_id,
        day,
    )
    for row in ended:
        await end_consents(transaction, child_id, row["guardian_id"], day)


async def end_for_guardian(transaction: Transaction, guardian_id: UUID, day: date) -> None:
    """Ends all that somebody answers for, and consented to."""
    for table in ("guardianship", "guardian_consent"):
        await transaction.run(
            f"update {table} set until = greatest(since, $3) where trust_id = $1 and guardian_id = $2"
            f" and {goes_on('', '$3')}",
            transaction.trust_id,
            guardian_id,
            day,
        )


async def add_consent(
    transaction: Transaction, child_id: UUID, guardian_id: UUID, source: ConsentSource, since: date, until: date | None
) -> UUID:
    consent: UUID = await transaction.value(
        "insert into guardian_consent (trust_id, child_id, guardian_id, source, since, until)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        transaction.trust_id,
        child_id,
        guardian_id,
        source.value,
        since,
        until,
    )
    return consent


async def end_consents(transaction: Transaction, child_id: UUID, guardian_id: UUID, day: date) -> None:
    """Takes back what the guardian consented to."""
    await transaction.run(
        "update guardian_consent set until = $4 where trust_id = $1 and child_id = $2 and guardian_id = $3"
        f" and {goes_on('', '$4')}",
        transaction.trust_id,
        child_id,
        guardian_id,
        day,
    )


HAND_OVER: Places = {
    "born": "p.date_of_birth",
    **RULES_OF_TRUST,
    "guardianships": Records(
        "guardianship g where g.trust_id = {trust} and g.child_id = p.id", columns("g", "since", "until")
    ),
    "memberships": Records("membership m where m.trust_id = {trust} and m.person_id = p.id", columns("m", "status")),
    "rulesets": Records(VERSIONS, columns("v", "since", "until", "guardian_consent_age")),
    "notices": Records(
        "notice n where n.trust_id = {trust} and n.person_id = p.id",
        {"kind": "n.kind", "told_on": day_of("n.queued_at")},
    ),
}
_HANDED_OVER = (
    f"select p.id from person p cross join {RULES_IN_FORCE} where p.trust_id = {{trust}}"
    f" and ($2::uuid is null or p.id = $2) and {predicate(IS_HANDED_OVER, HAND_OVER)} order by p.id"
).replace("{trust}", "$1")


async def handed_over(transaction: Transaction, person_id: UUID | None = None) -> Sequence[UUID]:
    """Members who answer for themselves from now on, and were not told yet; or whether this one is among them.

    One worker asks at a time, until its transaction ends: nobody is told twice.
    """
    await transaction.hold("hand-over")
    return [row["id"] for row in await transaction.rows(_HANDED_OVER, transaction.trust_id, person_id)]
