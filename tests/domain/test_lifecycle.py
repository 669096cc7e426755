"""Rule 4: the states of a membership, and who decides on it."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.governance.rulesets import Approval
from domain.identity.viewer import Role
from domain.membership.lifecycle import (
    APPLICATION,
    BESIDE_A_REMOVAL,
    CURRENT,
    ENDED,
    SETTLED_BY,
    STEPS,
    Membership,
    MembershipStatus,
    check_decision,
    check_minute,
    check_step,
    deciders,
    status_on_submission,
    status_restored,
)
from domain.membership.removal import OPEN_STAGES
from domain.refusals import Refusal, RefusalCode
from tests.domain.rules import make_ruleset


@given(st.sampled_from(MembershipStatus), st.sampled_from(MembershipStatus))
def test_only_the_listed_steps_can_be_taken(status: MembershipStatus, to: MembershipStatus) -> None:
    """Rules 4a and 4b."""
    if to in STEPS.get(status, ()):
        check_step(status, to)
        return
    with pytest.raises(Refusal) as refusal:
        check_step(status, to)
    assert refusal.value.code in {
        RefusalCode.APPLICATION_NOT_OPEN,
        RefusalCode.CONSENT_WITHDRAWN,
        RefusalCode.MEMBERSHIP_NOT_OPEN,
    }


def test_nothing_ended_begins_again_and_every_member_can_leave() -> None:
    """Rules 4b and 4e: an entry that has ceased stays ceased; a new application makes a new one."""
    assert all(status not in STEPS for status in ENDED | {MembershipStatus.REFUSED, MembershipStatus.WITHDRAWN})
    assert all(MembershipStatus.RESIGNED in STEPS[status] for status in CURRENT)
    assert all(MembershipStatus.WITHDRAWN in STEPS[status] for status in APPLICATION)
    assert not any(STEPS[status] & ENDED for status in APPLICATION), "never on the register"


def test_beside_an_open_removal_nobody_converts_or_lapses_and_whatever_it_comes_to_is_possible() -> None:
    """Rules 4b, 4g and 4h: the table of joint states is complete, and from each of them the removal can be settled."""
    assert BESIDE_A_REMOVAL.keys() == OPEN_STAGES
    assert ENDED - SETTLED_BY.keys() == {
        *(MembershipStatus.CONVERTED, MembershipStatus.LAPSED),
        MembershipStatus.DUPLICATE,  # whoever merges two records decides on the removal first
    }
    assert not OPEN_STAGES & set(SETTLED_BY.values())
    for stage, statuses in BESIDE_A_REMOVAL.items():
        for status in statuses:
            for to in SETTLED_BY:
                check_step(status, to, stage)
            for to in set(MembershipStatus) - statuses - SETTLED_BY.keys():
                with pytest.raises(Refusal) as refusal:
                    check_step(status, to, stage)
                assert refusal.value.code is RefusalCode.REMOVAL_UNDER_WAY
    suspended = replace(make_membership(MembershipStatus.SUSPENDED), registered_on=date(2026, 1, 1))
    for lapses_on, status in ((None, MembershipStatus.ADMITTED), (date(2026, 3, 1), MembershipStatus.LAPSING)):
        assert status_restored(replace(suspended, lapses_on=lapses_on)) is status
        check_step(MembershipStatus.SUSPENDED, status)


def make_membership(status: MembershipStatus = MembershipStatus.SUBMITTED) -> Membership:
    return Membership(uuid4(), uuid4(), None, "STAFF", status, "Amina Bello", "1 High Street", None, None)


def test_nobody_decides_on_their_own_application_or_their_organisations() -> None:
    """Rule 17d: separation of duties."""
    membership, officer = make_membership(), uuid4()
    assert membership.person_id is not None

    check_decision(membership, MembershipStatus.ADMITTED, officer)
    for decided_by, represents in ((membership.person_id, False), (officer, True)):
        with pytest.raises(Refusal) as refusal:
            check_decision(membership, MembershipStatus.ADMITTED, decided_by, represents)
        assert refusal.value.code is RefusalCode.OWN_APPLICATION


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (MembershipStatus.DRAFT, RefusalCode.APPLICATION_NOT_OPEN),
        (MembershipStatus.ADMITTED, RefusalCode.APPLICATION_NOT_OPEN),
        (MembershipStatus.LAPSING, RefusalCode.APPLICATION_NOT_OPEN),  # not by admitting is a member kept
        (MembershipStatus.REFUSED, RefusalCode.APPLICATION_NOT_OPEN),
        (MembershipStatus.WITHDRAWN, RefusalCode.CONSENT_WITHDRAWN),
    ],
)
def test_only_what_was_sent_and_is_open_is_decided(status: MembershipStatus, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as refusal:
        check_decision(make_membership(status), MembershipStatus.ADMITTED, uuid4())

    assert refusal.value.code is code


def test_who_decides_follows_the_rules_of_the_constituency() -> None:
    staff = make_ruleset().constituencies["STAFF"]
    board = make_ruleset(
        constituencies=[
            {
                "code": "STAFF", "name": "Staff", "qualifyingKinds": ["STAFF"], "takesOrganisations": False,
                "isCompanyMember": True, "approval": "BOARD", "joinAge": 0, "voteAge": 0, "standAge": 16,
                "officeAge": 18, "graceDays": 0,
            }
        ]
    ).constituencies["STAFF"]  # fmt: skip

    assert staff.approval is Approval.OFFICER
    assert deciders(staff) == (Role.MEMBERSHIP_OFFICER,)
    assert deciders(board) == (Role.CLERK,)
    check_minute(staff, None)
    with pytest.raises(Refusal) as refusal:
        check_minute(board, " ")
    assert refusal.value.code is RefusalCode.MINUTE_NEEDED
    with pytest.raises(Refusal) as refusal:
        status_on_submission(board, consents=False, rests_on_evidence=True)
    assert refusal.value.code is RefusalCode.CONSENT_REQUIRED
