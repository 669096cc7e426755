"""A plain request, and the code of an answer that is an error."""

import httpx

SPECIFIC = "application/graphql-response+json"
QUERY = {"query": "{ trust { slug } }"}


def code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])
