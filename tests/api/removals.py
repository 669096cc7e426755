"""Removals on their way, as tests ask for them."""

from typing import Any

from domain.identity.viewer import Role
from tests.world import Known, World

PROPOSE = 'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "Never seen"}) { removal { id stage noticeUntil } errors { code } } }'
STATE_CASE = 'mutation ($id: ID!) { stateCase(input: {id: $id, case: "I was ill."}) { removal { id caseStated } errors { code } } }'
DECIDE = """mutation ($id: ID!, $yes: Int!, $no: Int!) { decideRemoval(input: {id: $id, body: "The forum", minute: "Minute 4",
  votesFor: $yes, votesAgainst: $no}) { removal { id stage appealUntil } errors { code } } }"""
APPEAL = 'mutation ($id: ID!) { appealRemoval(input: {id: $id, ground: "Unheard"}) { removal { id stage } errors { code } } }'
DECIDE_APPEAL = 'mutation ($id: ID!, $upheld: Boolean!) { decideAppeal(input: {id: $id, body: "The board", upheld: $upheld}) { removal { id stage } errors { code } } }'
SUSPEND = 'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "Conduct"}) { member { id status } errors { code } } }'
CONVERT = """mutation ($id: ID!, $to: String!, $relationships: [DeclaredRelationshipInput!]!) { requestConversion(input: {id: $id,
  constituency: $to, relationships: $relationships}) { member { id status convertedFrom { id } } errors { code } } }"""
COMMUNITY: dict[str, Any] = {"to": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}]}
NOTICE, TO_APPEAL = 14, 28  # days, by the rules of the trust


async def proposed(world: World, membership: str) -> str:
    """The id of a removal that is proposed."""
    payload = await world.do(PROPOSE, await world.officer(Role.CLERK), id=membership)
    return str(payload["removal"]["id"])


async def decided(world: World, membership: str) -> str:
    """As proposed, of one that was decided for."""
    removal = await proposed(world, membership)
    await world.pass_time(days=NOTICE)
    await world.do(DECIDE, await world.officer(Role.CLERK), id=removal, yes=5, no=1)
    return removal


async def appealed(world: World, known: Known, membership: str) -> str:
    """As decided, of one the member has appealed against."""
    removal = await decided(world, membership)
    await world.do(APPEAL, known, id=removal)
    return removal
