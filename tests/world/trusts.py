"""A trust: its officers, its rules, and what the nights do to it."""

import json
import secrets
from typing import Any
from uuid import UUID

from actions.identity.tokens import hash_of_token
from actions.intake.jobs import abandon_unused
from actions.membership.lifecycle import keep_register
from api.http.app import Application
from db.connection import Pool
from db.privacy.retention import forget_overdue
from db.transactions import Transactions
from domain.identity.viewer import Role

from .client import CARE, Client, Known


class Trusts(Client):
    app: Application
    worker: Pool

    async def trust_id(self, trust: str) -> UUID:
        found: UUID = await self.value("select id from trust where slug = $1", trust)
        return found

    async def two_schools(self, trust: str = CARE) -> tuple[int, int]:
        """The numbers of two of the trust's schools."""
        first, second = await self.owner.fetch(
            "select urn from school where trust_id = $1 order by urn limit 2", await self.trust_id(trust)
        )
        return first["urn"], second["urn"]

    async def session(self, trust: str, address: str, person_id: UUID | None) -> Known:
        """A session without the mail that outlasts whatever time passes: tests/api/test_sign_in.py tests real ones."""
        token = "fms_" + secrets.token_urlsafe(32)
        await self.owner.execute(
            "insert into session (trust_id, token_hash, email, person_id, last_used_at, expires_at)"
            " values ($1, $2, $3, $4, '2200-01-01', '2200-01-01')",
            await self.trust_id(trust),
            hash_of_token(token),
            address,
            person_id,
        )
        return Known(person_id, token, trust)

    async def officer(self, role: Role, trust: str = CARE) -> Known:
        """The demo person who holds the role."""
        row = await self.owner.fetchrow(
            "select p.id, p.email from person p join role_grant g on g.trust_id = p.trust_id and g.person_id = p.id"
            " where p.trust_id = $1 and g.role = $2",
            await self.trust_id(trust),
            role.value,
        )
        return await self.session(trust, row["email"], row["id"])

    async def set_rules(self, trust: str = CARE, **changes: Any) -> None:
        """Other rules from the start: adopting rules is tested in tests/api/test_rulesets.py."""
        await self.owner.execute(
            "update ruleset set rules = rules || $2::jsonb where trust_id = $1",
            await self.trust_id(trust),
            json.dumps(changes),
        )

    async def set_constituency_rule(self, code: str, trust: str = CARE, **changes: Any) -> None:
        await self.owner.execute(
            "update ruleset set rules = jsonb_set(rules, '{constituencies}', (select jsonb_agg(case when c->>'code' = $2"
            " then c || $3::jsonb else c end order by n) from jsonb_array_elements(rules->'constituencies')"
            " with ordinality as each(c, n))) where trust_id = $1",
            await self.trust_id(trust),
            code,
            json.dumps(changes),
        )

    async def keep_register(self, trust: str = CARE) -> dict[str, int]:
        """What the passing of a day does."""
        return await keep_register(Transactions(self.app.pool), await self.trust_id(trust))

    async def abandon_imports(self, trust: str = CARE) -> dict[str, int]:
        return await Transactions(self.app.pool).run(await self.trust_id(trust), abandon_unused)

    async def forget_overdue(self, trust: str = CARE) -> dict[str, int]:
        return await forget_overdue(Transactions(self.worker), await self.trust_id(trust))
