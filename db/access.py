"""What the three roles may do with a table: declared beside the table, made by migrations, compared by db/catalogue.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from .migrations.security import security

READ_WRITE = "select, insert, update"
APPEND_ONLY = "select, insert"
WITH_DELETE = f"{READ_WRITE}, delete"
WITH_MAINTAIN = f"{READ_WRITE}, maintain"  # to analyze what an import has just filled


@dataclass(frozen=True, slots=True)
class Access:
    """Rights as GRANT spells them: `select (trust_id, id), delete`. Without any, a role can't touch the table.

    The app's role sees the rows of the trust it works for, the worker's and the search's those of every trust, unless
    `policies` say otherwise (name -> what follows `create policy … on …`).
    """

    app: str
    worker: str = ""
    search: str = ""
    policies: Mapping[str, str] | None = None

    def statements(self, table: str) -> list[str]:
        """The SQL which says the same of a new table."""
        return security(table, self.app, self.worker, self.search, self.policies)
