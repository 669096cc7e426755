"""Removing a member, and appeals: rule 4g."""

from datetime import date, timedelta
from uuid import uuid4

from domain.conditions import Facts
from domain.membership.removal import (
    TAKES_EFFECT,
    Removal,
    RemovalStage,
    check_appeal,
    check_case,
    decide,
    decide_appeal,
    notice_until,
)
from domain.refusals import RefusalCode
from tests.domain.refusals import refused
from tests.domain.rules import make_ruleset

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def make_removal(stage: RemovalStage = RemovalStage.PROPOSED, appeal_until: date | None = None) -> Removal:
    return Removal(uuid4(), uuid4(), stage, uuid4(), TODAY, appeal_until)


def test_a_removal_is_decided_after_notice_by_a_majority() -> None:
    """Rule 4g: ground, notice, a chance to be heard, a vote."""
    ruleset = make_ruleset(removalNoticeDays=14, removalAppealDays=28)

    assert notice_until(ruleset, TODAY) == TODAY + 14 * DAY
    with refused(RefusalCode.NOTICE_TOO_SHORT):
        decide(make_removal(), ruleset, 9, 0, TODAY - DAY)
    with refused(RefusalCode.INPUT_INVALID):
        decide(make_removal(), ruleset, 0, 0, TODAY)
    with refused(RefusalCode.INPUT_INVALID):
        decide(make_removal(), ruleset, 3, -1, TODAY)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        decide(make_removal(RemovalStage.APPEALED), ruleset, 9, 0, TODAY)
    assert decide(make_removal(), ruleset, 4, 4, TODAY) == (RemovalStage.DISMISSED, None), "a tie is no majority"
    assert decide(make_removal(), ruleset, 5, 4, TODAY) == (RemovalStage.DECIDED, TODAY + 28 * DAY)
    assert decide(make_removal(), make_ruleset(removalAppealDays=0), 5, 4, TODAY) == (RemovalStage.REMOVED, None)


def test_an_appeal_is_made_in_time_and_decided_by_somebody_else() -> None:
    decided = make_removal(RemovalStage.DECIDED, TODAY + DAY)
    appealed = make_removal(RemovalStage.APPEALED, TODAY + DAY)

    check_appeal(decided, TODAY)
    assert not TAKES_EFFECT.evaluate(Facts(decided, today=TODAY))
    assert TAKES_EFFECT.evaluate(Facts(decided, today=TODAY + DAY))
    assert not TAKES_EFFECT.evaluate(Facts(appealed, today=TODAY + DAY)), "an appeal holds it up"
    with refused(RefusalCode.APPEAL_TOO_LATE):
        check_appeal(decided, TODAY + DAY)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        check_appeal(appealed, TODAY)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        check_case(decided)
    with refused(RefusalCode.OWN_PROPOSAL):
        decide_appeal(appealed, False, appealed.proposed_by)
    with refused(RefusalCode.REMOVAL_WRONG_STAGE):
        decide_appeal(decided, False, uuid4())
    assert decide_appeal(appealed, True, uuid4()) is RemovalStage.DISMISSED
    assert decide_appeal(appealed, False, uuid4()) is RemovalStage.REMOVED
