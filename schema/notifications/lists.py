"""How lists of notices are narrowed and ordered."""

from enum import Enum

import strawberry

from domain.notifications.notice import NoticeChannel, NoticeKind

from ..lists import NEWEST_FIRST, condition, equal, listed, pointing_to


class NoticeState(Enum):
    WAITING = strawberry.enum_value("WAITING", description="Not dispatched yet.")
    WITHDRAWN = strawberry.enum_value(
        "WITHDRAWN", description="Not dispatched, and never will be: it is no longer true."
    )
    DISPATCHED = strawberry.enum_value("DISPATCHED", description="Dispatched, and not come back.")
    BOUNCED = strawberry.enum_value("BOUNCED", description="Came back: find another way.")


strawberry.enum(NoticeState, description="Where a notice is.")

NOTICES = listed(
    "Notice",
    "notices",
    conditions={
        "state": condition(
            NoticeState,
            "Where it is.",
            "case {value} when 'WAITING' then {row}.dispatched_at is null and {row}.bounced_at is null"
            " and {row}.withdrawn_at is null when 'WITHDRAWN' then {row}.withdrawn_at is not null"
            " when 'BOUNCED' then {row}.bounced_at is not null"
            " else {row}.dispatched_at is not null and {row}.bounced_at is null end",
        ),
        "channel": equal(NoticeChannel, "How it goes.", "channel"),
        "kind": equal(NoticeKind, "What it is about.", "kind"),
        "person": pointing_to("per", "Who is told.", "person_id"),
    },
    orders={"QUEUED_AT": ("id", "By when they were written.")},
    first=NEWEST_FIRST,
)
