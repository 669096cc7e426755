"""What is recorded of a death (rule 4b)."""

from datetime import date

from ..refusals import Invalid, RefusalCode


def check_after_birth(died_on: date, born: date | None) -> None:
    """Nobody dies before they are born, as far as their birth is known. Refusals: DATES_CONTRADICT."""
    if born is not None and died_on < born:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "That day is before the person's birth.", "died_on")
