"""Every setting, read once from the environment; nobody else reads it."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planner import Budget

from .errors import CommandError

ROOT = Path(__file__).resolve().parent.parent


class SettingError(CommandError):
    """A setting can't be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs. Times in seconds, sizes in bytes, allowances in objects (nodes)."""

    database_url: str | None = None  # None: the embedded server
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: str = "127.0.0.1"  # addresses or networks, by commas: whose word for a caller's address is taken
    var: Path = ROOT / "var"
    smtp_url: str | None = None  # None: mails land as files
    mail_from: str = "Folkmoot <no-reply@folkmoot.example>"
    pool_size: int = 8
    largest_body: int = 100_000
    largest_upload: int = 50_000_000
    deepest_json: int = 64
    longest_execution: float = 10.0
    session_cache_seconds: float = 15.0  # how long a revoked session may go on in another process
    allowance: int = 1_000_000  # objects a signed-in caller may ask for at once; the anonymous of a network half
    allowance_per_second: int = 20_000  # what comes back of it; of theirs a tenth
    network_key: str = field(default_factory=lambda: secrets.token_hex(16))  # hides callers' addresses in limits
    budget: Budget = field(default_factory=lambda: Budget(once=frozenset({"requestSignInCode", "signIn", "castVote"})))
    graceful_shutdown: int = 20
    shifted_clock_allowed: bool = False  # a rehearsal may be served; nothing else may


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    if not text.isdigit() or not least <= int(text) <= most:
        raise SettingError(f"{name}={text!r} must be a whole number from {least} to {most}.")
    return int(text)


def _is_allowed(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name) or "refused"
    if text not in ("allowed", "refused"):
        raise SettingError(f"{name}={text!r} must be allowed or refused.")
    return text == "allowed"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingError."""
    environment = os.environ if environment is None else environment
    url = environment.get("DATABASE_URL") or None
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise SettingError("DATABASE_URL must begin with postgresql://.")
    defaults = Settings()
    return Settings(
        database_url=url,
        host=environment.get("HOST") or defaults.host,
        port=_number(environment, "PORT", defaults.port, 1, 65535),
        trusted_proxies=environment.get("FORWARDED_ALLOW_IPS") or defaults.trusted_proxies,
        var=Path(environment.get("VAR") or defaults.var),
        smtp_url=environment.get("SMTP_URL") or None,
        mail_from=environment.get("MAIL_FROM") or defaults.mail_from,
        pool_size=_number(environment, "POOL_SIZE", defaults.pool_size, 1, 200),
        allowance=_number(environment, "ALLOWANCE", defaults.allowance, 10_000, 10**12),
        allowance_per_second=_number(environment, "ALLOWANCE_PER_SECOND", defaults.allowance_per_second, 100, 10**12),
        network_key=environment.get("NETWORK_KEY") or defaults.network_key,
        shifted_clock_allowed=_is_allowed(environment, "SHIFTED_CLOCK"),
    )
