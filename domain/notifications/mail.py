"""Which mail leaves first, and how often it is tried."""

from enum import IntEnum

MOST_TRIES = 10


class MailPriority(IntEnum):
    """The lowest number leaves first."""

    URGENT = 0  # answers what one person has just done, as a sign-in code, for which they wait
    NORMAL = 1  # a notice, of which a file may queue thousands


def priority_of(is_notice: bool) -> MailPriority:
    """No heap of notices keeps anybody waiting for a code."""
    return MailPriority.NORMAL if is_notice else MailPriority.URGENT
