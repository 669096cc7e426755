"""Birthdays, for children of a given age on a given day."""

from datetime import date


def birthday(born: date, age: int) -> date:
    """The day on which somebody completes `age` years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February
        return date(born.year + age, 3, 1)
