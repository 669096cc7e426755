"""The functions of the database: which holds today, who owns it and who may execute it; compared by db/catalogue.py."""

from dataclasses import dataclass

from .connection import APP_ROLE, SEARCH_ROLE
from .migrations.functions import APP_NOW, FOLDED_NAME, LEGAL_TODAY, MEMBERS_NAMED, NAME_PATTERNS


@dataclass(frozen=True, slots=True)
class Function:
    """Without an owner: that of the tables. Without `executable_by`: everybody may."""

    signature: str
    definition: str
    owner: str | None = None
    executable_by: str | None = None

    def statements(self) -> list[str]:
        """The SQL which makes it."""
        name = self.signature
        made = [f"create {self.definition}"]
        if self.executable_by:
            made += [
                f"revoke all on function {name} from public",
                f"grant execute on function {name} to {self.executable_by}",
            ]
        return made + ([f"alter function {name} owner to {self.owner}"] if self.owner else [])


# what defaults and generated columns of tables call; each after what it calls itself
BEFORE_TABLES = (
    Function("app_now()", APP_NOW),  # being the owner's, it can be shifted by nobody else
    Function("legal_today()", LEGAL_TODAY),
    Function("folded_name(text)", FOLDED_NAME),
    Function("name_patterns(text)", NAME_PATTERNS),
)
AFTER_TABLES = (
    # looks at names by an index, which row-level security would not let it use, and keeps to the trust itself
    Function("members_named(text)", MEMBERS_NAMED, owner=SEARCH_ROLE, executable_by=APP_ROLE),
)
