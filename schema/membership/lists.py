"""How lists of members and of removals are narrowed and ordered."""

from datetime import date

from db.membership.reads import IS_NAMED, NAMED, REGISTERED_AS_AT
from domain.membership.duties import Duty
from domain.membership.lifecycle import MembershipStatus
from domain.membership.removal import RemovalStage
from planner import Filter

from ..lists import NEWEST_FIRST, condition, equal, listed, pointing_to

MEMBERS = listed(
    "Member",
    "members",
    conditions={
        "status": equal(MembershipStatus, "With this status.", "status"),
        "constituency": pointing_to("cst", "In this constituency.", "constituency_id"),
        "school": pointing_to("sch", "Through this school.", "school_id"),
        "number": equal(int, "With this number on the register.", "number", "bigint"),
        "name": condition(
            str,
            "Whose name has words that begin so; accents do not matter. For officers who see every member also, where"
            " there are none, whose name is much like it.",
            NAMED,
            of_visible=IS_NAMED,
            alone=True,
        ),
        "registered_since": condition(
            date, "Registered on or after this day.", "{row}.registered_on >= {value}", "date"
        ),
        "registered_before": condition(date, "Registered before this day.", "{row}.registered_on < {value}", "date"),
        "ceased_since": condition(date, "Ceased on or after this day.", "{row}.ceased_on >= {value}", "date"),
        "lapses_before": condition(date, "Ceasing before this day unless kept.", "{row}.lapses_on < {value}", "date"),
    },
    orders={"APPLIED_AT": ("applied_at", "By the moment of applying.")},
)
AS_AT = Filter(REGISTERED_AS_AT, "date")
FAILED_DUTIES = listed(
    "FailedDuty",
    "duties that failed",
    conditions={"duty": equal(Duty, "Of this duty.", "duty")},
    orders={"SINCE": ("id", "By when they failed first.")},
)
REMOVALS = listed(
    "Removal",
    "removals",
    conditions={
        "stage": equal(RemovalStage, "That have come so far.", "stage"),
        "member": pointing_to("mem", "Of this member.", "membership_id"),
    },
    orders={"PROPOSED_ON": ("id", "By when they were proposed.")},
    first=NEWEST_FIRST,
)
