"""In whose time a day begins, and the centuries a trust plans for: a day outside them is a slip, and the first and the
last day there are mean "for ever" to a database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")  # rule 9c
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def is_within_centuries(day: date) -> bool:
    return EARLIEST_YEAR <= day.year <= LATEST_YEAR


def days_later(moment: datetime, days: int) -> datetime:
    """The moment so many days later at which clocks in London show the same time, though they change in between; the
    first where they show it twice."""
    return (moment.astimezone(LONDON) + timedelta(days=days)).astimezone(UTC)
