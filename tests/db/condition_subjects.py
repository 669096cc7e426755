"""What each condition is about: where its facts stand in SQL, as the application places them, and the same for Python.

A new declaration in the domain joins a subject here, or brings its own: rows to ask about, the places, and the facts of
each row by the same key.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeAlias

import db.consultations.reads
import db.polls.casting
from db.fragments import eligibility, people
from db.fragments.conditions import Places, columns
from db.fragments.rulesets import RULES_IN_FORCE
from db.membership.lifecycle import HELD_BY_PEOPLE, MEMBERSHIP
from db.membership.memberships import membership_for_update
from db.membership.removals import REMOVAL
from db.people.guardians import HAND_OVER
from db.people.persons import OWN_RELATIONSHIPS
from db.people.relationships import facts_of
from db.polls import reads
from db.register import inspections
from domain import conditions
from domain.conditions import Condition, Facts, FirstThatHolds
from domain.consultations import consultation
from domain.membership import eligibility as membership_eligibility
from domain.membership import lapsing
from domain.membership.lifecycle import IS_REGISTERED
from domain.membership.removal import TAKES_EFFECT
from domain.people import guardians, organisations
from domain.people.relationships import (
    AGE_BANDS,
    IS_CHILD,
    IS_DECLARED,
    IS_KNOWN_AS_ADULT,
    IS_LEARNER,
    IS_TAKEN_FOR_CHILD,
)
from domain.polls import casting, poll
from domain.trusts.schools import BELONGS, HAS_BEGUN

from .random_trust import RandomTrust

Declaration: TypeAlias = Condition | FirstThatHolds[Any] | Mapping[Any, Condition]
FactsByKey: TypeAlias = Mapping[str, Facts]

PEOPLE = "person p where p.trust_id = {trust} and p.family_name = 'Random'"


@dataclass(frozen=True, slots=True)
class Subject:
    """`rows` is what follows FROM, `key` tells one row from another; `facts` are those of every row, by its key."""

    declarations: Sequence[Declaration]
    rows: str
    key: str
    places: Places
    facts: Callable[[RandomTrust], Awaitable[FactsByKey]]


async def _people_and_constituencies(trust: RandomTrust) -> FactsByKey:
    people = await facts_of(trust.transaction, trust.people)
    return {
        f"{key} {rule.code}": membership_eligibility.facts_about(facts, trust.ruleset, rule, trust.today)
        for key, facts in people.items()
        for rule in trust.ruleset.constituencies.values()
    }


async def _memberships(trust: RandomTrust) -> FactsByKey:
    """As the action loads them that looks at each again when its turn comes."""
    found, people = {}, set(trust.people)
    for row in await trust.rows("select id, person_id from membership where trust_id = $1"):
        if row.person_id in people:
            held = await membership_for_update(trust.transaction, row.id)
            assert held is not None
            assert held.facts is not None
            if held.facts.died_on is not None:
                continue
            rule = trust.ruleset.constituency(held.membership.constituency)
            about = membership_eligibility.facts_about(held.facts, trust.ruleset, rule, trust.today)
            found[str(row.id)] = about.of(held.membership)
    return found


async def _register(trust: RandomTrust) -> FactsByKey:
    rows = await trust.rows(
        "select id, registered_on, ceased_on from membership where trust_id = $1 and name = 'R Random'"
    )
    return {str(row.id): Facts(row, today=trust.today) for row in rows}


async def _people(trust: RandomTrust) -> FactsByKey:
    guarded = await trust.grouped("since, until", "guardianship", "child_id")
    told = await trust.grouped("kind, (queued_at at time zone 'Europe/London')::date as told_on", "notice", "person_id")
    members = await trust.grouped("status, registered_on", "membership", "person_id")
    related = await trust.grouped("kind, since, until, school_id", "relationship", "person_id")
    rows = await trust.rows("select id, date_of_birth as born from person where trust_id = $1")
    versions = await trust.rows(
        "select effective_from as since, (rules->>'guardianConsentAge')::int as guardian_consent_age from ruleset"
        " where trust_id = $1 order by version"
    )
    for place, version in enumerate(versions, start=1):
        version.until = min((newer.since for newer in versions[place:]), default=None)
    found = {}
    for row in rows:
        of_school = [each.school_id for each in related[row.id] if each.kind == "LEARNER" and each.school_id]
        facts = Facts(
            row,
            trust.ruleset,
            guardianships=guarded[row.id],
            learners_school=of_school[0] if of_school else None,
            memberships=members[row.id],
            notices=told[row.id],
            relationships=related[row.id],
            rulesets=versions,
            today=trust.today,
        )
        found[str(row.id)] = facts
    return {str(key): found[str(key)] for key in trust.people}


async def _guardianships(trust: RandomTrust) -> FactsByKey:
    born = {
        row.id: row.born for row in await trust.rows("select id, date_of_birth as born from person where trust_id = $1")
    }
    rows = await trust.rows("select id, child_id, since, until, source from guardianship where trust_id = $1")
    return {str(row.id): Facts(row, trust.ruleset, born=born[row.child_id], today=trust.today) for row in rows}


async def _polls(trust: RandomTrust) -> FactsByKey:
    rows = await trust.rows("select id, status, opens_at, closes_at from poll where trust_id = $1")
    return {str(row.id): Facts(row, now=trust.now) for row in rows}


async def _authorised(trust: RandomTrust) -> Mapping[tuple[Any, Any], list[SimpleNamespace]]:
    found: dict[tuple[Any, Any], list[SimpleNamespace]] = {}
    rows = await trust.rows(
        "select organisation_id, person_id, since, until, application_id from authorisation where trust_id = $1"
    )
    for row in rows:
        found.setdefault((row.organisation_id, row.person_id), []).append(row)
    return found


async def _callers_of(trust: RandomTrust, contests: Mapping[str, tuple[Facts, Sequence[Any]]]) -> FactsByKey:
    """Everybody, and nobody, who might vote: in contests that stand for what the facts are about, by its key."""
    rolls = await trust.grouped("voter_id", "roll_entry", "contest_id")
    credentials = await trust.grouped("voter_id, spent_on", "credential", "contest_id")
    authorised, found = await _authorised(trust), {}
    for key, (facts, of_these) in contests.items():
        for person in [None, *trust.callers]:
            roll, held = (
                [
                    SimpleNamespace(**vars(each), authorisations=authorised.get((each.voter_id, person), []))
                    for contest in of_these
                    for each in kept[contest]
                ]
                for kept in (rolls, credentials)
            )
            caller = SimpleNamespace(roll=roll, credentials=held, person_id=person, today=trust.today)
            found[f"{key} {person or 'nobody'}"] = facts.of(caller)
    return found


async def _callers_of_polls(trust: RandomTrust) -> FactsByKey:
    contests = await trust.grouped("id", "contest", "poll_id")
    polls = (await _polls(trust)).items()
    return await _callers_of(trust, {key: (facts, [each.id for each in contests[facts["id"]]]) for key, facts in polls})


async def _callers_of_contests(trust: RandomTrust) -> FactsByKey:
    polls = await _polls(trust)
    contests = await trust.rows("select id, poll_id from contest where trust_id = $1")
    return await _callers_of(trust, {str(each.id): (polls[str(each.poll_id)], [each.id]) for each in contests})


async def _credentials(trust: RandomTrust) -> FactsByKey:
    """Everybody who might cast a vote with each credential."""
    authorised = await _authorised(trust)
    return {
        f"{row.contest_id} {row.voter_id} {person}": Facts(
            row,
            person_id=person,
            authorisations=authorised.get((row.voter_id, person), []),
            today=trust.today,
        )
        for row in await trust.rows("select contest_id, voter_id, spent_on from credential where trust_id = $1")
        for person in trust.callers
    }


async def _authorisations(trust: RandomTrust) -> FactsByKey:
    """Each beside every membership of its organisation."""
    held = await trust.grouped("id as membership_id", "membership", "organisation_id")
    rows = await trust.rows(
        "select id, organisation_id, since, until, application_id from authorisation where trust_id = $1"
    )
    return {
        f"{row.id} {each.membership_id}": Facts(row, each, today=trust.today)
        for row in rows
        for each in held[row.organisation_id]
    }


async def _consultations(trust: RandomTrust) -> FactsByKey:
    rows = await trust.rows("select id, status, opens_at, closes_at from consultation where trust_id = $1")
    return {str(row.id): Facts(row, now=trust.now) for row in rows}


async def _removals(trust: RandomTrust) -> FactsByKey:
    rows = await trust.rows("select id, stage, appeal_until from removal where trust_id = $1")
    return {str(row.id): Facts(row, today=trust.today) for row in rows}


async def _affiliations(trust: RandomTrust) -> FactsByKey:
    rows = await trust.rows("select id, since, until from affiliation where trust_id = $1")
    return {str(row.id): Facts(row, today=trust.today) for row in rows}


def of(source: str, row: str, **viewer: str) -> str:
    """A template of the planner, over `row`."""
    filled = source.replace("{row}", row)
    for name, place in viewer.items():
        filled = filled.replace(f"{{viewer.{name}}}", place)
    return filled


CALLERS = f"(select p.id from {PEOPLE} order by p.id limit {RandomTrust.CALLERS})"
SUBJECTS = (
    Subject(
        (TAKES_EFFECT,),
        "removal where trust_id = {trust}",
        "id::text",
        REMOVAL,
        _removals,
    ),
    Subject(
        (
            membership_eligibility.OBSTACLES,
            membership_eligibility.HAS_LOST_GROUND,
            membership_eligibility.IS_ALIVE,
            IS_KNOWN_AS_ADULT,
            guardians.NEEDS_GUARDIAN,
        ),
        f"person p cross join {eligibility.CONSTITUENCIES} where p.trust_id = {{trust}} and p.family_name = 'Random'",
        "p.id || ' ' || c.code",
        eligibility.PLACES,
        _people_and_constituencies,
    ),
    Subject(
        (lapsing.BEGINS_TO_LAPSE, lapsing.IS_KEPT, lapsing.LAPSES),
        f"{HELD_BY_PEOPLE} and m.name = 'R Random'",
        "m.id::text",
        MEMBERSHIP,
        _memberships,
    ),
    Subject(
        (IS_REGISTERED,),
        "membership m where m.trust_id = {trust} and m.name = 'R Random'",
        "m.id::text",
        columns("m", "registered_on", "ceased_on"),
        _register,
    ),
    Subject(
        (
            AGE_BANDS,
            IS_CHILD,
            IS_LEARNER,
            IS_TAKEN_FOR_CHILD,
            guardians.IS_SHOWN_AT_SCHOOL,
            guardians.ANSWERS_FOR_THEMSELF,
            lapsing.IS_HANDED_OVER,
        ),
        f"{RULES_IN_FORCE} cross join person p {inspections.LEARNERS_SCHOOL}"
        " where p.trust_id = {trust} and p.family_name = 'Random'",
        "p.id::text",
        {**HAND_OVER, **inspections.PLACES, "relationships": OWN_RELATIONSHIPS},
        _people,
    ),
    Subject(
        (guardians.IS_SAID_TO_BE_GUARDIAN, guardians.IS_GUARDIAN, guardians.LASTED_TO_HAND_OVER, IS_DECLARED),
        "guardianship g where g.trust_id = {trust}",
        "g.id::text",
        people.guardianship("g"),
        _guardianships,
    ),
    Subject(
        (poll.IS_OPEN, poll.IS_OVER, poll.IS_PUBLIC, poll.IS_DECLARED, poll.STAGES),
        "poll x where x.trust_id = {trust}",
        "x.id::text",
        reads.PLACES,
        _polls,
    ),
    Subject(
        (casting.MAY_VOTE_NOW, casting.HAS_VOTED),
        f"({CALLERS} union all select null) viewer cross join poll x where x.trust_id = {{trust}}",
        "x.id || ' ' || coalesce(viewer.id::text, 'nobody')",
        reads.PLACES,
        _callers_of_polls,
    ),
    Subject(
        (casting.MAY_VOTE_NOW, casting.HAS_VOTED, casting.MAY_SEE_VOTES),
        f"({CALLERS} union all select null) viewer cross join contest x join poll b on b.trust_id = {{trust}}"
        " and b.id = x.poll_id where x.trust_id = {trust}",
        "x.id || ' ' || coalesce(viewer.id::text, 'nobody')",
        reads.CONTEST_PLACES,
        _callers_of_contests,
    ),
    Subject(
        (casting.IS_VOTER, casting.MAY_ACT_FOR_VOTER, casting.IS_SPENT, organisations.REPRESENTS),
        f"(select r.contest_id, r.voter_id, p.id as person_id from ({CALLERS}) p cross join credential r"
        "  where r.trust_id = {trust}) v"
        " join credential c on c.trust_id = {trust} and c.contest_id = v.contest_id and c.voter_id = v.voter_id",
        "v.contest_id || ' ' || v.voter_id || ' ' || v.person_id",
        db.polls.casting.CASTING,
        _credentials,
    ),
    Subject(
        (organisations.IS_AUTHORISED, organisations.IS_AUTHORISED_IN_MEMBERSHIP),
        "authorisation a join membership m on m.trust_id = {trust} and m.organisation_id = a.organisation_id"
        " where a.trust_id = {trust}",
        "a.id || ' ' || m.id",
        people.authorisation("a") | {"membership_id": "m.id"},
        _authorisations,
    ),
    Subject(
        (consultation.IS_OPEN, consultation.IS_OVER, consultation.IS_PUBLIC, consultation.IS_PUBLISHED),
        "consultation x where x.trust_id = {trust}",
        "x.id::text",
        db.consultations.reads.PLACES,
        _consultations,
    ),
    Subject(
        (BELONGS, HAS_BEGUN, conditions.HOLDS, conditions.ENDED),
        "affiliation x where x.trust_id = {trust}",
        "x.id::text",
        columns("x", "since", "until"),
        _affiliations,
    ),
)
