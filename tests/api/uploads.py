"""Files of people on their way in, as tests send them."""

import io
import zipfile
from typing import Any

from api.worker.imports import import_next_of
from db.connection import APP_ROLE, open_pool
from db.identity.viewers import trusts_by_slug
from tests.world import CARE, Known, World

UTTOXETER = "uttoxeter-learning-trust"
HEADER = (
    "Forename,Surname,Relationship/Role,School,Year Group,DOB,Email,Mobile,Postcode,Preferred Language,Consent (Y/N)"
)


APPLY_IMPORT = "mutation ($id: ID!) { applyImport(input: {id: $id}) { importJob { id status } errors { code } } }"
JOB = """query ($id: ID!, $after: String, $filter: ImportRowFilter) { node(id: $id) { ... on Import { status rows checked applied outcomes { outcome rows } findings { finding rows } sha256
  lines(first: 100, after: $after, filter: $filter) { nodes { line outcome findings ofLine cells person { id } } pageInfo { hasNextPage endCursor } } } } }"""


async def upload(world: World, officer: Known | None, content: bytes, **asked: str) -> Any:
    headers = {"authorization": f"Bearer {officer.token}"} if officer else {}
    trust = officer.trust if officer else CARE
    return await world.http.post(f"/{trust}/imports", content=content, params=asked, headers=headers)


async def work_off(world: World) -> None:
    """What the worker does; raises what it would count."""
    url_pool = await open_pool(world.url, APP_ROLE, 1, patient=True)
    try:
        for trust_id in (await trusts_by_slug(url_pool)).values():
            while await import_next_of(world.worker, url_pool, trust_id):
                pass
    finally:
        await url_pool.close()


def counted(node: Any) -> Any:
    """An import with the numbers of rows by outcome and by finding."""
    outcomes = {each["outcome"]: each["rows"] for each in node["outcomes"]}
    return node | {"outcomes": outcomes, "findings": {each["finding"]: each["rows"] for each in node["findings"]}}


async def checked(world: World, officer: Known, content: bytes, **asked: str) -> tuple[str, dict[int, Any], Any]:
    """An import after its dry run: its id, its rows by line, and its counts."""
    answer = await upload(world, officer, content, **asked)
    assert answer.status_code == 202, answer.text
    job = answer.json()["import"]
    await work_off(world)
    lines: dict[int, Any] = {}
    after = None
    while True:
        node = (await world.ask(JOB, officer, id=job, after=after))["node"]
        lines |= {row["line"]: row for row in node["lines"]["nodes"]}
        if not node["lines"]["pageInfo"]["hasNextPage"]:
            return job, lines, counted(node)
        after = node["lines"]["pageInfo"]["endCursor"]


async def applied(world: World, officer: Known, job: str) -> None:
    await world.do(APPLY_IMPORT, officer, id=job)
    await work_off(world)
    assert (await world.ask(JOB, officer, id=job))["node"]["status"] == "APPLIED"


def people(*rows: str) -> bytes:
    return "\r\n".join([HEADER, *rows, ""]).encode("utf-8-sig")


def delta(
    users: str,
    enrollments: str,
    orgs: str = "S1,active,2026-01-01,Aldington,school,118365\n",
    packed: int = zipfile.ZIP_STORED,
) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", packed) as archive:
        archive.writestr("orgs.csv", "sourcedId,status,dateLastModified,name,type,identifier\n" + orgs)
        archive.writestr(
            "users.csv",
            "sourcedId,status,dateLastModified,orgSourcedIds,role,givenName,familyName,email,grades\n" + users,
        )
        archive.writestr(
            "enrollments.csv",
            "sourcedId,status,dateLastModified,schoolSourcedId,userSourcedId,role,endDate\n" + enrollments,
        )
    return stored.getvalue()
