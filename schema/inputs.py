"""Commands of actions as inputs of mutations: the types, and reading what a client sent."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from hashlib import sha256
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import strawberry
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from domain.forms import OF_TYPE, Email, Form, Id, Untraced
from domain.refusals import NotFound, Refusal, refuse_all
from planner import decode_id

from .vocabulary import EmailAddress

cached: Any = functools.cache  # mypy takes no class for hashable
IDEMPOTENCY_KEY = "Anything unique to this act: sent again, it gives the same answer and does nothing."


@dataclass(frozen=True)
class Kind:
    """What a field of a command takes."""

    python: type[Any]
    forms: tuple[Form, ...]
    description: str = ""
    is_optional: bool = False
    of_each: "Kind | None" = None  # of a list

    @functools.cached_property
    def prefix(self) -> str | None:
        """Of an id."""
        return next((form.prefix for form in self.forms if isinstance(form, Id)), None)

    @property
    def is_untraced(self) -> bool:
        return any(isinstance(form, Untraced) for form in self.forms)

    @property
    def graphql(self) -> Any:
        """The annotation that strawberry reads."""
        named: Any = self.python
        if self.of_each is not None:
            named = list[self.of_each.graphql]  # type: ignore[name-defined]
        elif self.prefix is not None:
            named = strawberry.ID
        elif any(isinstance(form, Email) for form in self.forms):
            named = EmailAddress
        elif self.python is Mapping:
            named = JSON
        elif is_dataclass(self.python):
            named = input_of(self.python)
        return named | None if self.is_optional else named


def kind_of(annotation: Any) -> Kind:
    if get_origin(annotation) is Annotated:
        inner, *said = get_args(annotation)
        kind = kind_of(inner)
        forms = tuple(each for each in said if isinstance(each, Form))
        description = next((each for each in said if isinstance(each, str)), kind.description)
        return Kind(kind.python, (*kind.forms, *forms), description, kind.is_optional, kind.of_each)
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (each for each in get_args(annotation) if each is not type(None))
        kind = kind_of(inner)
        return Kind(kind.python, kind.forms, kind.description, True, kind.of_each)
    if get_origin(annotation) is Sequence:
        (each,) = get_args(annotation)
        return Kind(list, (), of_each=kind_of(each))
    return Kind(get_origin(annotation) or annotation, OF_TYPE.get(annotation, ()))


@cached
def kinds_of(command: Any) -> Mapping[str, Kind]:
    """What each field of a command takes, by its name."""
    return {name: kind_of(hint) for name, hint in get_type_hints(command, include_extras=True).items()}


@cached
def _sent(command: Any) -> Sequence[tuple[str, str, Kind]]:
    """Name, name in GraphQL and kind of each field of a command."""
    return [(name, to_camel_case(name), kind) for name, kind in kinds_of(command).items()]


@cached
def input_of(command: Any, *, has_key: bool = False) -> type[Any]:
    """The input type of a command: its name, its docstring and its fields; `has_key`: with an idempotency key."""
    kinds = kinds_of(command)
    namespace: dict[str, Any] = {"__annotations__": {name: kind.graphql for name, kind in kinds.items()}}
    for each in fields(command):
        namespace[each.name] = strawberry.field(description=kinds[each.name].description, **_default(each))
    if has_key:
        namespace["__annotations__"]["idempotency_key"] = str | None
        namespace["idempotency_key"] = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    description = " ".join((command.__doc__ or "").partition("\n\n")[0].split())
    made = strawberry.input(type(f"{command.__name__}Input", (), namespace), description=description)
    made.__strawberry_definition__.from_input = _as_sent  # type: ignore[attr-defined]
    return made


def _as_sent(_: type[Any], values: Mapping[str, Any], __: object) -> Mapping[str, Any]:
    """What a client sent is read into the command itself, not into an object of the input's type first."""
    return values


def _default(of: "Field[Any]") -> dict[str, Any]:
    if of.default == ():
        return {"default_factory": list}
    return {} if of.default is MISSING else {"default": of.default}


def read(command: type[Any], given: Mapping[str, Any]) -> Any:
    """The command that an input says, by the names of GraphQL. Refuses every field that is wrong at once: NOT_FOUND, and those of the forms."""
    refusals: list[Refusal] = []
    made = _read(command, given, "", refusals)
    refuse_all(refusals)
    return made


def _read(command: type[Any], given: Mapping[str, Any], path: str, refusals: list[Refusal]) -> Any:
    values = {
        name: _value(kind, given.get(sent_as), f"{path}{name}", refusals) for name, sent_as, kind in _sent(command)
    }
    return command(**values)


def _value(kind: Kind, value: Any, path: str, refusals: list[Refusal]) -> Any:
    if value is None:
        return None
    if kind.prefix is not None:
        key = decode_id(kind.prefix, value)
        if key is None:
            refusals.append(NotFound(path))
        return key
    try:
        for form in kind.forms:
            value = form.check(value)
    except Refusal as refusal:
        refusals.append(refusal.within(path))
        return value
    if kind.of_each is not None:
        return tuple(_value(kind.of_each, each, f"{path}.{index}", refusals) for index, each in enumerate(value))
    return _read(kind.python, value, f"{path}.", refusals) if is_dataclass(kind.python) else value


def request_fingerprint(mutation: str, command: Any) -> str:
    """Tells one request from another: the mutation and a hash of what was said, or of as much as may leave a trace.

    What was left out does not count, so that a new optional field changes no fingerprint.
    """
    return f"{mutation} {sha256(repr(_said(command)).encode()).hexdigest()}"


def _said(value: Any) -> Any:
    if is_dataclass(value):
        return list(_fields_said(value))
    return [_said(each) for each in value] if isinstance(value, tuple) else value


def _fields_said(command: Any) -> Iterator[tuple[str, Any]]:
    kinds = kinds_of(type(command))
    for each in fields(command):
        value = getattr(command, each.name)
        if value != each.default and not kinds[each.name].is_untraced:
            yield each.name, _said(value)
