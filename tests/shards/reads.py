"""Rules for every level of a statement: which tables it names, and whether each is bound to the trust there."""

from collections.abc import Iterator
from dataclasses import dataclass

from pglast import ast
from pglast.enums import JoinType

from .catalogue import TENANT, Catalogue
from .findings import Finding, Rule
from .trees import (
    Level,
    Node,
    column_of,
    conjuncts,
    is_a,
    is_false,
    is_table,
    name_of,
    operator_of,
    parameter_of,
    sources,
)


@dataclass(frozen=True)
class TableUse:
    """A tenant table at its level, and the parameter its trust_id equals there, if any."""

    table: Node
    parameter: int | None

    def __str__(self) -> str:
        alias = name_of(self.table)
        return self.table.relname if alias == self.table.relname else f"{self.table.relname} {alias}"


def table_uses(level: Level, catalogue: Catalogue) -> list[TableUse]:
    """The tenant tables which this level reads, updates or deletes from."""
    statement = level.statement
    if is_a(statement, ast.InsertStmt):
        return []
    where = conjuncts(statement.whereClause)
    found = [(statement.relation, where)] if is_a(statement, ast.UpdateStmt, ast.DeleteStmt) else []
    for source in sources(statement):
        found += _filtered(source, where)
    return [
        TableUse(table, _bound(table, conditions))
        for table, conditions in found
        if is_table(table, level) and table.relname in catalogue.tenants
    ]


def _filtered(source: Node, conditions: list[Node]) -> Iterator[tuple[Node, list[Node]]]:
    """Each table of one item of FROM with the conditions that limit its rows.

    The ON of an outer join limits only the side that may be missing.
    """
    if is_a(source, ast.RangeVar):
        yield source, conditions
    elif is_a(source, ast.JoinExpr):
        own = conditions + conjuncts(source.quals)
        inner = source.jointype == JoinType.JOIN_INNER
        yield from _filtered(source.larg, own if inner or source.jointype == JoinType.JOIN_RIGHT else conditions)
        yield from _filtered(source.rarg, own if inner or source.jointype == JoinType.JOIN_LEFT else conditions)


def _bound(table: Node, conditions: list[Node]) -> int | None:
    for condition in conditions:
        if operator_of(condition) != "=":
            continue
        for side, other in ((condition.lexpr, condition.rexpr), (condition.rexpr, condition.lexpr)):
            if column_of(side) in ((name_of(table), TENANT), (None, TENANT)) and parameter_of(other):
                return parameter_of(other)
    return None


def unconstrained(level: Level, uses: list[TableUse]) -> Iterator[Finding]:
    """Tables read across trusts, and whether rows are locked with it."""
    for use in uses:
        if use.parameter is None:
            yield Finding(Rule.UNCONSTRAINED, str(use))
            if getattr(level.statement, "lockingClause", None):
                yield Finding(Rule.LOCKED_ACROSS_TRUSTS, str(use))


def false_joins(level: Level) -> Iterator[Finding]:
    joins = [node for node in level.nodes if is_a(node, ast.JoinExpr) and node.jointype != JoinType.JOIN_INNER]
    for join in joins:
        if any(is_false(each) for each in conjuncts(join.quals)):
            yield Finding(Rule.FALSE_JOIN, str(name_of(join.rarg)))


def correlated_with_cte(level: Level, uses: list[TableUse]) -> Iterator[Finding]:
    """A level over tenant tables which names a column of a CTE that only a level around it reads."""
    if not level.outside or not uses:
        return
    own = {name_of(node) for node in level.nodes if hasattr(node, "alias")}
    named = {column[0] for node in level.nodes if (column := column_of(node))}
    for name in sorted(each for each in named - own if each in level.outside):
        yield Finding(Rule.CORRELATED_WITH_CTE, name)
