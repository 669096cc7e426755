"""The declarations of a whole schema, by GraphQL name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import strawberry
from graphql import GraphQLSchema
from strawberry.types.base import StrawberryObjectDefinition

from .fields import PlannedField
from .types import PlannedType


@dataclass(frozen=True, slots=True)
class Registry:
    """`types` by GraphQL type name, `fields` by (type name, field name), `prefixes` from id prefix to type name.

    `tenant` is what the tenants are called, "shop" for one: then `{shop}` stands for the tenant in templates, `shop_id`
    is its column, and row-level security reads `current_setting('app.shop')`.
    """

    schema: GraphQLSchema
    types: Mapping[str, PlannedType]
    fields: Mapping[tuple[str, str], PlannedField]
    prefixes: Mapping[str, str]
    viewer_facts: Mapping[str, str]  # name of a fact about the caller -> its SQL type
    profile_facts: frozenset[str]  # those that callers of one access profile have in common
    tenant: str

    def tenant_column(self, declared: PlannedType) -> str:
        return declared.tenant or f"{self.tenant}_id"


def registry_of(
    schema: strawberry.Schema,
    viewer_facts: Mapping[str, str],
    tenant: str = "tenant",
    profile_facts: Iterable[str] = (),
) -> Registry:
    """Collects the declarations behind a Strawberry schema."""
    types: dict[str, PlannedType] = {}
    fields: dict[tuple[str, str], PlannedField] = {}
    for name, concrete in schema.schema_converter.type_map.items():
        definition = concrete.definition
        if not isinstance(definition, StrawberryObjectDefinition):
            continue
        declared = getattr(definition.origin, "__planned__", None)
        if isinstance(declared, PlannedType):
            types[name] = declared
        for field in definition.fields:
            if isinstance(field, PlannedField):
                fields[name, schema.config.name_converter.get_graphql_name(field)] = field
    prefixes = {declared.prefix: name for name, declared in types.items() if declared.prefix}
    return Registry(schema._schema, types, fields, prefixes, dict(viewer_facts), frozenset(profile_facts), tenant)
