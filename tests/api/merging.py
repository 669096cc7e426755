"""Two records of one person, and what is kept under each."""

from typing import Any

from domain.identity.viewer import Role
from tests.mutations import MERGE, REQUEST_ABOUT_DATA, UNDO_MERGE
from tests.world import Known, World

PERSON = """query ($id: ID!) { node(id: $id) { ... on Person { id email phone dateOfBirth mergedInto { id }
  merges { id undoneAt } relationships { kind until } guardians { guardian { id } until } consents { until }
  memberships { id status number registerLines { change ceasedOn } history { status } } looksTheSame { id } } } }"""


RECORD_DEATH = """mutation ($id: ID!, $day: Date!) { recordDeath(input: {personId: $id, diedOn: $day}) {
  person { id } errors { code } } }"""
ERASE = """mutation ($id: ID!) { answerDataRequest(input: {id: $id, granted: true, answer: "Done"}) {
  dataRequest { id } errors { code path } } }"""


async def erase(world: World, known: Known) -> None:
    """At their own wish."""
    asked = await world.do(REQUEST_ABOUT_DATA, known, id=per(known), kind="ERASURE")
    await world.do(ERASE, await world.officer(Role.DATA_PROTECTION_OFFICER), id=asked["dataRequest"]["id"])


async def officer_of(world: World) -> Known:
    return await world.officer(Role.MEMBERSHIP_OFFICER)


async def person_of(world: World, known: Known | str) -> Any:
    """As the officer reads it."""
    key = known if isinstance(known, str) else per(known)
    return (await world.ask(PERSON, await officer_of(world), id=key))["node"]


def per(known: Known) -> str:
    return f"per_{known.person_id}"


async def merge(world: World, kept: Known | str, merged: Known | str) -> str:
    """The id of the merge."""
    kept, merged = (each if isinstance(each, str) else per(each) for each in (kept, merged))
    return str((await world.do(MERGE, await officer_of(world), kept=kept, merged=merged))["personMerge"]["id"])


async def not_merged(world: World, kept: Known | str, merged: Known | str) -> list[str]:
    """Why not."""
    kept, merged = (each if isinstance(each, str) else per(each) for each in (kept, merged))
    refusals = await world.refusals(MERGE, await officer_of(world), kept=kept, merged=merged)
    return [each["code"] for each in refusals]


async def undo(world: World, merge_id: str) -> Any:
    return (await world.do(UNDO_MERGE, await officer_of(world), id=merge_id))["personMerge"]


async def twice(world: World, **changes: Any) -> tuple[tuple[Known, str], tuple[Known, str]]:
    """Somebody who is a member, and has applied again under another mailbox: records and memberships."""
    same = {"givenName": "Amina", "familyName": "Twice", "dateOfBirth": "1985-05-01"} | changes
    return await world.member(**same), await world.applicant(**same)


# what a merge leaves for good: who was signed in is not any more, and what is only added to
ADDED_TO = {"audit_event", "membership_transition", "register_line", "person_merge", "session"}


async def contents_without(world: World, left_out: set[str]) -> dict[str, str]:
    return {table: hash_ for table, hash_ in (await world.contents()).items() if table not in left_out}
