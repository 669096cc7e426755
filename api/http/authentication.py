"""From a request to its caller. What is remembered of a token is forgotten within `session_cache_seconds`, and at once where
this process ends the session."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import orjson

from actions.identity.sign_in import SESSION_TOKEN_PREFIX, note_uses
from actions.identity.tokens import hash_of_token
from actions.partners.agreements import TOKEN_PREFIX
from db.connection import Pool
from db.identity.viewers import app_facts, sessions_facts
from db.micro_batcher import MicroBatcher
from db.transactions import Transactions
from domain.identity.sign_in import SESSION_IDLE
from domain.identity.viewer import AccessProfile, Role, Scope, Viewer, ViewerKind

from ..settings import Settings
from .time_limits import TimeLimit

MOST_REMEMBERED = 20_000


class NotAuthenticated(Exception):
    """A token was sent and is not, or no longer, good."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The viewer, and the same facts in the form bind parameters take."""

    viewer: Viewer
    person_id: UUID | None
    kind: str
    roles: list[str]
    scopes: list[str]
    email: str | None = None
    token: str | None = None  # by which they were known


def caller_of(viewer: Viewer, token: str | None = None) -> Caller:
    profile = viewer.profile
    return Caller(
        viewer,
        viewer.person_id,
        profile.kind.value,
        sorted(role.value for role in profile.roles),
        sorted(scope.value for scope in profile.scopes),
        viewer.email,
        token,
    )


class Authentication:
    """Knows sessions of people and tokens of partners' apps."""

    def __init__(self, pool: Pool, transactions: Transactions, settings: Settings, limit: TimeLimit) -> None:
        self._pool, self._transactions = pool, transactions
        self._memory, self._limit = settings.session_cache_seconds, limit
        self._network_key = settings.network_key.encode()
        self._network = lru_cache(MOST_REMEMBERED)(self._hash_of_network)  # of a caller's address
        self._sessions = MicroBatcher(self._sessions_facts, harmless=True)
        self._uses = MicroBatcher(self._note_uses, harmless=True)
        self._remembered: OrderedDict[tuple[UUID, str], tuple[float, str, Caller]] = OrderedDict()
        self._forgotten = 0  # how often somebody was: who was looked up before is not remembered after it
        transactions.when_signed_out = self.forget

    async def caller(self, trust_id: UUID, token: str | None, address: str) -> Caller:
        """Who is calling; anonymous without a token. Raises NotAuthenticated for a token that is not good, and BUSY or
        UNAVAILABLE where the database can't say."""
        if token is None:
            return caller_of(Viewer(trust_id, AccessProfile(ViewerKind.ANONYMOUS), network=self._network(address)))
        key = (trust_id, token)
        remembered = self._remembered.get(key)
        if remembered is not None and remembered[0] > time.monotonic() and remembered[1] == address:
            return remembered[2]
        return await self._looked_up(trust_id, token, address, self._network(address))

    def forget(self, trust_id: UUID, who: UUID) -> None:
        """The sessions of a person or the tokens of an app have ended."""
        self._forgotten += 1
        known = [
            key
            for key, (_, _, caller) in self._remembered.items()
            if key[0] == trust_id and who in (caller.person_id, caller.viewer.partner_app_id)
        ]
        for key in known:
            del self._remembered[key]

    async def _looked_up(self, trust_id: UUID, token: str, address: str, network: str) -> Caller:
        key, forgotten = (trust_id, token), self._forgotten
        with self._limit():
            caller = await self._look_up(trust_id, token, network)
        if forgotten != self._forgotten:
            return caller
        self._remembered[key] = (time.monotonic() + self._memory, address, caller)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return caller

    async def again(self, caller: Caller) -> Caller:
        """The same caller as they are now; anonymous where their token is no longer good."""
        trust_id = caller.viewer.trust_id
        if caller.token is not None:
            self._remembered.pop((trust_id, caller.token), None)
        network = caller.viewer.network
        try:
            if caller.token is not None:
                with self._limit():
                    return await self._look_up(trust_id, caller.token, network or "")
        except NotAuthenticated:  # signed out
            pass
        return caller_of(Viewer(trust_id, AccessProfile(ViewerKind.ANONYMOUS), network=network))

    def _hash_of_network(self, address: str) -> str:
        """A keyed hash of the network the caller is in: one IPv4 address, or the /48 of IPv6 that a site may have: of
        its 65,536 parts each would else have an allowance of its own."""
        try:
            network = str(ip_network((address, 48 if ":" in address else 32), strict=False))
        except ValueError:
            network = address
        return hmac.new(self._network_key, network.encode(), hashlib.sha256).hexdigest()[:32]

    async def _look_up(self, trust_id: UUID, token: str, network: str) -> Caller:
        if token.startswith(SESSION_TOKEN_PREFIX):
            return await self._session(trust_id, token, network)
        if token.startswith(TOKEN_PREFIX):
            text = await app_facts(self._pool, trust_id, hash_of_token(token))
            if text is not None:
                app = orjson.loads(text)
                profile = AccessProfile(ViewerKind.PARTNER, scopes=frozenset(map(Scope.named, app["scopes"])))
                app_viewer = Viewer(trust_id, profile, partner_app_id=UUID(app["id"]), network=network)
                return caller_of(app_viewer, token)
        raise NotAuthenticated

    async def _sessions_facts(self, trust_id: UUID, hashes: Sequence[str]) -> list[dict[str, Any] | None]:
        found = orjson.loads(await sessions_facts(self._pool, trust_id, hashes, SESSION_IDLE))
        by_hash = {each["token_hash"]: each for each in found}
        return [by_hash.get(each) for each in hashes]

    async def _note_uses(self, trust_id: UUID, sessions: Sequence[UUID]) -> Sequence[None]:
        await self._transactions.run(trust_id, lambda transaction: note_uses(transaction, sessions))
        return [None] * len(sessions)

    async def _session(self, trust_id: UUID, token: str, network: str) -> Caller:
        session = await self._sessions(trust_id, hash_of_token(token), network)
        if session is None:
            raise NotAuthenticated
        session_id = UUID(session["id"])
        if session["stale"]:
            await self._uses(trust_id, session_id, network)  # before it is used: else it could end while it is
        person_id = UUID(session["person_id"]) if session["person_id"] else None
        kind = ViewerKind.PERSON if person_id else ViewerKind.APPLICANT
        profile = AccessProfile(kind, roles=frozenset(map(Role.named, session["roles"])))
        return caller_of(Viewer(trust_id, profile, person_id, session_id, session["email"], network=network), token)
