"""The SQL that plans of our schema are made of."""

import re

from domain.identity.viewer import AccessProfile, Role, ViewerKind
from planner import Budget, Planner, read_document
from schema.build import REGISTRY

CLERK = AccessProfile(ViewerKind.PERSON, roles=frozenset({Role.CLERK}))


def test_every_table_of_a_statement_carries_the_tenant() -> None:
    text = """{ trust { name memberCounts { members constituency { code } } ruleset { version } }
      members { totalCount nodes { person { givenName memberships { id } relationships { school { name links { urn } } } }
        school { members { nodes { id } } } history { actor { givenName } } } }
      consultations { nodes { questions { responseCount totals { constituency { name } } } schools { school { name } } actions { weDid } } }
      polls { nodes { declaration { issued } constituencies { constituency { code } } recordedVotes { nodes { voter } } } } }"""
    document = read_document(REGISTRY.schema, text, text, Budget())
    plan = Planner(REGISTRY).plan(document, document.operation(None), CLERK, {})
    assert plan is not None
    sql = plan.sql

    for alias in set(re.findall(r'from "\w+" (t\d+)|join "\w+" (t\d+)', sql)):
        (name,) = filter(None, alias)
        assert re.search(rf'{name}\."(trust_id|id)" = \$1', sql), f"{name} has no tenant in {sql}"
    for table, alias in re.findall(r"(?:from|join) ([a-z_]+) ([a-z]+)\b", sql):
        if alias not in ("where", "on", "as", "set", "group", "left", "order") and table not in ("app",):
            assert f"{alias}.trust_id = $1" in sql, f"{table} {alias} has no tenant"
