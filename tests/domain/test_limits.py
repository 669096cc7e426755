"""What no rules of a trust can go beyond: rules 5f, 5g, 6d, 12i, 16b and 19c."""

from typing import Any

import pytest

from domain.governance.limits import check_limits
from domain.refusals import RefusalCode
from tests.domain.refusals import refused
from tests.domain.rules import DATA, make_ruleset
from tests.domain.test_rulesets import EXAMPLES, parsed

COMPANY, FORUM = "care-foundation-trust", "wessex-learning-trust"


def changed(group: str, trust: str = COMPANY, **days: int) -> dict[str, Any]:
    return {group: DATA["trusts"][trust][group] | days}


@pytest.mark.parametrize(
    ("limit", "beyond"),
    [
        (changed("retentionDays", FORMER_MEMBER=3_653), changed("retentionDays", FORMER_MEMBER=3_652)),
        ({"inspectionWorkingDays": 5}, {"inspectionWorkingDays": 6}),
        ({"guardianConsentAge": 18}, {"guardianConsentAge": 19}),
        ({"smallRoll": 10}, {"smallRoll": 9}),
        ({"smallRoll": 3, "smallGroup": 3}, {"smallRoll": 0, "smallGroup": 3}),
        (changed("consultationDays", STATUTORY_PROPOSAL=28), changed("consultationDays", STATUTORY_PROPOSAL=27)),
        (changed("consultationDays", ADMISSIONS=42), changed("consultationDays", ADMISSIONS=41)),
        (changed("consultationDays", CONVERSION=0), {"consultationDays": {"ADMISSIONS": 42}}),
    ],
)
def test_a_limit_may_be_reached_and_not_gone_beyond(limit: dict[str, Any], beyond: dict[str, Any]) -> None:
    check_limits(make_ruleset(COMPANY, **limit))
    with refused(RefusalCode.RULES_CONTRADICT):
        check_limits(make_ruleset(COMPANY, **beyond))


@pytest.mark.parametrize("free", [changed("retentionDays", FORUM, FORMER_MEMBER=365), {"inspectionWorkingDays": 20}])
def test_a_company_s_limits_are_not_those_of_a_forum(free: dict[str, Any]) -> None:
    check_limits(make_ruleset(FORUM, **free))


@pytest.mark.parametrize("rules", [*DATA["trusts"].values(), *EXAMPLES.values()])
def test_the_rules_that_are_delivered_keep_to_the_limits(rules: dict[str, Any]) -> None:
    check_limits(parsed(rules))
