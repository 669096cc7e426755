"""How lists of polls and of recorded votes are narrowed and ordered."""

from db.polls.reads import STAGE
from domain.polls.poll import PollStatus

from ..lists import NEWEST_FIRST, condition, equal, listed

POLLS = listed(
    "Poll",
    "polls",
    conditions={
        "status": condition(PollStatus, "At this stage at this moment.", f"({STAGE}) = {{value}}"),
    },
    orders={
        "DRAFTED_AT": ("id", "By when they were drafted."),
        "OPENS_AT": ("opens_at", "By when papers are first taken."),
        "CLOSES_AT": ("closes_at", "By when papers are no longer taken."),
    },
    first=NEWEST_FIRST,
)
RECORDED_VOTES = listed(
    "RecordedVote", "recorded votes", conditions={"paper": equal(str, "Whose paper says this.", "paper")}
)
