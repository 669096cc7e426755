"""Files that are fetched beside the API: copies of data, letters, extracts."""

from typing import Any

from tests.world import CARE, Known, World


async def fetch(world: World, known: Known | None, path: str, method: str = "GET", **params: str) -> Any:
    headers = {"authorization": f"Bearer {known.token}"} if known else {}
    return await world.http.request(method, f"/{CARE}/{path}", headers=headers, params=params)
