"""Memberships and children, as whoever may see them reads them."""

from typing import Any

from tests.world import Known, World

MEMBER = """query ($id: ID!) { node(id: $id) { ... on Member { status number ceasedOn eligibleUntil convertedFrom { id }
  history { status reason actor { id } } registerLines { change name number ceasedOn } person { relationships { id kind until } } } } }"""
CHILD = "query ($id: ID!) { node(id: $id) { ... on Person { id givenName dateOfBirth ageBand guardians { guardian { id } } consents { until } } } }"


async def member_of(world: World, known: Known, membership: str) -> Any:
    return (await world.ask(MEMBER, known, id=membership))["node"]
