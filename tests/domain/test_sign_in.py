"""How many sign-in codes are sent."""

from datetime import timedelta

import pytest

from domain.identity.sign_in import (
    CODES_AN_HOUR_PER_ADDRESS,
    CODES_AN_HOUR_PER_NETWORK,
    CODES_AN_HOUR_TO_ADDRESS,
    SentCodes,
    check_allowance,
)
from domain.refusals import Conflict, RefusalCode


def ages(number: int) -> list[timedelta]:
    return [timedelta(minutes=1)] * number


def test_a_stranger_elsewhere_uses_up_nothing_of_an_addresss_own() -> None:
    check_allowance(SentCodes(ages(0), ages(CODES_AN_HOUR_PER_ADDRESS), ages(0)))
    check_allowance(SentCodes(ages(4), ages(19), ages(399)))


@pytest.mark.parametrize(
    ("sent", "waits"),
    [
        (SentCodes(ages(CODES_AN_HOUR_PER_ADDRESS), ages(CODES_AN_HOUR_PER_ADDRESS), ages(5)), 59 * 60),
        (SentCodes(ages(0), ages(CODES_AN_HOUR_TO_ADDRESS), ages(0)), 60 * 60),  # when others asked is not told
        (SentCodes(ages(0), ages(0), ages(CODES_AN_HOUR_PER_NETWORK)), 59 * 60),
    ],
)
def test_each_limit_holds_by_itself(sent: SentCodes, waits: int) -> None:
    with pytest.raises(Conflict) as refused:
        check_allowance(sent)

    assert refused.value.code is RefusalCode.TOO_MANY_CODES
    assert refused.value.parameters == {"retry_after": waits}
