"""What people may ask about their own data (UK GDPR arts 12, 15 to 18 and 21; rule 26a)."""

from datetime import date

from ..described import DescribedEnum
from ..refusals import Conflict, RefusalCode


class DataRequestKind(DescribedEnum):
    """What is asked for."""

    EXPORT = "EXPORT", "A copy of everything about the person (art. 15)."
    RECTIFICATION = "RECTIFICATION", "Something wrong is to be put right (art. 16)."
    ERASURE = "ERASURE", "Everything is to go that the law does not require to be kept (art. 17)."
    OBJECTION = "OBJECTION", "Some use of the data is to stop (art. 21)."


class DataRequestStatus(DescribedEnum):
    """Where a request stands."""

    OPEN = "OPEN", "To be answered."
    GRANTED = "GRANTED", "Done."
    DECLINED = "DECLINED", "Not done; the answer says why."


def due_on(asked_on: date) -> date:
    """One month later, or the last day of a month that is too short (art. 12(3))."""
    year, month = (asked_on.year + 1, 1) if asked_on.month == 12 else (asked_on.year, asked_on.month + 1)
    for day in (asked_on.day, 30, 29, 28):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def check_open(status: DataRequestStatus) -> None:
    """Refusals: REQUEST_ANSWERED."""
    if status is not DataRequestStatus.OPEN:
        raise Conflict(RefusalCode.REQUEST_ANSWERED)
