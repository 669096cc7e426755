"""Rules for INSERT, UPDATE and DELETE of tenant tables."""

from collections.abc import Iterator

from pglast import ast

from .catalogue import TENANT, Catalogue
from .findings import Finding, Rule
from .functions import STABLE, VOLATILE, calls, clocks, has_column, is_stable
from .trees import Level, Node, column_of, everything, is_a, is_table, parameter_of, sources, walk


def inserted_parameters(statement: Node) -> list[int | None]:
    """What each row of an INSERT … VALUES puts into trust_id: a parameter, or None for anything else."""
    place = _place_of_trust(statement)
    if statement.selectStmt is None or place is None:
        return [None]
    return [parameter_of(row[place]) for row in statement.selectStmt.valuesLists or ()]


def _place_of_trust(statement: Node) -> int | None:
    names = [each.name for each in statement.cols or ()]
    return names.index(TENANT) if TENANT in names else None


def insert(level: Level, catalogue: Catalogue) -> Iterator[Finding]:
    """INSERT … VALUES binds the trust; INSERT … SELECT is stricter still."""
    statement = level.statement
    if not is_a(statement, ast.InsertStmt) or statement.relation.relname not in catalogue.tenants:
        return
    table = statement.relation.relname
    selected = statement.selectStmt is not None and not statement.selectStmt.valuesLists
    if selected:
        yield from _insert_select(level, catalogue)
    elif None in inserted_parameters(statement):
        yield Finding(Rule.INSERT_WITHOUT_TRUST, table)
    conflict = statement.onConflictClause
    for part in (conflict.targetList, conflict.whereClause) if conflict else ():
        for name in calls(part, STABLE | VOLATILE) + clocks(part):
            yield Finding(Rule.CONFLICT_NOT_IMMUTABLE, f"{name} in {table}")


def _insert_select(level: Level, catalogue: Catalogue) -> Iterator[Finding]:
    statement, table = level.statement, level.statement.relation.relname
    select = statement.selectStmt
    if statement.withClause or select.withClause or not _only_tenant_tables(select, level, catalogue):
        yield Finding(Rule.INSERT_FROM_ELSEWHERE, table)
    if not _selects_trust(statement):
        yield Finding(Rule.INSERT_CONSTANT_TRUST, table)
    named = {each.name for each in statement.cols or ()}
    for column in sorted(catalogue.volatile.get(table, frozenset()) - named):
        yield Finding(Rule.INSERT_UNNAMED_DEFAULT, f"{table}.{column}")
    if calls(select, VOLATILE) or select.limitCount or select.limitOffset:
        yield Finding(Rule.INSERT_UNSTABLE_SELECT, table)


def _only_tenant_tables(select: Node, level: Level, catalogue: Catalogue) -> bool:
    """Whether FROM names tenant tables and nothing else: no function, no CTE, no temporary table."""
    nodes = [node for item in select.fromClause or () for node in everything(item)]
    tables = [node for node in nodes if is_a(node, ast.RangeVar)]
    return (
        bool(tables)
        and all(is_table(each, level) and each.relname in catalogue.tenants for each in tables)
        and not any(is_a(node, ast.RangeFunction) for node in nodes)
    )


def _selects_trust(statement: Node) -> bool:
    """Whether the column that goes into trust_id is a source table's own."""
    place, targets = _place_of_trust(statement), statement.selectStmt.targetList or ()
    column = column_of(targets[place].val) if place is not None and place < len(targets) else None
    return column is not None and column[1] == TENANT


def change(level: Level, catalogue: Catalogue) -> Iterator[Finding]:
    """UPDATE and DELETE: what their SET, WHERE and ON may call. Sub-selects may call more."""
    statement = level.statement
    if not is_a(statement, ast.UpdateStmt, ast.DeleteStmt):
        return
    if statement.relation.relname not in catalogue.tenants:
        return
    table = statement.relation.relname
    for node in _expressions(statement):
        for name in _in_conditional(node):
            yield Finding(Rule.CONDITIONAL_NOT_IMMUTABLE, f"{name} in {table}")
        if is_stable(node, catalogue) and has_column(node):
            yield Finding(Rule.STABLE_OF_COLUMN, f"{type(node).__name__} in {table}")
        if is_a(node, ast.FuncCall) and calls(node, VOLATILE):
            yield Finding(Rule.VOLATILE_CHANGE, table)


def _expressions(statement: Node) -> Iterator[Node]:
    targets = getattr(statement, "targetList", None) or ()
    joins = [each.quals for item in sources(statement) for each in walk(item) if is_a(each, ast.JoinExpr)]
    for part in (*(each.val for each in targets), statement.whereClause, *joins):
        yield from walk(part)


def _in_conditional(node: Node) -> list[str]:
    """`least(until, current_date)` was accepted, so the keywords pass there."""
    if is_a(node, ast.CoalesceExpr, ast.CaseExpr):
        return calls(node, STABLE | VOLATILE) + clocks(node)
    return calls(node, STABLE | VOLATILE) if is_a(node, ast.MinMaxExpr) else []
