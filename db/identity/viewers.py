"""Who a token belongs to."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from ..connection import Pool
from ..fragments.people import holds
from ..transactions import Transaction

_TRUST = "with app as materialized (select set_config('app.trust', $1::uuid::text, true) as trust) "

_SESSIONS = (
    _TRUST + "select (select coalesce(jsonb_agg(to_jsonb(found)), '[]') from (select s.token_hash, s.id, s.person_id,"
    " s.email, s.last_used_at < app_now() - interval '1 minute' as stale,"
    " (select coalesce(array_agg(g.role), '{}') from role_grant g where g.trust_id = $1"
    "   and g.person_id = s.person_id and g.ended_at is null) as roles"
    " from session s where s.trust_id = $1 and s.token_hash = any($2) and s.ended_at is null and s.expires_at > app_now()"
    " and s.last_used_at > app_now() - $3::interval) found) from app where app.trust is not null"
)
_APP = (
    _TRUST + "select (select to_jsonb(found) from (select t.app_id as id, t.scopes from partner_token t"
    " join partner_app a on a.trust_id = $1 and a.id = t.app_id"
    " join agreement g on g.trust_id = $1 and g.id = a.agreement_id"
    " where t.trust_id = $1 and t.token_hash = $2 and t.expires_at > app_now()"
    f" and {holds('g')}) found) from app where app.trust is not null"
)


async def trusts_by_slug(pool: Pool) -> dict[str, UUID]:
    """Every trust's part of the address. The list is public."""
    return {row["slug"]: row["id"] for row in await pool.fetch("select slug, id from trust")}


async def sessions_facts(pool: Pool, trust_id: UUID, token_hashes: Sequence[str], idle: timedelta) -> str:
    """JSON list of the live sessions among these tokens: token_hash, id, person_id, email, roles, stale."""
    found: str = await pool.fetchval(_SESSIONS, trust_id, token_hashes, idle)
    return found


async def touch_sessions(transaction: Transaction, sessions: Sequence[UUID]) -> None:
    """Notes that the sessions are in use; called at most once a minute for each."""
    await transaction.run(
        "update session set last_used_at = app_now() where trust_id = $1 and id = any($2)",
        transaction.trust_id,
        sessions,
    )


async def app_facts(pool: Pool, trust_id: UUID, token_hash: str) -> str | None:
    """JSON of the partner's app with this token, while its agreement is in force: id, scopes."""
    found: str | None = await pool.fetchval(_APP, trust_id, token_hash)
    return found
