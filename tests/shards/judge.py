"""Whether a statement stays on one shard, told from its text alone.

The rules are what a real cluster (Citus 14.0.1, PostgreSQL 18) refused or spread out: `test_verdicts.py` holds the
judge against what it said of 407 statements. ANALYZE is let pass: the cluster was not asked about it.
"""

from collections.abc import Iterator

from pglast import ast, parse_sql

from .catalogue import Catalogue
from .findings import Finding, Rule
from .functions import READERS, called
from .reads import TableUse, correlated_with_cte, false_joins, table_uses, unconstrained
from .trees import Level, Node, everything, is_a, levels, name_of
from .writes import change, insert, inserted_parameters

WHOLE = (ast.LockStmt, ast.TruncateStmt, ast.CopyStmt)
UNASKED = (ast.VacuumStmt,)


def judge(sql: str, catalogue: Catalogue) -> list[Finding]:
    """What the cluster would refuse or send to every shard, each finding once. Raises pglast's ParseError."""
    found = [each for raw in parse_sql(sql) for each in _statement(raw.stmt, catalogue)]
    return list(dict.fromkeys(found))


def _statement(root: Node, catalogue: Catalogue) -> Iterator[Finding]:
    if is_a(root, *UNASKED):
        return
    used = [node for node in everything(root) if is_a(node, ast.RangeVar) and node.relname in catalogue.tenants]
    if is_a(root, *WHOLE):
        yield from (Finding(Rule.WHOLE_TABLE, node.relname) for node in used)
        return
    if is_a(root, ast.CreateTableAsStmt) and used:
        yield Finding(Rule.TEMPORARY_COPY, root.into.rel.relname)
    every = [(level, table_uses(level, catalogue)) for level in levels(root)]
    for level, uses in every:
        yield from unconstrained(level, uses)
        yield from insert(level, catalogue)
        yield from change(level, catalogue)
        yield from false_joins(level)
        yield from correlated_with_cte(level, uses)
        yield from (Finding(Rule.READS_TABLES, name) for name in called(level.nodes, READERS))
    yield from _whole(every, catalogue)
    yield from _not_understood(root, every, used)


def _whole(every: list[tuple[Level, list[TableUse]]], catalogue: Catalogue) -> Iterator[Finding]:
    """All levels must be bound to the same parameter."""
    parameters = {use.parameter for _, uses in every for use in uses}
    for level, _ in every:
        statement = level.statement
        if is_a(statement, ast.InsertStmt) and statement.relation.relname in catalogue.tenants:
            parameters |= set(inserted_parameters(statement))
    bound = sorted(each for each in parameters if each is not None)
    if len(bound) > 1:
        yield Finding(Rule.TWO_TRUSTS, ", ".join(f"${number}" for number in bound))


def _not_understood(root: Node, every: list[tuple[Level, list[TableUse]]], used: list[Node]) -> Iterator[Finding]:
    """Tenant tables that no level has looked at: a MERGE, say, or a statement that changes tables."""
    known = {id(use.table) for _, uses in every for use in uses}
    known |= {id(level.statement.relation) for level, _ in every if is_a(level.statement, ast.InsertStmt)}
    hidden = {name for level, _ in every for name in level.hidden}
    for node in used:
        if id(node) not in known and node.relname not in hidden:
            yield Finding(Rule.NOT_UNDERSTOOD, f"{type(root).__name__} of {name_of(node)}")
