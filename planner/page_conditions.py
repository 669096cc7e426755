"""Which rows a list holds: its own condition, the filters that are set and the arguments."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from .bindings import Filter, Paged
from .errors import PlanRefused
from .reading import DocumentReader
from .request import Given
from .selected import SelectedField
from .statement import Row, Statement
from .templates import ALWAYS
from .types import PlannedType

Renderer = Callable[[str], str]  # of one condition, for an alias


def page_conditions(
    statement: Statement,
    document: DocumentReader,
    field: SelectedField,
    binding: Paged,
    target: PlannedType,
    row: Row | None,
) -> list[Renderer]:
    """Each renders one condition of the list; what is not rendered binds nothing."""
    renderers: list[Renderer] = []
    if binding.condition != ALWAYS:
        renderers.append(partial(_condition, statement, binding, row))
    filters = document.filter_values(field).items()
    chosen = [(_naming(f"filter.{name}", binding.filters[name]), given) for name, given in filters]
    for name, declared in binding.arguments.items():
        argument = next(key for key in field.definition.args if key.lower() == name.replace("_", "").lower())
        given = document.argument(field, argument)
        if given is not None and document.is_given(given):
            chosen.append((_naming(argument, declared), given))
        elif declared.absent is not None:
            renderers.append(partial(statement.template, declared.absent))
    return [*renderers, *(partial(_chosen, statement, target, declared, given) for declared, given in chosen)]


def _naming(path: str, declared: Filter) -> Filter:
    """The same; what it can't read is refused by this path."""
    decode = declared.decode
    return declared if decode is None else replace(declared, decode=partial(_read, path, decode))


def _read(path: str, decode: Callable[[Any], Any], given: Any) -> Any:
    try:
        return decode(given)
    except ValueError as error:
        raise PlanRefused(f"`{path}` is no condition of this list: {error} is expected.") from None


def _condition(statement: Statement, binding: Paged, row: Row | None, alias: str) -> str:
    if row is None:  # at the root {row} is the listed row itself
        return statement.template(binding.condition, row=alias)
    return statement.template(binding.condition, row=row.alias, other=alias)


def _chosen(statement: Statement, target: PlannedType, declared: Filter, given: Given, alias: str) -> str:
    value = statement.parameter(given, declared.sql_type, declared.decode)
    if declared.alone:
        statement.goes_alone()
    policy = statement.row_policy(target)
    if declared.of_visible is not None and policy != ALWAYS:
        seen = statement.template(policy, row=alias)
        return f"case when {seen} then {statement.template(declared.of_visible, row=alias, value=value)} else false end"
    return statement.template(declared.predicate, row=alias, value=value)
