"""How the list of people is narrowed and ordered."""

from db.people.reads import HAS_FAMILY_NAME, HAS_MAILBOX

from ..lists import NEWEST_FIRST, condition, listed
from ..vocabulary import EmailAddress

PEOPLE = listed(
    "Person",
    "people",
    conditions={
        "family_name": condition(
            str, "Of this family name; accents and case do not matter.", HAS_FAMILY_NAME, of_visible=HAS_FAMILY_NAME
        ),
        "email": condition(EmailAddress, "With this mailbox.", HAS_MAILBOX, of_visible=HAS_MAILBOX),
    },
    orders={
        "FAMILY_NAME": ("family_name", "By family name."),
        "CREATED_AT": ("created_at", "By when they came on record."),
    },
    first=NEWEST_FIRST,
)
