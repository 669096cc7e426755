"""The refusal that a rule raises."""

import pytest

from domain.refusals import Refusal, RefusalCode


def refused(code: RefusalCode) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code is code)
