"""How lists of polls and of recorded votes are narrowed and ordered."""

from counting import Choice
from db.polls.reads import STAGE
from domain.governance.resolutions import ResolutionKind
from domain.polls.poll import PollStatus

from ..lists import NEWEST_FIRST, condition, equal, listed

POLLS = listed(
    "Poll",
    "polls",
    conditions={
        "status": condition(PollStatus, "At this stage at this moment.", f"({STAGE}) = {{value}}"),
        "kind": equal(ResolutionKind, "On a resolution of this kind.", "kind"),
    },
    orders={
        "DRAFTED_AT": ("id", "By when they were drafted."),
        "OPENS_AT": ("opens_at", "By when papers are first taken."),
        "CLOSES_AT": ("closes_at", "By when papers are no longer taken."),
    },
    first=NEWEST_FIRST,
)
RECORDED_VOTES = listed(
    "RecordedVote", "recorded votes", conditions={"choice": equal(Choice, "For this choice.", "choice")}
)
