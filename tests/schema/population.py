"""Two trusts full of people, and everybody who looks at one of them."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.http.authentication import Caller, caller_of
from db.tables import METADATA
from domain.identity.viewer import AccessProfile, Role, Scope, Viewer, ViewerKind
from planner import Planner
from schema.build import REGISTRY
from tests.mutations import ANSWER, CAST, act
from tests.world import World


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
    """Members, a consultation that was answered and closed, a draft, an open one, polls and an agreement."""
    members = [
        await world.member(trust, constituency=("PARENT_CARER", "STAFF")[n % 2], relationships=[{"kind": k}])
        for n, k in enumerate(["PARENT_CARER", "STAFF"] * 3)
    ]
    await world.applicant(trust)
    await world.do(act("resignMembership", "member"), members[0][0], id=members[0][1])
    consultation = await world.open_consultation(trust)
    await world.drafted_consultation(trust)
    await world.do(ANSWER, members[1][0], input=world.answers(consultation, "YES", "Canary comment"))
    closing = await world.open_consultation(trust, closesAt=await world.later(hours=1))
    for known, _ in members[1:]:
        await world.do(ANSWER, known, input=world.answers(closing, "NO"))
    await world.run_out(closing)
    clerk = await world.officer(Role.CLERK, trust)
    await world.do(act("closeConsultation", "consultation"), clerk, id=closing["id"])
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
    await world.owner.execute(
        "insert into agreement (trust_id, partner_id, purpose, scopes, since, until)"
        " select trust_id, id, 'Canary purpose', '{}', '2020-01-01', '2100-01-01' from partner where trust_id = $1 limit 1",
        await world.trust_id(trust),
    )
    return [known.person_id for known, _ in members if known.person_id]


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
