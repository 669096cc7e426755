"""How lists of consultations are narrowed and ordered."""

from db.consultations.reads import IS_OPEN
from domain.consultations.consultation import ConsultationStatus
from domain.governance.consultations import ConsultationKind

from ..lists import NEWEST_FIRST, condition, equal, listed

CONSULTATIONS = listed(
    "Consultation",
    "consultations",
    conditions={
        "status": equal(ConsultationStatus, "With this status.", "status"),
        "kind": equal(ConsultationKind, "About this.", "kind"),
        "is_open": condition(bool, "Open for answers at this moment, or not.", f"({IS_OPEN}) = {{value}}", "boolean"),
    },
    orders={"DRAFTED_AT": ("id", "By when they were drafted."), "TITLE": ("title", "By title.")},
    first=NEWEST_FIRST,
)
