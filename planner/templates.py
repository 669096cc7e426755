"""SQL in declarations is a *template*.

`{row}` stands for the row of the enclosing type, `{other}` for the row of a list, `{viewer.name}` for a fact about the
caller, `{value}` for an argument's value and the name a registry gives the tenant for the tenant. All but the rows become
bind parameters.
"""

from collections.abc import Callable
from typing import Any

Template = str
AccessProfile = Any  # hashable; what a plan may depend on about the caller
Access = Callable[[AccessProfile], Template]  # the predicate under which a caller of this profile may read

ALWAYS: Template = "true"
NEVER: Template = "false"


class Lacking(str):
    """NEVER, for want of something the caller could be granted: `Plan.lacks` says so beside an answer that lacks it."""

    what: str

    def __new__(cls, what: str) -> "Lacking":
        made = super().__new__(cls, NEVER)
        made.what = what
        return made


def everybody(_: AccessProfile) -> Template:
    return ALWAYS


def nobody(_: AccessProfile) -> Template:
    return NEVER


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def column_of(attribute: Any, row: str = "{row}") -> Template:
    """A mapped attribute, as a column of `row`."""
    return f"{row}.{quoted(attribute.__clause_element__().name)}"
