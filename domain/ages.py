"""Ages in completed years (rules 6b and 6c)."""

from datetime import date

MAJORITY = 18  # Family Law Reform Act 1969 s.1


def age_on(born: date, day: date) -> int:
    """Completed years on `day`; somebody born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
