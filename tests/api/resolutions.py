"""What an officer does with the rows of a file that need a human, as docs/importing.md tells."""

from typing import Any

from tests.world import Known, World

RESOLVE = """mutation ($input: ResolveImportRowInput!) { resolveImportRow(input: $input) {
  importRow { id outcome resolution isApplied findings corrected person { id } resolvedBy { id } }
  errors { code path message } } }"""
WAITING = """query ($id: ID!, $after: String) { node(id: $id) { ... on Import { status outcomes { outcome rows }
  lines(first: 50, after: $after, filter: {outcome: NEEDS_HUMAN}) { nodes { id line findings
    reading { givenName familyName kinds schoolUrns yearGroup dateOfBirth email phone postcode consents }
    alikePeople { id givenName familyName email phone dateOfBirth relationships { kind yearGroup } }
    alikeRows { id line outcome reading { givenName familyName kinds yearGroup } } }
    pageInfo { hasNextPage endCursor } } } } }"""


async def waiting(world: World, officer: Known, job: str) -> dict[int, Any]:
    """The rows that wait, with both sides, by line."""
    rows: dict[int, Any] = {}
    after = None
    while True:
        lines = (await world.ask(WAITING, officer, id=job, after=after))["node"]["lines"]
        rows |= {row["line"]: row for row in lines["nodes"]}
        if not lines["pageInfo"]["hasNextPage"]:
            return rows
        after = lines["pageInfo"]["endCursor"]


async def resolve(world: World, officer: Known, row: Any, **said: Any) -> Any:
    answer = await world.do(RESOLVE, officer, input={"id": row["id"], **said})
    return answer["importRow"]


async def refuses(world: World, officer: Known, row: Any, **said: Any) -> str:
    return await world.refused(RESOLVE, officer, input={"id": row["id"], **said})
