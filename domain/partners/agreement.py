"""What a partner may see, for what purpose and until when (rule 24)."""

from datetime import date, timedelta

from ..conditions import ENDED, HOLDS, Facts
from ..refusals import Conflict, Invalid, RefusalCode

TOKEN_LIFETIME = timedelta(minutes=15)


def check_agreement_dates(since: date, until: date, today: date) -> None:
    """Refusals: DATES_CONTRADICT."""
    if until <= since or until <= today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, field="until")


def check_agreement_goes_on(since: date, until: date, today: date) -> None:
    """Refusals: AGREEMENT_ENDED; one that has not begun is yet to end."""
    if ENDED.evaluate(Facts(since=since, until=until, today=today)):
        raise Conflict(RefusalCode.AGREEMENT_ENDED)


def check_agreement_in_force(since: date, until: date, today: date) -> None:
    """`until` is the first day it is over. Refusals: AGREEMENT_ENDED."""
    if not HOLDS.evaluate(Facts(since=since, until=until, today=today)):
        raise Conflict(RefusalCode.AGREEMENT_ENDED)
