"""Who may see what in the toy."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from planner import ALWAYS, NEVER, Access, Lacking, everybody


class Role(Enum):
    """The access profile: all that a plan depends on about the caller."""

    VISITOR = "visitor"
    READER = "reader"
    STAFF = "staff"


@dataclass(frozen=True)
class Viewer:
    role: Role
    reader_id: UUID | None = None


class Sensitivity(Enum):
    OPEN = "open"
    OWN = "their own affair"
    INTERNAL = "for staff"


def staff_or(reader: str, visitor: str = NEVER) -> Access:
    """Staff see all; readers and visitors what satisfies these."""
    policies = {Role.STAFF: ALWAYS, Role.READER: reader, Role.VISITOR: visitor}
    return lambda profile: policies[profile]


ON_THE_SHELF = "not {row}.is_withdrawn"
CATALOGUE = staff_or(ON_THE_SHELF, ON_THE_SHELF)
READERS = staff_or(ALWAYS)
LOANS = staff_or("{row}.reader_id = {viewer.reader_id}", Lacking("a card"))
OPEN = {Sensitivity.OPEN: everybody, Sensitivity.INTERNAL: staff_or(NEVER)}
PERSONAL = {Sensitivity.OPEN: everybody, Sensitivity.OWN: staff_or("{row}.id = {viewer.reader_id}", Lacking("a badge"))}
