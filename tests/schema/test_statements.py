"""The SQL that plans of our schema are made of."""

import re
from typing import cast

from graphql import GraphQLObjectType, get_named_type
from sqlalchemy import Table

from db.tables import METADATA
from domain.identity.viewer import AccessProfile, Role, ViewerKind
from planner import Budget, Plan, Planner, read_document
from planner.bindings import Paged
from schema.build import REGISTRY

CLERK = AccessProfile(ViewerKind.PERSON, roles=frozenset({Role.CLERK}))


def _plan(text: str, profile: AccessProfile = CLERK) -> Plan:
    document = read_document(REGISTRY.schema, text, text, Budget())
    plan = Planner(REGISTRY).plan(document, document.operation(None), profile, {})
    assert plan is not None
    return plan


def _sql(text: str, profile: AccessProfile = CLERK) -> str:
    return _plan(text, profile).sql


def test_every_table_of_a_statement_carries_the_tenant() -> None:
    text = """{ trust { name memberCounts { members constituency { code } } ruleset { version } }
      members { totalCount nodes { person { givenName memberships { id } relationships { school { name links { urn } } } }
        school { members { nodes { id } } } history { actor { givenName } } } }
      consultations { nodes { questions { responseCount totals { constituency { name } } } schools { school { name } } actions { weDid } } }
      polls(first: 5) { nodes { contests { declaration { issued } constituencies { constituency { code } } recordedVotes { nodes { voter } } } } } }"""
    sql = _sql(text)

    for alias in set(re.findall(r'from "\w+" (t\d+)|join "\w+" (t\d+)', sql)):
        (name,) = filter(None, alias)
        assert re.search(rf'{name}\."(trust_id|id)" = \$1', sql), f"{name} has no tenant in {sql}"
    for table, alias in re.findall(r"(?:from|join) ([a-z_]+) ([a-z]+)\b", sql):
        if alias not in ("where", "on", "as", "set", "group", "left", "order") and table not in ("app",):
            assert f"{alias}.trust_id = $1" in sql, f"{table} {alias} has no tenant"


def test_only_who_sees_every_member_has_them_all_searched() -> None:
    """How long a search of everybody takes would tell others whose names are on the register."""
    text = '{ members(filter: {name: "Amina"}) { totalCount nodes { name } } schools { nodes { members(filter: {name: "Amina"}) { totalCount } } } }'

    own = _sql(text, AccessProfile(ViewerKind.PERSON))
    assert "members_named" in _sql(text)
    assert "members_named" not in own
    searched = re.findall(r"(?:where|and) case when (\S+) = .*? then \(t\d+\.search_name like all", own)
    assert [each.partition(".")[2] for each in searched] == ["person_id"] * own.count("search_name like all")


def test_figures_of_every_member_are_reckoned_once_and_at_what_they_cost() -> None:
    """However few of them are asked for: a stranger could keep every trust waiting by asking for one."""
    anonymous = AccessProfile(ViewerKind.ANONYMOUS)
    for figures, least in (
        ("memberCounts { members }", 500),  # 20 to 50 ms for 50,000 members
        ("schoolMemberCounts { members }", 500),
        ("monthlyCounts(first: 1) { nodes { members } }", 3000),  # 100 to 300 ms
    ):
        plan = _plan(f"{{ trust {{ {figures} }} }}", anonymous)
        assert plan.nodes >= least, figures
        assert plan.sql.count("count(*)") - plan.sql.count("union all") == 1, plan.sql


# a trust has few of these, or somebody has: whoever asks for them in such an order has them sorted
FEW = {
    *("consultation.title", "poll.opens_at", "poll.closes_at", "role_grant.granted_at", "school.urn"),
    *("data_request.due_on", "inspection_request.due_on"),
    "import_row.line",  # of one file, by its key
}


def test_whatever_a_trust_has_many_of_is_ordered_by_an_index() -> None:
    sorted_each_time = set()
    paged = {where: each.binding for where, each in REGISTRY.fields.items() if isinstance(each.binding, Paged)}
    for where, binding in paged.items():
        table = METADATA.tables.get(REGISTRY.types[_node_of(*where)].source.strip('"'))
        if table is not None:
            orders = {order.column for order in binding.orders.values()}
            sorted_each_time |= {f"{table.name}.{column}" for column in orders if not _has_index(table, column)}
    assert sorted_each_time == FEW


def _node_of(owner: str, name: str) -> str:
    """The type of the nodes of a connection."""
    page = cast(GraphQLObjectType, REGISTRY.schema.type_map[owner]).fields[name].type
    return str(get_named_type(cast(GraphQLObjectType, get_named_type(page)).fields["nodes"].type))


def _has_index(table: Table, column: str) -> bool:
    found = [table.primary_key.columns.keys(), *(each.columns.keys() for each in table.indexes)]
    return any(names[:2] == ["trust_id", column] for names in found)
