"""What a mutation answers: the object that was written, or why nothing was."""

import re
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.refusals import Refusal, RefusalCode
from planner import payload_node

from .inputs import cached


@strawberry.type(description="What a message says in numbers and names, for whoever puts it into other words.")
class RefusalParameter:
    name: str = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="How much, or which.")


@strawberry.type(description="Why nothing was done.")
class UserError:
    code: RefusalCode = strawberry.field(description="Stable code.")
    message: str = strawberry.field(description="One sentence for people.")
    path: str | None = strawberry.field(description="The input field it is about, as `answers.1.choice`.")
    parameters: list[RefusalParameter] = strawberry.field(description="What the message says in numbers and names.")


def user_errors(refusal: Refusal) -> list[UserError]:
    """The refusal and the others of the same command."""
    return [
        UserError(
            code=each.code,
            message=each.message,
            path=None if each.field is None else _path(each.field),
            parameters=[
                RefusalParameter(name=to_camel_case(name), value=str(v)) for name, v in each.parameters.items()
            ],
        )
        for each in (refusal, *refusal.others)
    ]


def _path(field: str) -> str:
    """As clients name it: what stands in upper case is a key of JSON and stays."""
    return ".".join(to_camel_case(part) if part.islower() else part for part in field.split("."))


def object_name(returned: type[Any]) -> str:
    """What a payload calls an object of this type, unless it is told: `roll_entry` of RollEntry."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", returned.__name__).lower()


def errors() -> Any:
    """The field of a payload that says why nothing was done."""
    return strawberry.field(default_factory=list, description="Why nothing was done.")


@cached
def payload_of(returned: Any, name: str) -> type[Any]:
    """The payload of mutations that write an object of this type: the object, under this name, and the errors."""
    namespace: dict[str, Any] = {
        "__annotations__": {name: returned | None, "errors": list[UserError]},
        name: payload_node(description=f"The {name.replace('_', ' ')}."),
        "errors": errors(),
    }
    description = "What was written, or why nothing was."
    return strawberry.type(type(f"{returned.__name__}Payload", (), namespace), description=description)
