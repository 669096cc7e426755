"""Asking the application over HTTP, signed in or not."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from db.tables import METADATA

from .passing_time import PassingTime
from .promises import check_paths, check_promises

CARE = "care-foundation-trust"
WESSEX = "wessex-learning-trust"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with a session."""

    person_id: UUID | None
    token: str
    trust: str


class Client(PassingTime):
    """Sends GraphQL to the application; after a refusal it makes sure that nothing was written."""

    http: httpx.AsyncClient

    async def post(self, body: Any, *, trust: str = CARE, token: str | None = None, **headers: str) -> httpx.Response:
        sent = {"content-type": "application/json", **headers}
        if token:
            sent["authorization"] = f"Bearer {token}"
        if isinstance(body, (bytes, str)):
            return await self.http.post(f"/{trust}/graphql", content=body, headers=sent)
        return await self.http.post(f"/{trust}/graphql", json=body, headers=sent)

    async def ask(self, query: str, known: Known | None = None, *, trust: str | None = None, **variables: Any) -> Any:
        """The data of an answer without errors, which is what the schema promises."""
        answer = await self.post(
            {"query": query, "variables": variables},
            trust=trust or (known.trust if known else CARE),
            token=known.token if known else None,
        )
        body = answer.json()
        assert "errors" not in body, body["errors"]
        check_promises(query, variables, body["data"])
        return body["data"]

    async def do(self, query: str, known: Known | None = None, **variables: Any) -> Any:
        """The payload of the one mutation in `query`, which must not have been refused."""
        (payload,) = (await self.ask(query, known, **variables)).values()
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def refused(
        self, query: str, known: Known | None = None, *, trust: str | None = None, **variables: Any
    ) -> str:
        """The code of the only refusal, after making sure that nothing was written."""
        (error,) = await self.refusals(query, known, trust=trust, **variables)
        return str(error["code"])

    async def refusals(
        self, query: str, known: Known | None = None, *, trust: str | None = None, **variables: Any
    ) -> list[dict[str, Any]]:
        """What is refused, after making sure that nothing was written."""
        before = await self.contents()
        (payload,) = (await self.ask(query, known, trust=trust, **variables)).values()
        assert await self.contents() == before, "a refusal has written something"
        errors: list[dict[str, Any]] = payload["errors"]
        assert all(value in (None, [], errors) for value in payload.values()), payload
        check_paths(query, errors)
        return errors

    async def contents(self) -> dict[str, str]:
        """A fingerprint of every table."""
        parts = " union all ".join(
            f"select '{name}' as name, count(*) || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as hash"
            f' from "{name}" t'
            for name in sorted(METADATA.tables)
        )
        return {row["name"]: row["hash"] for row in await self.owner.fetch(parts)}
