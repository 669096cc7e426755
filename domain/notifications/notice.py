"""What people are told, and whether they may be (rule 21a)."""

from ..conditions import Facts, Holds, OneOf
from ..described import DescribedEnum
from ..refusals import Conflict, RefusalCode


class NoticeKind(DescribedEnum):
    """What a notice is about."""

    RECEIVED = "RECEIVED", "The application has arrived."
    ADMITTED = "ADMITTED", "The applicant is on the register."
    REFUSED = "REFUSED", "The application was refused."
    LAPSING = "LAPSING", "The relationship has ended; the member may choose what follows."
    KEPT = "KEPT", "A member who was told that they may have to leave stays."
    LAPSED = "LAPSED", "The membership has ceased after the days of grace."
    REMOVAL_PROPOSED = "REMOVAL_PROPOSED", "The member's removal is proposed; they may be heard."
    REMOVAL_DECIDED = "REMOVAL_DECIDED", "What was decided about the removal."
    REMOVED = "REMOVED", "The member was removed."
    HANDED_OVER = "HANDED_OVER", "The young person now answers for themself."
    EXPORT_READY = "EXPORT_READY", "The copy of one's own data is ready."
    INVITATION = "INVITATION", "An invitation to join another constituency."


class NoticeChannel(DescribedEnum):
    """How a notice reaches somebody."""

    EMAIL = "EMAIL", "By e-mail."
    PRINT = "PRINT", "On paper, in the next batch."


MARKETING = frozenset({NoticeKind.INVITATION})  # every other kind is owed to people by law or by the rules

IS_WITHHELD = OneOf("kind", MARKETING) & Holds("marketing_opt_out")


def is_withheld(kind: NoticeKind, opted_out: bool) -> bool:
    """Whether the recipient's opt-out keeps the notice back; what is owed to them it never does."""
    return IS_WITHHELD.evaluate(Facts(kind=kind, marketing_opt_out=opted_out))


def check_bounce(has_left: bool, came_back: bool) -> None:
    """Whether it can be noted of a notice that it came back. Refusals: BOUNCE_RECORDED, NOTICE_NOT_SENT."""
    if came_back:
        raise Conflict(RefusalCode.BOUNCE_RECORDED, field="id")
    if not has_left:
        raise Conflict(RefusalCode.NOTICE_NOT_SENT, field="id")
