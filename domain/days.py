"""The centuries a trust plans for: a day outside them is a slip, and the first and the last day there are mean
"for ever" to a database."""

from datetime import date

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def is_within_centuries(day: date) -> bool:
    return EARLIEST_YEAR <= day.year <= LATEST_YEAR
