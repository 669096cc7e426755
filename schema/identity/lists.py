"""How the list of offices is narrowed and ordered."""

from domain.identity.viewer import Role

from ..lists import NEWEST_FIRST, condition, equal, listed

ROLE_GRANTS = listed(
    "RoleGrant",
    "offices",
    conditions={
        "role": equal(Role, "This office.", "role"),
        "is_held": condition(bool, "Held today, or once.", "({row}.ended_at is null) = {value}", "boolean"),
    },
    orders={"GRANTED_AT": ("granted_at", "By when they were given.")},
    first=NEWEST_FIRST,
)
