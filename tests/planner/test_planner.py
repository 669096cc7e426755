"""The SQL a plan is made of, and what is remembered."""

import re
from typing import Any
from uuid import UUID

import pytest

from api.authentication import caller_of
from domain.identity.viewer import AccessProfile, Role, Viewer, ViewerKind
from planner import Budget, Plan, Planner, PlanRefused, Request, coerce_variables, plain_variables, read_document
from schema.build import REGISTRY

CLERK = AccessProfile(ViewerKind.PERSON, roles=frozenset({Role.CLERK}))
ANONYMOUS = AccessProfile(ViewerKind.ANONYMOUS)


def plan(
    text: str, variables: dict[str, Any] | None = None, profile: AccessProfile = CLERK, planner: Planner | None = None
) -> Plan:
    document = read_document(REGISTRY.schema, text, text, Budget())
    operation = document.operation(None)
    coerced = coerce_variables(REGISTRY.schema, operation, plain_variables(operation), variables or {})
    found = (planner or Planner(REGISTRY)).plan(document, operation, profile, coerced)
    assert found is not None
    return found


def test_every_table_of_a_statement_carries_the_tenant() -> None:
    text = """{ trust { name memberCounts { members constituency { code } } ruleset { version } }
      members { totalCount nodes { person { givenName memberships { id } relationships { school { name links { urn } } } }
        school { members { nodes { id } } } history { actor { givenName } } } }
      consultations { nodes { questions { responseCount totals { constituency { name } } } schools { school { name } } actions { weDid } } }
      polls { nodes { declaration { issued } constituencies { constituency { code } } recordedVotes { nodes { voter } } } } }"""
    sql = plan(text).sql

    for alias in set(re.findall(r'from "\w+" (t\d+)|join "\w+" (t\d+)', sql)):
        (name,) = filter(None, alias)
        assert re.search(rf'{name}\."(trust_id|id)" = \$1', sql), f"{name} has no tenant in {sql}"
    for table, alias in re.findall(r"(?:from|join) ([a-z_]+) ([a-z]+)\b", sql):
        if alias not in ("where", "on", "as", "set", "group", "left", "order") and table not in ("app",):
            assert f"{alias}.trust_id = $1" in sql, f"{table} {alias} has no tenant"


def test_the_size_of_a_page_is_a_literal_and_everything_else_a_parameter() -> None:
    query = "query ($n: Int, $after: String, $urn: Int!) { schools(first: $n, after: $after) { nodes { id } } school(urn: $urn) { name } }"
    school = "sch_01987c2e-0000-7000-8000-000000000000"

    found = plan(query, {"n": 7, "after": school, "urn": 118365})

    assert "limit 7" in found.sql
    assert "118365" not in found.sql
    assert "01987c2e" not in found.sql
    viewer = caller_of(Viewer(UUID(int=1), CLERK))
    variables = {"n": 7, "after": school, "urn": 118365}
    assert found.arguments(Request(UUID(int=1), variables, viewer)) == [UUID(int=1), UUID(school[4:]), 118365]


def test_nothing_a_client_wrote_is_pasted_into_the_statement() -> None:
    evil = "x'; drop table person; --"
    text = f'{{ node(id: "{evil}") {{ id }} school(urn: 1) {{ name }} members(filter: {{school: "{evil}"}}) {{ totalCount }} }}'

    assert "drop table" not in plan(text).sql


def test_one_plan_serves_everybody_of_a_shape() -> None:
    planner = Planner(REGISTRY)
    text = "query ($id: ID!) { node(id: $id) { id } viewer { kind } }"

    first = plan(text, {"id": "sch_1"}, planner=planner)

    assert plan(text, {"id": "sch_2"}, planner=planner) is first
    assert plan(text, {"id": "mem_2"}, planner=planner) is not first
    assert plan(text, {"id": "sch_2"}, ANONYMOUS, planner=planner) is not first


def test_the_number_of_plans_remembered_is_bounded() -> None:
    planner = Planner(REGISTRY, most_operations=3)
    for number in range(10):
        plan(f"{{ trust {{ n{number}: name }} }}", planner=planner)

    assert len(planner._kept) == 3


def test_what_a_query_implies_is_known_before_it_runs() -> None:
    assert plan("{ schools(first: 12) { nodes { members(first: 83) { nodes { id } } } } }").nodes == 12 + 12 * 83
    with pytest.raises(PlanRefused) as refusal:
        plan("{ schools(first: 100) { nodes { members(first: 100) { nodes { id } } } } }")
    assert refusal.value.code == "QUERY_TOO_EXPENSIVE"


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_has_one_to_a_hundred(first: int) -> None:
    with pytest.raises(PlanRefused) as refusal:
        plan("query ($n: Int) { schools(first: $n) { nodes { id } } }", {"n": first})
    assert refusal.value.code == "BAD_USER_INPUT"


def test_fields_an_outsider_may_not_read_are_not_even_asked_for() -> None:
    sql = plan("{ members { nodes { person { dateOfBirth email } } } }", profile=ANONYMOUS).sql

    assert "date_of_birth" not in sql
    assert "(false)" in sql
