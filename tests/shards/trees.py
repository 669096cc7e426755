"""Walking what pglast parses. Without recursion: a planned read concatenates hundreds of texts, each a level deeper."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType

Node: TypeAlias = Any  # pglast's nodes are written in C and typed loosely
STATEMENTS = frozenset({ast.SelectStmt, ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt})
# what no rule looks into, and what a rule asks every level for: most of a planned read is neither
LEAVES = frozenset({ast.String, ast.A_Const, ast.A_Star, ast.ParamRef, ast.TypeName, ast.Alias})
ASKED = frozenset({ast.RangeVar, ast.RangeSubselect, ast.RangeFunction, ast.JoinExpr, ast.FuncCall, ast.ColumnRef})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Level:
    """One query level.

    `nodes`: its sources, joins, calls and columns, sub-selects aside; `hidden`: names that mean a CTE here; `outside`: the names by which
    the levels around it read a CTE.
    """

    statement: Node
    hidden: frozenset[str]
    outside: frozenset[str]
    nodes: list[Node] = field(default_factory=list)


@cache
def _branches(kind: Any) -> tuple[str, ...]:
    """The attributes of a kind of node that hold nodes: pointers, in the words of PostgreSQL's own parser."""
    return tuple(name for name, (c_type, _, _) in kind.__slots__.items() if c_type.endswith("*") and c_type != "char*")


def is_a(node: Node, *kinds: Any) -> bool:
    """Its kind, without what mypy concludes from it: the stubs of pglast call every attribute optional."""
    return node.__class__ in kinds


def children(node: Node) -> list[Node]:
    """What is right below a node or a list of them, leaves left out."""
    below = node if node.__class__ is tuple else [getattr(node, name) for name in _branches(node.__class__)]
    return [each for each in below if each is not None and each.__class__ not in LEAVES]


def walk(node: Node) -> Iterator[Node]:
    """The nodes at and below `node`, but nothing inside a sub-select."""
    waiting = [node] if node is not None else []
    while waiting:
        current = waiting.pop()
        if current.__class__ is not tuple:
            yield current
            if current is not node and current.__class__ in STATEMENTS:
                continue
        waiting += reversed(children(current))


def everything(root: Node) -> Iterator[Node]:
    """All nodes at and below `root`."""
    waiting = [root]
    while waiting:
        current = waiting.pop()
        if current.__class__ is not tuple:
            yield current
        waiting += children(current)


def levels(root: Node) -> list[Level]:
    """Every SELECT, INSERT, UPDATE and DELETE in `root`, outer ones first."""
    found: list[Level] = []
    waiting: list[tuple[Node, Level | None]] = [(root, None)]
    while waiting:
        node, level = waiting.pop()
        if node.__class__ in STATEMENTS:
            level = _level_within(level, node)
            found.append(level)
        if level and node.__class__ in ASKED:
            level.nodes.append(node)
        waiting += [(child, level) for child in reversed(children(node))]
    return found


def _level_within(level: Level | None, statement: Node) -> Level:
    if level is None:
        return Level(statement, _cte_names(statement), NONE)
    read = {str(name_of(each)) for each in _named_in(sources(level.statement)) if each.relname in level.hidden}
    return Level(statement, level.hidden | _cte_names(statement), level.outside | read)


def _cte_names(statement: Node) -> frozenset[str]:
    return frozenset(each.ctename for each in statement.withClause.ctes) if statement.withClause else NONE


def sources(statement: Node) -> tuple[Node, ...]:
    """The items of FROM, or of a DELETE's USING."""
    return getattr(statement, "fromClause", None) or getattr(statement, "usingClause", None) or ()


def _named_in(items: tuple[Node, ...]) -> list[Node]:
    return [node for item in items for node in walk(item) if is_a(node, ast.RangeVar)]


def name_of(source: Node) -> str | None:
    """How the rest of its level calls an item of FROM."""
    name: str | None = source.alias.aliasname if source.alias else getattr(source, "relname", None)
    return name


def is_table(node: Node, level: Level) -> bool:
    """Whether a name in FROM is a table rather than a CTE."""
    return is_a(node, ast.RangeVar) and (node.schemaname is not None or node.relname not in level.hidden)


def conjuncts(condition: Node) -> list[Node]:
    """The conditions that all must hold."""
    if condition is None:
        return []
    if is_a(condition, ast.BoolExpr) and condition.boolop == BoolExprType.AND_EXPR:
        return [each for part in condition.args for each in conjuncts(part)]
    return [condition]


def parameter_of(node: Node) -> int | None:
    """The number of `$n`, cast or not."""
    while is_a(node, ast.TypeCast):
        node = node.arg
    return node.number if is_a(node, ast.ParamRef) else None


def column_of(node: Node) -> tuple[str | None, str] | None:
    """The qualifier, if any, and the name of a column."""
    if not is_a(node, ast.ColumnRef) or not all(is_a(each, ast.String) for each in node.fields):
        return None
    names = [each.sval for each in node.fields]
    return (names[-2] if len(names) > 1 else None, names[-1])


def function_of(node: Node) -> str | None:
    return node.funcname[-1].sval if is_a(node, ast.FuncCall) else None


def operator_of(node: Node) -> str | None:
    plain = is_a(node, ast.A_Expr) and node.kind == A_Expr_Kind.AEXPR_OP
    return node.name[-1].sval if plain else None


def cast_to(node: Node) -> str | None:
    """The name of the type a cast leads to; an array's is followed by `[]`."""
    if not is_a(node, ast.TypeCast):
        return None
    return str(node.typeName.names[-1].sval) + ("[]" if node.typeName.arrayBounds else "")


def is_false(node: Node) -> bool:
    return is_a(node, ast.A_Const) and is_a(node.val, ast.Boolean) and node.val.boolval is False
