"""A running application on a database of its own, and the people in it."""

import contextlib
import email
import email.policy
import json
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import httpx

from actions.identity.tokens import hash_of_token
from actions.membership.lifecycle import keep_register
from actions.polls.casting import seal_papers
from api.app import Application
from api.settings import Settings
from api.worker import Postman, deliver_due
from db.connection import WORKER_ROLE, Connection, Pool, connect, open_pool
from db.identity.viewers import trusts_by_slug
from db.privacy.retention import forget_overdue
from db.tables import METADATA
from db.transactions import Transactions
from domain.identity.viewer import Role
from tests.mutations import (
    ADMIT,
    APPLY,
    APPLY_FOR_ORGANISATION,
    DRAFT_CONSULTATION,
    DRAFT_RESOLUTION,
    REGISTER_CHILD,
    act,
)
from tests.passing_time import PassingTime

CARE = "care-foundation-trust"
WESSEX = "wessex-learning-trust"
END_RELATIONSHIP = """mutation ($id: ID!, $until: Date!) {
  endRelationship(input: {id: $id, until: $until}) { person { id } errors { code field } } }"""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with a session."""

    person_id: UUID | None
    token: str
    trust: str


class World(PassingTime):
    def __init__(
        self, app: Application, http: httpx.AsyncClient, owner: Connection, worker: Pool, mail: Path, url: str
    ) -> None:
        self.url = url
        self.app, self.http, self.owner, self.worker, self.mail = app, http, owner, worker, mail
        self.settings = Settings(var=mail.parent)
        self._numbers = iter(range(10_000))

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, url: str, folder: Path, **settings: Any) -> AsyncIterator[Self]:
        chosen = {"pool_size": 6, "session_cache_seconds": 0.0, "shifted_clock_allowed": True} | settings
        app = Application(Settings(var=folder, **chosen), url)
        owner = await connect(url)
        await owner.execute("set timezone = 'UTC'")
        worker = await open_pool(url, WORKER_ROLE, 1)
        async with (
            app.lifespan(),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http,
        ):
            yield cls(app, http, owner, worker, folder / "mail", url)
        await worker.close()
        await owner.close()

    async def post(self, body: Any, *, trust: str = CARE, token: str | None = None, **headers: str) -> httpx.Response:
        sent = {"content-type": "application/json", **headers}
        if token:
            sent["authorization"] = f"Bearer {token}"
        if isinstance(body, (bytes, str)):
            return await self.http.post(f"/{trust}/graphql", content=body, headers=sent)
        return await self.http.post(f"/{trust}/graphql", json=body, headers=sent)

    async def ask(self, query: str, known: Known | None = None, *, trust: str | None = None, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.post(
            {"query": query, "variables": variables},
            trust=trust or (known.trust if known else CARE),
            token=known.token if known else None,
        )
        body = answer.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def do(self, query: str, known: Known | None = None, **variables: Any) -> Any:
        """The payload of the one mutation in `query`, which must not have been refused."""
        (payload,) = (await self.ask(query, known, **variables)).values()
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def refused(
        self, query: str, known: Known | None = None, *, trust: str | None = None, **variables: Any
    ) -> str:
        """The code of the refusal, after making sure that nothing was written."""
        before = await self.contents()
        (payload,) = (await self.ask(query, known, trust=trust, **variables)).values()
        assert await self.contents() == before, "a refusal has written something"
        (error,) = payload["errors"]
        assert all(value in (None, [], payload["errors"]) for value in payload.values()), payload
        return str(error["code"])

    async def contents(self) -> dict[str, str]:
        """A fingerprint of every table."""
        parts = " union all ".join(
            f"select '{name}' as name, count(*) || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as hash"
            f' from "{name}" t'
            for name in sorted(METADATA.tables)
        )
        return {row["name"]: row["hash"] for row in await self.owner.fetch(parts)}

    # -- people ---------------------------------------------------------------------------------------------

    async def trust_id(self, trust: str) -> UUID:
        found: UUID = await self.value("select id from trust where slug = $1", trust)
        return found

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

    async def newcomer(self, trust: str = CARE) -> Known:
        """A confirmed mailbox nobody knows."""
        return await self.session(trust, f"newcomer{next(self._numbers)}@example.org", None)

    def application(self, **changes: Any) -> dict[str, Any]:
        return {
            "givenName": "Amina",
            "familyName": f"Canary{next(self._numbers)}",
            "dateOfBirth": "1985-05-01",
            "constituency": "PARENT_CARER",
            "relationships": [{"kind": "PARENT_CARER", "schoolUrn": 118365}],
            "serviceAddress": "1 Canary Row, Aldington",
            "acceptsArticles": True,
        } | changes

    async def applicant(self, trust: str = CARE, **changes: Any) -> tuple[Known, str]:
        """Somebody who has applied, and their application's id."""
        newcomer = await self.newcomer(trust)
        urn = await self.value("select min(urn) from school where trust_id = $1", await self.trust_id(trust))
        changes = {"relationships": [{"kind": changes.get("constituency", "PARENT_CARER"), "schoolUrn": urn}]} | changes
        payload = await self.do(APPLY, newcomer, input=self.application(**changes))
        person = UUID(payload["member"]["person"]["id"].removeprefix("per_"))
        return Known(person, newcomer.token, trust), payload["member"]["id"]

    async def member(self, trust: str = CARE, **changes: Any) -> tuple[Known, str]:
        """Somebody on the register, and their membership's id."""
        known, membership = await self.applicant(trust, **changes)
        await self.do(ADMIT, await self.officer(Role.MEMBERSHIP_OFFICER, trust), id=membership)
        return known, membership

    async def child(self, guardian: Known, **changes: Any) -> tuple[str, str]:
        """A learner of twelve whom the guardian has registered: the ids of the membership and of the child."""
        child = {
            "givenName": "Cleo",
            "familyName": f"Canary{next(self._numbers)}",
            "dateOfBirth": str((await self.today()).replace(day=1) - timedelta(days=12 * 366)),
            "schoolUrn": await self.value(
                "select min(urn) from school where trust_id = $1", await self.trust_id(guardian.trust)
            ),
            "serviceAddress": "1 Canary Row, Aldington",
        } | changes
        payload = await self.do(REGISTER_CHILD, guardian, input=child)
        return payload["member"]["id"], payload["member"]["person"]["id"]

    async def organisation(self, **changes: Any) -> tuple[Known, str, str]:
        """A representative, who is no member, with their organisation's membership and the organisation."""
        known, membership = await self.applicant()
        await self.do(act("withdrawApplication", "member"), known, id=membership)
        application = {
            "name": f"Canary {next(self._numbers)} Wildlife Trust",
            "kind": "charity",
            "constituency": "PARTNER",
            "serviceAddress": "The Old Mill",
            "document": "Minute 7 of 1 March",
            "acceptsArticles": True,
        } | changes
        payload = await self.do(APPLY_FOR_ORGANISATION, known, input=application)
        return known, payload["member"]["id"], payload["member"]["organisation"]["id"]

    async def lose_ground(self, known: Known) -> None:
        """The relationships that somebody has declared end today."""
        query = "{ viewer { person { relationships { id until } } } }"
        day = await self.day()
        for each in (await self.ask(query, known))["viewer"]["person"]["relationships"]:
            if each["until"] is None:
                await self.do(END_RELATIONSHIP, known, id=each["id"], until=day)

    async def keep_register(self, trust: str = CARE) -> dict[str, int]:
        """What the passing of a day does."""
        return await keep_register(Transactions(self.app.pool), await self.trust_id(trust))

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

    # -- polls and consultations ---------------------------------------------------------------------------

    def resolution(self, **changes: Any) -> dict[str, Any]:
        return {
            "title": "Charter",
            "resolution": "That the charter be adopted.",
            "secrecy": "CONFIDENTIAL",
            "constituencies": ["PARENT_CARER", "STAFF"],
            "opensAt": "2100-01-01T09:00:00Z",
            "closesAt": "2100-01-08T17:00:00Z",
        } | changes

    async def drafted_poll(self, trust: str = CARE, **changes: Any) -> str:
        officer = await self.officer(Role.RETURNING_OFFICER, trust)
        return str((await self.do(DRAFT_RESOLUTION, officer, input=self.resolution(**changes)))["poll"]["id"])

    async def frozen_poll(self, trust: str = CARE, **changes: Any) -> str:
        """A poll with notice as long as the rules ask, whose roll is everybody on the register now; not open yet."""
        officer = await self.officer(Role.RETURNING_OFFICER, trust)
        notice = await self.value(
            "select max((rules->>'resolutionNoticeDays')::int) from ruleset where trust_id = $1",
            await self.trust_id(trust),
        )
        dates = {"opensAt": await self.later(days=notice, hours=1), "closesAt": await self.later(days=notice + 7)}
        poll = await self.drafted_poll(trust, **(dates | changes))
        for step in ("giveNotice", "freezeRoll"):
            await self.do(act(step, "poll"), officer, id=poll)
        return poll

    async def open_poll(self, trust: str = CARE, **changes: Any) -> str:
        """As frozen_poll, when it has opened."""
        poll = await self.frozen_poll(trust, **changes)
        await self.set_clock(await self.moment_of("poll", poll, "opens_at"))
        return poll

    async def close_poll(self, poll: str) -> None:
        """Lets the poll run out, and the last papers be sealed."""
        await self.set_clock(await self.moment_of("poll", poll, "closes_at"))
        await self.seal()

    async def seal(self) -> int:
        return await seal_papers(self.worker)

    def consultation(self, **changes: Any) -> dict[str, Any]:
        return {
            "title": "School day",
            "purpose": "To hear what suits families.",
            "kind": "ENGAGEMENT",
            "proposer": "The board",
            "decisionMaker": "The board",
            "closesAt": "2100-01-01T12:00:00Z",
            "questions": [
                {"prompt": "Start at 8:30?", "kind": "YES_NO", "required": True},
                {"prompt": "Anything else?", "kind": "TEXT"},
            ],
        } | changes

    async def drafted_consultation(self, trust: str = CARE, **changes: Any) -> dict[str, Any]:
        clerk = await self.officer(Role.CLERK, trust)
        payload = await self.do(DRAFT_CONSULTATION, clerk, input=self.consultation(**changes))
        consultation: dict[str, Any] = payload["consultation"]
        return consultation

    async def open_consultation(self, trust: str = CARE, **changes: Any) -> dict[str, Any]:
        """A consultation that is open for a season."""
        consultation = await self.drafted_consultation(trust, **({"closesAt": await self.later(days=90)} | changes))
        clerk = await self.officer(Role.CLERK, trust)
        await self.do(act("publishConsultation", "consultation"), clerk, id=consultation["id"])
        return consultation

    async def run_out(self, consultation: Mapping[str, Any]) -> None:
        """Lets the time for answers pass."""
        await self.set_clock(await self.moment_of("consultation", consultation["id"], "closes_at"))

    def answers(self, consultation: Mapping[str, Any], choice: str, comment: str | None = None) -> dict[str, Any]:
        first, *rest = consultation["questions"]
        answers = [{"questionId": first["id"], "choice": choice}]
        if comment:
            answers.append({"questionId": rest[0]["id"], "comment": comment})
        return {"consultationId": consultation["id"], "answers": answers}

    async def deliver_due(self, postman: Postman) -> int:
        """One look at every trust's outbox, as the worker does; how many mails left."""
        trusts = await trusts_by_slug(self.app.pool)
        return sum([await deliver_due(self.worker, postman, trust_id) for trust_id in trusts.values()])

    async def forget_overdue(self, trust: str = CARE) -> dict[str, int]:
        return await Transactions(self.worker).run(await self.trust_id(trust), forget_overdue)

    async def mails(self) -> list[tuple[str, str]]:
        """Sends what waits; recipient and body of every mail so far, oldest first."""
        await self.deliver_due(Postman(self.settings))
        found = []
        for path in sorted(self.mail.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            assert body is not None
            found.append((str(message["To"]), body.get_content()))
        return found

    async def code_for(self, address: str) -> str:
        """The last sign-in code mailed to the address."""
        bodies = [body for recipient, body in await self.mails() if recipient == address]
        found = [match.group() for body in bodies if (match := re.search(r"\b\d{8}\b", body))]
        return found[-1]
