"""How lists of schools and of monthly figures are narrowed and ordered."""

from domain.trusts.schools import SchoolPhase
from planner import Order

from ..lists import equal, listed, pointing_to

SCHOOLS = listed(
    "School",
    "schools",
    conditions={"phase": equal(SchoolPhase, "Of this phase.", "phase")},
    orders={"NAME": ("name", "By name."), "URN": ("urn", "By unique reference number.")},
    first=Order("name"),
)
MONTHS = listed(
    "MonthlyCount",
    "monthly figures",
    conditions={"constituency": pointing_to("cst", "Of this constituency.", "constituency_id")},
    orders={"MONTH": ("month", "By month.")},
    first=Order("month"),
)
