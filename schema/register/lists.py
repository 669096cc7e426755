"""How the register, and requests to inspect it, are narrowed and ordered."""

from datetime import date, datetime

from db.register.reads import LAST_LINE, LINE_AS_AT
from domain.forms import Moment
from domain.refusals import Refusal
from domain.register.lines import RegisterChange
from planner import Filter, Order, PlanRefused

from ..lists import NEWEST_FIRST, condition, equal, listed, pointing_to


def _moment(value: datetime) -> datetime:
    """Raises PlanRefused for a moment that no input may be either."""
    try:
        return Moment().check(value)
    except Refusal as refusal:
        raise PlanRefused(f"`asAt` is no moment: {refusal.message}") from None


AS_AT_MOMENT = Filter(LINE_AS_AT, "timestamptz", decode=_moment, absent=LAST_LINE)
REGISTER_LINES = listed(
    "RegisterLine",
    "entries of the register",
    conditions={
        "number": equal(int, "With this number.", "number", "bigint"),
        "constituency": pointing_to("cst", "In this constituency.", "constituency_id"),
        "change": equal(RegisterChange, "Of which the line says this.", "change"),
        "changed_since": condition(date, "Last changed on or after this day.", "{row}.changed_on >= {value}", "date"),
    },
    orders={"NUMBER": ("number", "By number.")},
    first=Order("number"),
)
INSPECTION_REQUESTS = listed(
    "InspectionRequest",
    "requests to inspect the register",
    conditions={
        "is_answered": condition(bool, "Answered, or not yet.", "({row}.answered_on is not null) = {value}", "boolean")
    },
    orders={"ASKED_ON": ("id", "By when it was asked."), "DUE_ON": ("due_on", "By the last day for an answer.")},
    first=NEWEST_FIRST,
)
