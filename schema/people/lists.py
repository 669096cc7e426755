"""How the list of people is narrowed and ordered."""

from db.people.reads import HAS_MAILBOX, HOLDS_ROLE, IS_CALLED
from domain.identity.viewer import Role

from ..lists import NEWEST_FIRST, condition, listed
from ..vocabulary import EmailAddress

PEOPLE = listed(
    "Person",
    "people",
    conditions={
        "name": condition(
            str,
            "Whose name has words that begin so; accents and case do not matter.",
            IS_CALLED,
            of_visible=IS_CALLED,
            alone=True,
        ),
        "role": condition(Role, "Who hold this office today.", HOLDS_ROLE, of_visible=HOLDS_ROLE),
        "email": condition(EmailAddress, "With this mailbox.", HAS_MAILBOX, of_visible=HAS_MAILBOX),
    },
    orders={
        "FAMILY_NAME": ("family_name", "By family name."),
        "CREATED_AT": ("id", "By when they came on record."),
    },
    first=NEWEST_FIRST,
)
