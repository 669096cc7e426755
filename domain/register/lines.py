"""The lines of the statutory register (rules 5a and 5b; Companies Act 2006 ss.113 to 121)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ..described import DescribedEnum
from ..governance.rulesets import ConstituencyRule, Ruleset


class RegisterChange(DescribedEnum):
    """What a line of the register's change log says happened."""

    ENTERED = "ENTERED", "The member was entered."
    NAME_CHANGED = "NAME_CHANGED", "The name changed."
    ADDRESS_CHANGED = "ADDRESS_CHANGED", "The service address changed."
    CORRECTED = "CORRECTED", "An earlier line was wrong and is put right; it stays to be seen."
    CEASED = "CEASED", "The member ceased to be one."


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One entry as it stood after one change. Lines are only ever added.

    `changed_on` is the day of law, `entered_at` the moment it was written down.
    """

    membership_id: UUID
    number: int
    change: RegisterChange
    name: str
    service_address: str
    constituency: str
    registered_on: date
    ceased_on: date | None
    changed_on: date
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What an entry notes of the member's bond to the company (rule 5d). Money in pence."""

    is_company_member: bool
    guarantee_pence: int
    share_pence: int


def terms(ruleset: Ruleset, rule: ConstituencyRule) -> Terms:
    """What the entry of a member of the constituency notes: nobody but a company member has a guarantee or a share."""
    if not rule.is_company_member:
        return Terms(False, 0, 0)
    return Terms(True, ruleset.guarantee_pence, ruleset.share_pence)


def as_at(lines: Iterable[RegisterLine], moment: datetime) -> dict[int, RegisterLine]:
    """The register as it stood at `moment`, by number: of each entry the last line that had been written by then."""
    found: dict[int, RegisterLine] = {}
    for line in sorted(lines, key=lambda line: line.entered_at):
        if line.entered_at <= moment:
            found[line.number] = line
    return found
