"""Which functions and casts PostgreSQL calls stable or volatile, as far as our statements use them."""

from collections.abc import Collection, Iterable

from pglast import ast

from .catalogue import Catalogue, Time
from .trees import Node, cast_to, column_of, function_of, is_a, operator_of, walk

# app_now() and legal_today() are ours: the clock and the day of law
STABLE = frozenset(
    {"now", "transaction_timestamp", "statement_timestamp", "app_now", "legal_today", "age"}
    | {"to_char", "to_date", "to_timestamp", "current_setting"}
)
VOLATILE = frozenset(
    {"uuidv4", "uuidv7", "gen_random_uuid", "gen_random_bytes", "random", "clock_timestamp", "timeofday"}
    | {"nextval", "currval", "set_config"}
)
READERS = frozenset({"members_named"})  # our functions that read tables
TIMES = frozenset({"date", "time", "timetz", "timestamp", "timestamptz", "interval"})
TEXTS = frozenset({"text", "varchar", "bpchar"})


def called(nodes: Iterable[Node], names: Collection[str]) -> list[str]:
    """The functions among `names` that these very nodes call."""
    return [name for each in nodes if (name := function_of(each)) is not None and name in names]


def calls(node: Node, names: Collection[str]) -> list[str]:
    """The functions among `names` that are called in an expression, its sub-selects aside."""
    return called(walk(node), names)


def clocks(node: Node) -> list[str]:
    """current_date, current_timestamp and the like: keywords, so no function of their own."""
    return [each.op.name.removeprefix("SVFOP_").lower() for each in walk(node) if is_a(each, ast.SQLValueFunction)]


def has_column(node: Node) -> bool:
    return any(is_a(each, ast.ColumnRef) for each in walk(node))


def is_stable(node: Node, catalogue: Catalogue) -> bool:
    """Whether this very node (not what is below it) applies something stable to what is below it."""
    if is_a(node, ast.FuncCall):
        return function_of(node) in STABLE
    if is_a(node, ast.TypeCast):
        return _is_stable_cast(node, catalogue)
    operator = operator_of(node)
    if operator in ("+", "-"):
        return _holds_moment(node.lexpr, catalogue) and not _is_difference(node, catalogue)
    if operator in ("<", "<=", ">", ">=", "=", "<>"):
        kinds = {_time_of(node.lexpr, catalogue), _time_of(node.rexpr, catalogue)}
        return kinds == {Time.DAY, Time.MOMENT}
    return False


def _is_stable_cast(cast: Node, catalogue: Catalogue) -> bool:
    """From text to a time, from a moment to a day, from a time to text."""
    held = _time_of(cast.arg, catalogue)
    if cast_to(cast) in TEXTS:
        return held is not None
    if function_of(cast.arg) == "timezone" or (cast_to(cast) == "date" and held is Time.DAY):
        return False
    return cast_to(cast) in TIMES


def _is_difference(node: Node, catalogue: Catalogue) -> bool:
    """A moment minus a moment doesn't depend on the time zone; a moment plus or minus an interval does."""
    return operator_of(node) == "-" and _holds_moment(node.rexpr, catalogue)


def _holds_moment(node: Node, catalogue: Catalogue) -> bool:
    return node is not None and _time_of(node, catalogue) is Time.MOMENT


def _time_of(node: Node, catalogue: Catalogue) -> Time | None:
    """Whether an expression is a day or a moment, as far as its look tells."""
    column = column_of(node)
    if column is not None:
        return catalogue.times.get(column[1])
    if is_a(node, ast.SQLValueFunction):
        return Time.DAY if node.op.name == "SVFOP_CURRENT_DATE" else Time.MOMENT
    if is_a(node, ast.FuncCall):
        return {"now": Time.MOMENT, "app_now": Time.MOMENT, "legal_today": Time.DAY}.get(function_of(node) or "")
    if is_a(node, ast.TypeCast):
        return {"date": Time.DAY, "timestamptz": Time.MOMENT}.get(cast_to(node) or "")
    if is_a(node, ast.MinMaxExpr, ast.CoalesceExpr):
        return next((found for each in node.args if (found := _time_of(each, catalogue))), None)
    if operator_of(node) in ("+", "-"):
        return _time_of(node.lexpr, catalogue)
    return None
