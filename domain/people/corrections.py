"""Correcting what is wrongly on record about somebody (rule 5i)."""

from collections.abc import Collection
from datetime import date

from ..refusals import Invalid, RefusalCode
from .relationships import check_birth


def check_something(changes: Collection[str]) -> None:
    """Refusals: INPUT_INVALID where all is on record as it is told."""
    if not changes:
        raise Invalid(RefusalCode.INPUT_INVALID, "Nothing of this is different from what is on record.", "person_id")


def check_birth_corrected(born: date, today: date, known: Collection[date]) -> None:
    """Whether somebody can have been born then, of whom these days are known: on the register, as a member of staff, dead.

    Refusals: DATES_CONTRADICT.
    """
    check_birth(born, today)
    earliest = min(known, default=today)
    if born > earliest:
        message = f"They were known here on {earliest}, before that day."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "date_of_birth", known_on=earliest)
