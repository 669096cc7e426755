"""Who owns and who may execute the functions that migrations make; compared with the catalogue by db/catalogue.py."""

from dataclasses import dataclass

from .connection import APP_ROLE, SEARCH_ROLE


@dataclass(frozen=True, slots=True)
class Function:
    """Without an owner: that of the tables. A security definer acts as its owner, whoever calls it."""

    owner: str | None = None
    security_definer: bool = False
    executable_by: tuple[str, ...] = ("PUBLIC",)


FUNCTIONS = {
    "app_now()": Function(),  # being the owner's, it can be shifted by nobody else
    "legal_today()": Function(),
    "folded_name(text)": Function(),
    "name_patterns(text)": Function(),
    # looks at names by an index, which row-level security would not let it use, and keeps to the trust itself
    "members_named(text)": Function(owner=SEARCH_ROLE, security_definer=True, executable_by=(APP_ROLE,)),
}
