"""The one schema, served for every trust."""

from functools import cache

import orjson
import strawberry
from graphql import get_introspection_query, graphql_sync
from strawberry.schema.config import StrawberryConfig

from planner import Registry, registry_of

from .mutation import Mutation
from .query import Query
from .vocabulary import SCALARS

# what predicates and expressions may ask about the caller, with SQL types; attributes of api's ViewerFacts
VIEWER_FACTS = {"person_id": "uuid", "kind": "text", "roles": "text[]", "scopes": "text[]", "email": "text"}

SCHEMA = strawberry.Schema(query=Query, mutation=Mutation, config=StrawberryConfig(scalar_map=SCALARS))
REGISTRY: Registry = registry_of(SCHEMA, VIEWER_FACTS, tenant="trust", profile_facts=("kind", "roles", "scopes"))


@cache
def sdl() -> str:
    """The schema definition, as committed in schema/schema.graphql."""
    return SCHEMA.as_str() + "\n"


@cache
def introspection() -> bytes:
    """The answer to the query that tools ask a schema by, as JSON."""
    return orjson.dumps({"data": graphql_sync(REGISTRY.schema, get_introspection_query()).data})
