"""The sessions of the demo's officers, kept in a file from one telling of the story to the next.

A mailbox is sent few codes an hour (`domain/identity/sign_in.py`), and an officer's is the same in every telling. So the
demo does as an app on a telephone does, and stays signed in for as long as the server lets it.
"""

import json
import os
from pathlib import Path


class KeptSessions:
    """Tokens by server, trust and mailbox. Only the owner may read the file."""

    def __init__(self, file: Path, server: str) -> None:
        self._file, self._server = file, server

    def token(self, slug: str, mailbox: str) -> str | None:
        """The token kept, which the server may have ended since."""
        return self._read().get(self._key(slug, mailbox))

    def keep(self, slug: str, mailbox: str, token: str) -> None:
        """Keeps the token in the place of an older one."""
        kept = self._read() | {self._key(slug, mailbox): token}
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(kept, file)
        fresh.replace(self._file)

    def _key(self, slug: str, mailbox: str) -> str:
        return f"{self._server}/{slug} {mailbox}"

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # none yet, or half a file: whoever is missing signs in anew
            return {}
        return kept if isinstance(kept, dict) else {}
