"""Requests to inspect the register (rule 5f; Companies Act 2006 ss.116 and 117)."""

from collections.abc import Collection
from datetime import date, timedelta

from ..described import DescribedEnum
from ..refusals import Conflict, RefusalCode


class InspectionDecision(DescribedEnum):
    """How a request to inspect the register was answered (Companies Act 2006 s.117)."""

    COMPLIED = "COMPLIED", "The register was shown or the copy was sent."
    REFERRED_TO_COURT = "REFERRED_TO_COURT", "The court was asked whether the purpose is proper."
    WITHDRAWN = "WITHDRAWN", "The requester took the request back."


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
