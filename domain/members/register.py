"""The statutory register (domain rule 5; Companies Act 2006 ss.113 to 121)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from ..described import DescribedEnum
from ..refusals import Conflict, RefusalCode


class RegisterChange(DescribedEnum):
    """What a line of the register's change log says happened."""

    ENTERED = "ENTERED", "The member was entered."
    NAME_CHANGED = "NAME_CHANGED", "The name changed."
    ADDRESS_CHANGED = "ADDRESS_CHANGED", "The service address changed."
    CORRECTED = "CORRECTED", "An earlier line was wrong and is put right; it stays to be seen."
    CEASED = "CEASED", "The member ceased to be one."


class InspectionDecision(DescribedEnum):
    """How a request to inspect the register was answered (Companies Act 2006 s.117)."""

    COMPLIED = "COMPLIED", "The register was shown or the copy was sent."
    REFERRED_TO_COURT = "REFERRED_TO_COURT", "The court was asked whether the purpose is proper."
    WITHDRAWN = "WITHDRAWN", "The requester took the request back."


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


def as_at(lines: Iterable[RegisterLine], moment: datetime) -> dict[int, RegisterLine]:
    """The register as it stood at `moment`, by number: of each entry the last line that had been written by then."""
    found: dict[int, RegisterLine] = {}
    for line in sorted(lines, key=lambda line: line.entered_at):
        if line.entered_at <= moment:
            found[line.number] = line
    return found


def due_day(asked_on: date, working_days: int, holidays: Collection[date]) -> date:
    """The last of so many working days after `asked_on` (s.117(1)); `holidays` are the bank holidays."""
    day = asked_on
    while working_days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            working_days -= 1
    return day


def check_answer(answered: bool) -> None:
    """Refusals: REQUEST_ANSWERED."""
    if answered:
        raise Conflict(RefusalCode.REQUEST_ANSWERED)
