"""How lists of imports and of their rows are narrowed and ordered."""

from domain.intake.importing import Finding, ImportKind, ImportStatus, RowOutcome
from planner import Order

from ..lists import NEWEST_FIRST, condition, equal, listed

IMPORTS = listed(
    "Import",
    "imports",
    conditions={
        "status": equal(ImportStatus, "That have come so far.", "status"),
        "kind": equal(ImportKind, "Of files of this form.", "kind"),
    },
    orders={"CREATED_AT": ("id", "By when they were uploaded.")},
    first=NEWEST_FIRST,
)
ROWS = listed(
    "ImportRow",
    "rows of a file",
    conditions={
        "outcome": equal(RowOutcome, "With this outcome.", "outcome"),
        "finding": condition(Finding, "In which this was noticed.", "{value} = any({row}.findings)"),
    },
    orders={"LINE": ("line", "As they stand in the file.")},
    first=Order("line"),
)
