"""Which notices about a membership are true in which of its states (rules 4, 21c and 22b)."""

from collections.abc import Mapping

from ..notifications.notice import NoticeKind
from .lifecycle import CURRENT, MembershipStatus

# what is not listed tells of something that has happened, and stays true
TRUE_IN: Mapping[NoticeKind, frozenset[MembershipStatus]] = {
    NoticeKind.RECEIVED: frozenset({MembershipStatus.SUBMITTED, MembershipStatus.UNDER_REVIEW}),
    NoticeKind.ADMITTED: CURRENT,
    NoticeKind.LAPSING: frozenset({MembershipStatus.LAPSING, MembershipStatus.SUSPENDED}),
    NoticeKind.KEPT: CURRENT - {MembershipStatus.LAPSING},
    NoticeKind.REMOVAL_PROPOSED: CURRENT,
    NoticeKind.REMOVAL_DECIDED: CURRENT,
}
# of these the last tells what somebody believes who has heard of it
LAPSING_OR_NOT = frozenset({NoticeKind.LAPSING, NoticeKind.KEPT})
# what a decision about a removal leaves untrue of what was said before
BEFORE_A_DECISION = frozenset({NoticeKind.REMOVAL_PROPOSED, NoticeKind.REMOVAL_DECIDED})


def untrue_in(status: MembershipStatus, is_to_lapse: bool) -> frozenset[NoticeKind]:
    """The kinds of notices that say of a membership what is not so in this state; `is_to_lapse`: there is a day for it."""
    denied = NoticeKind.KEPT if is_to_lapse else NoticeKind.LAPSING
    return frozenset(kind for kind, statuses in TRUE_IN.items() if status not in statuses) | {denied}
