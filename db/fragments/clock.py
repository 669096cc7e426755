"""The moment and the day, as every statement asks for them.

Both are functions of the database (migration 0005). `app_now()` is the moment of the transaction; only the owner can
shift it (db/clock.py). A day of law begins at midnight in England: `legal_today()`.
"""

from domain.days import LONDON

NOW = "app_now()"
TODAY = "legal_today()"


def day_of(moment: str) -> str:
    """The day of law on which a moment is."""
    return f"({moment} at time zone '{LONDON.key}')::date"


def midnight(day: str) -> str:
    """The moment at which a day of law begins."""
    return f"(({day})::timestamp at time zone '{LONDON.key}')"
