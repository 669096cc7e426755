"""Objects and what is below them: to-one relations as joins of the enclosing FROM, short lists as aggregated sub-selects."""

from graphql import GraphQLObjectType, SelectionSetNode

from .bindings import Paged, Scalar, ToMany, ToOne
from .connections import Connections
from .errors import NotPlannable
from .reading import DocumentReader
from .scalars import scalar
from .selected import SelectedField
from .statement import Row, Statement
from .templates import ALWAYS, NEVER, Template, quoted
from .text import NULL, JsonText, JsonValue, Sql, json_object

NODES_OF_A_SHORT_LIST = 10  # what a list without `first` is reckoned at


class Objects:
    """The objects of one statement."""

    def __init__(self, statement: Statement, document: DocumentReader) -> None:
        self._statement, self._document = statement, document
        self.connections = Connections(statement, document, self.text)

    def text(self, parent: GraphQLObjectType, selections: list[SelectionSetNode], row: Row) -> JsonText:
        """The object that `row` is, with what is selected of it."""
        collected = self._document.collect(parent, selections)
        return json_object([(key, self._member(field, row)) for key, field in collected.items()])

    def single(self, field: SelectedField, target: GraphQLObjectType, condition: Template, value: str | None) -> Sql:
        """One row of `target`, or null."""
        statement = self._statement
        statement.count(1)
        row = statement.row()
        where = [statement.template(condition, row=row.alias, value=value), *statement.visible(target, row.alias)]
        text = self.text(target, field.selections, row)
        source = f"{statement.source(target, row.alias)}{''.join(row.joins)}"
        return Sql(f"coalesce((select {text.sql()} from {source} where {' and '.join(where)}),'null')")

    def _member(self, field: SelectedField, row: Row) -> JsonValue:
        if field.name == "__typename":
            return f'"{field.parent.name}"'
        statement = self._statement
        declared = statement.registry.fields.get((field.parent.name, field.name))
        if declared is None:
            raise NotPlannable(f"{field.parent.name}.{field.name}")
        policy = statement.may_read(statement.declared(field.parent), declared.sensitivity)
        permitted = statement.template(policy, row=row.alias)
        if permitted == NEVER:
            return NULL
        value = self._value(field, declared.binding, row)
        if permitted == ALWAYS:
            return value
        text = value.text if isinstance(value, Sql) else JsonText().add(value).sql()
        return Sql(f"case when {permitted} then {text} else 'null' end")

    def _value(self, field: SelectedField, binding: object, row: Row) -> JsonValue:
        match binding:
            case Scalar():
                return scalar(self._statement, field, binding, row.alias)
            case ToOne():
                return self._to_one(field, binding, row)
            case ToMany():
                return self._to_many(field, binding, row)
            case Paged():
                return self.connections.paged(field, binding, row)
            case _:
                raise NotPlannable(field.name)

    def _to_one(self, field: SelectedField, binding: ToOne, row: Row) -> Sql:
        statement, target = self._statement, field.target
        if self._is_never_seen(target):
            return NULL  # no join
        declared = statement.declared(target)
        other = Row(statement.alias(), row.joins)
        key = f"{other.alias}.{quoted(binding.target_key or declared.key)}"
        condition = [
            f"{key} = {statement.template(binding.sql, row=row.alias)}",
            *statement.visible(target, other.alias),
        ]
        row.joins.append(f" left join {statement.source(target, other.alias)} on {' and '.join(condition)}")
        text = self.text(target, field.selections, other)
        return Sql(f"case when {key} is null then 'null' else {text.sql()} end")

    def _to_many(self, field: SelectedField, binding: ToMany, row: Row) -> Sql:
        statement, target = self._statement, field.target
        if self._is_never_seen(target):
            return NULL  # an empty list would be an answer
        other = statement.row()
        alias = other.alias
        where = [
            statement.template(binding.condition, row=row.alias, other=alias),
            *statement.visible(target, alias),
        ]
        order = statement.order_by(binding.order, alias)
        statement.count(NODES_OF_A_SHORT_LIST + binding.weight)
        with statement.repeated(NODES_OF_A_SHORT_LIST):
            text = self.text(target, field.selections, other)
        listed = (
            f"(select coalesce('['||string_agg({text.sql()},',' order by {order})||']','[]') from (select {alias}.* "
            f"from {statement.source(target, alias)} where {' and '.join(where)} order by {order} "
            f"limit {binding.longest}) {alias}{''.join(other.joins)})"
        )
        if binding.exists == ALWAYS:
            return Sql(listed)
        return Sql(f"case when {statement.template(binding.exists, row=row.alias)} then {listed} else 'null' end")

    def _is_never_seen(self, target: GraphQLObjectType) -> bool:
        """Whether no row of it is for this caller."""
        return self._statement.row_policy(self._statement.declared(target)) == NEVER
