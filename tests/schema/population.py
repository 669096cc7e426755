"""Two trusts full of people, and everybody who looks at one of them."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.http.authentication import Caller, caller_of
from counting import CountingMethod, count_election, read_blt, report
from db.tables import METADATA
from domain.identity.viewer import AccessProfile, Role, Scope, Viewer, ViewerKind
from planner import Planner
from schema.build import REGISTRY
from tests.api.uploads import checked
from tests.api.uploads import people as file_of_people
from tests.mutations import ANSWER, CAST, MERGE, PUBLISH_OUTCOME, REQUEST_ABOUT_DATA, act
from tests.world import Known, World

REGISTER_APP = 'mutation ($id: ID!) { registerApp(input: {agreementId: $id, name: "App"}) { errors { code } } }'
PROPOSE = 'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "Canary"}) { errors { code } } }'
INSPECT = "mutation ($input: RequestInspectionInput!) { requestInspection(input: $input) { errors { code } } }"
ANSWER_REQUEST = (
    'mutation ($id: ID!) { answerDataRequest(input: {id: $id, granted: true, answer: "Canary"}) { errors { code } } }'
)
# transfers, a tie, rejected papers; and with one seat, what a count by comparison says
ELECTION = """4 {seats}
6 1 2 0
1 2 3 0
1 3 0
1 4 0
1 0
1 1=2 0
0
"Ann"
"Bob"
"Cyd"
"Dee"
"Forum"
"""


@dataclass
class Seen:
    """A populated CARE, the callers who look at it, and everything that is not theirs."""

    world: World
    pool: Any
    trust_id: UUID
    callers: dict[str, Caller]
    ids: list[str]
    foreign: set[str]
    loop: asyncio.AbstractEventLoop
    planner: Planner


async def populate(world: World, trust: str) -> list[UUID]:
    """A row for everything that can be read: people, what they are asked and decide, and what officers do about them."""
    await world.set_rules(trust, smallRoll=4)
    members = [
        await world.member(trust, constituency=("PARENT_CARER", "STAFF")[n % 2], relationships=[{"kind": k}])
        for n, k in enumerate(["PARENT_CARER", "STAFF"] * 3)
    ]
    await world.applicant(trust)
    await world.do(act("resignMembership", "member"), members[0][0], id=members[0][1])
    consultation = await world.open_consultation(trust)
    await world.owner.execute(
        "insert into consultation_school (trust_id, consultation_id, school_id, effect)"
        " select trust_id, $2, id, 'A new day' from school where trust_id = $1 limit 1",
        await world.trust_id(trust),
        UUID(consultation["id"][4:]),
    )
    await world.drafted_consultation(trust)
    await world.do(ANSWER, members[1][0], input=world.answers(consultation, "YES", "Canary comment"))
    closing = await world.open_consultation(trust, closesAt=await world.later(hours=1))
    for known, _ in members[1:]:
        await world.do(ANSWER, known, input=world.answers(closing, "NO"))
    await world.run_out(closing)
    clerk = await world.officer(Role.CLERK, trust)
    await world.do(act("closeConsultation", "consultation"), clerk, id=closing["id"])
    said = [{"youSaid": "Open longer", "weDid": "We do"}]
    await world.do(PUBLISH_OUTCOME, clerk, id=closing["id"], outcome="Decided", actions=said)
    officer = await world.officer(Role.RETURNING_OFFICER, trust)
    for secrecy in ("CONFIDENTIAL", "RECORDED"):
        contests = [world.contest_draft(), world.contest_draft(title="Budget", constituencies=["STAFF"])]
        poll = await world.open_poll(trust, secrecy=secrecy, contests=contests)
        for known, _ in members[1:4]:
            await world.do(CAST, known, **world.paper(poll, "FOR"))
        await world.do(CAST, members[3][0], **world.paper(poll, "AGAINST", contest=1))
        await world.close_poll(poll)
        for step in ("countPoll", "declarePoll"):
            await world.do(act(step, "poll"), officer, id=poll)
    await world.open_poll(trust)
    await world.drafted_poll(trust)
    await _elections(world, trust)
    await _partner(world, trust)
    await _around(world, trust, members[1][0])
    await _officers_work(world, trust, members)
    return [known.person_id for known, _ in members if known.person_id]


async def _elections(world: World, trust: str) -> None:
    """Counts of elections in place of two of resolutions: none can be held yet, and their counts can be read."""
    declared = await world.owner.fetch(
        "select contest_id from declaration where trust_id = $1 order by contest_id desc limit 2",
        await world.trust_id(trust),
    )
    methods = ((CountingMethod.SCOTTISH, 2), (CountingMethod.SCHULZE, 1))
    for row, (method, seats) in zip(declared, methods, strict=True):
        contest = read_blt(ELECTION.format(seats=seats).encode().splitlines())
        await world.owner.execute(
            "update declaration set pack = jsonb_set(pack, '{count}', $2) where contest_id = $1",
            row["contest_id"],
            json.dumps(report(count_election(contest, method, seed="0" * 64))),
        )


async def _partner(world: World, trust: str) -> None:
    agreement = await world.value(
        "insert into agreement (trust_id, partner_id, purpose, scopes, since, until)"
        " select trust_id, id, 'Canary purpose', '{}', '2020-01-01', '2200-01-01' from partner where trust_id = $1 limit 1"
        " returning id",
        await world.trust_id(trust),
    )
    await world.do(REGISTER_APP, await world.officer(Role.CLERK, trust), id=f"agr_{agreement}")


async def _around(world: World, trust: str, known: Known) -> None:
    """Whom a member answers for: a child, and an organisation (which some trusts' rules do not admit)."""
    await world.child(known)
    await world.owner.execute(
        "with made as (insert into organisation (trust_id, name, kind) values ($1, 'Canary Wildlife', 'charity')"
        " returning id) insert into authorisation (trust_id, organisation_id, person_id, since, document)"
        " select $1, id, $2, '2026-01-01', 'Canary minute' from made",
        await world.trust_id(trust),
        known.person_id,
    )


async def _officers_work(world: World, trust: str, members: list[tuple[Known, str]]) -> None:
    """A removal proposed, a file read, and requests: to see the register, to be told, to be forgotten."""
    await world.do(PROPOSE, await world.officer(Role.CLERK, trust), id=members[2][1])
    keeper = await world.officer(Role.MEMBERSHIP_OFFICER, trust)
    await checked(world, keeper, file_of_people("Zo,Canary,Parent,Nowhere School,,,zo@example.org,,,,Y"))
    await world.owner.execute(
        "insert into failed_duty (trust_id, duty, membership_id, since, tried_at, code)"
        " values ($1, 'LAPSED', $2, app_now(), app_now(), 'CheckViolationError')",
        await world.trust_id(trust),
        UUID(members[2][1][4:]),
    )
    (kept, _), (merged, _) = await world.applicant(trust), await world.applicant(trust)
    await world.do(MERGE, keeper, kept=f"per_{kept.person_id}", merged=f"per_{merged.person_id}")
    asked = {"name": "Canary", "address": "Fleet Street", "purpose": "To write", "onwardDisclosure": "None"}
    await world.do(INSPECT, members[3][0], input=asked)
    for (known, _), kind in ((members[1], "EXPORT"), (members[0], "ERASURE")):
        asking = await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{known.person_id}", kind=kind)
        if kind == "ERASURE":
            officer = await world.officer(Role.DATA_PROTECTION_OFFICER, trust)
            await world.do(ANSWER_REQUEST, officer, id=asking["dataRequest"]["id"])


async def callers_of(trust_id: UUID, people: list[UUID], officers: dict[Role, UUID]) -> dict[str, Caller]:
    made = {
        "anonymous": Viewer(trust_id, AccessProfile(ViewerKind.ANONYMOUS)),
        "applicant": Viewer(trust_id, AccessProfile(ViewerKind.APPLICANT)),
        "member": Viewer(trust_id, AccessProfile(ViewerKind.PERSON), person_id=people[1]),
        "partner": Viewer(trust_id, AccessProfile(ViewerKind.PARTNER, scopes=frozenset(Scope))),
        "partner with one scope": Viewer(
            trust_id, AccessProfile(ViewerKind.PARTNER, scopes=frozenset({Scope.SCHOOLS_READ}))
        ),
    }
    for role, person in officers.items():
        profile = AccessProfile(ViewerKind.PERSON, roles=frozenset({role}))
        made[role.value.lower()] = Viewer(trust_id, profile, person_id=person)
    return {name: caller_of(viewer) for name, viewer in made.items()}


async def all_ids(world: World, trust_id: UUID) -> list[str]:
    """Typed ids of what exists in a trust, every type that has them."""
    found: list[str] = []
    for prefix, name in REGISTRY.prefixes.items():
        source = REGISTRY.types[name].source.strip('"')
        if source in METADATA.tables and source != "trust":
            rows = await world.owner.fetch(f'select id from "{source}" where trust_id = $1 limit 4', trust_id)
            found += [f"{prefix}_{row['id']}" for row in rows]
    return found


async def empty_types(world: World, trusts: Sequence[str]) -> list[str]:
    """The types of which there is nothing in one of the trusts."""
    found = []
    for trust in trusts:
        trust_id, person = await world.trust_id(trust), (await world.officer(Role.CLERK, trust)).person_id
        for name, declared in REGISTRY.types.items():
            rows = declared.source.replace("{trust}", f"'{trust_id}'::uuid").replace(
                "{viewer.person_id}", f"'{person}'::uuid"
            )
            there = f"select exists (select from {rows} t where t.{REGISTRY.tenant_column(declared)} = $1)"
            if not await world.value(there, trust_id):
                found.append(f"{name} in {trust}")
    return found
