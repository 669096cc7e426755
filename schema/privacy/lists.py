"""How lists of requests about data are narrowed and ordered."""

from domain.privacy.requests import DataRequestKind, DataRequestStatus

from ..lists import NEWEST_FIRST, equal, listed

DATA_REQUESTS = listed(
    "DataRequest",
    "requests about data",
    conditions={
        "kind": equal(DataRequestKind, "That ask this.", "kind"),
        "status": equal(DataRequestStatus, "That stand there.", "status"),
    },
    orders={"ASKED_AT": ("id", "By when it was asked."), "DUE_ON": ("due_on", "By the last day for an answer.")},
    first=NEWEST_FIRST,
)
