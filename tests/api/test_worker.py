"""Mail through a real SMTP server, retries, and what the worker may not see."""

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from api.settings import Settings
from api.worker.duties import Days
from api.worker.postman import Postman
from api.worker.supervision import Failures
from db.connection import Pool
from db.identity.viewers import trusts_by_slug
from db.notifications import outbox
from db.privacy.retention import forget_passing
from domain.notifications.mail import MOST_TRIES, MailPriority
from tests.api.smtp import smtp_server
from tests.conftest import Scenario
from tests.world import CARE, WESSEX, World

REQUEST = "mutation ($email: EmailAddress!) { requestSignInCode(input: {email: $email}) { challenge errors { code } } }"


async def queue_notices(world: World, trust_id: UUID, count: int, tries: int = 0) -> None:
    """So many notices that have waited for an hour and were tried so often."""
    await world.owner.execute(
        "insert into outbox (trust_id, priority, recipient, subject, body, html, try_at, tries)"
        " select $1, $2, 'member@example.org', 'S', 'B', '<p>B</p>', app_now() - interval '1 hour', $4"
        " from generate_series(1, $3)",
        trust_id,
        MailPriority.NORMAL,
        count,
        tries,
    )


class Mailbox:
    """An SMTP handler that keeps what arrives, and can refuse."""

    def __init__(self) -> None:
        self.kept: list[tuple[list[str], bytes]] = []
        self.refusing = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusing:
            return "451 later"
        self.kept.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


def test_mails_leave_by_smtp_and_are_tried_again(in_a_world: Scenario, tmp_path: Any) -> None:
    mailbox = Mailbox()

    async def story(world: World, url: str) -> None:
        postman = Postman(Settings(smtp_url=url, var=tmp_path))
        await world.do(REQUEST, email="someone@example.org")
        mailbox.refusing = True

        assert await world.deliver_due(postman) == 0
        assert await world.value("select failure from outbox") == "SMTPDataError"
        assert await world.deliver_due(postman) == 0, "not before its time"
        mailbox.refusing = False
        await world.pass_time(minutes=1)
        assert await world.deliver_due(postman) == 1
        assert await world.deliver_due(postman) == 0

        ((recipients, content),) = mailbox.kept
        assert recipients == ["someone@example.org"]
        assert b"Your sign-in code is" in content
        assert f"<{await world.value('select id::text from outbox')}@".encode() in content
        assert await world.value("select body from outbox") is None, "the code is forgotten once it is sent"

    with smtp_server(mailbox) as url:
        in_a_world(partial(story, url=url))


def test_a_worker_that_dies_leaves_its_mails_to_the_next(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.do(REQUEST, email="someone@example.org")
        trust_id = await world.trust_id(CARE)

        assert await outbox.claim(world.worker, trust_id), "claimed, then the worker dies"
        assert await outbox.claim(world.worker, trust_id) is None
        await world.pass_time(minutes=1)
        assert await outbox.claim(world.worker, trust_id)

    in_a_world(story)


def test_two_workers_do_not_send_the_same_mail(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for number in range(6):
            await world.do(REQUEST, email=f"someone{number}@example.org")
        postman = Postman(world.settings)

        delivered = await asyncio.gather(*(world.deliver_due(postman) for _ in range(3)))

        assert sum(delivered) == 6

    in_a_world(story)


def test_the_worker_sees_no_register_no_roll_and_no_session(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for table in (
            "person",
            "membership",
            "roll_entry",
            "session",
            "consultation_response",
            "audit_event",
            "ballot_paper",
        ):
            with pytest.raises(Exception, match="permission denied"):
                await world.worker.fetch(f"select * from {table}")

    in_a_world(story)


def test_what_has_expired_is_forgotten(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.do(REQUEST, email="someone@example.org")
        await world.pass_time(hours=2)

        await forget_passing(world.worker, await world.trust_id(CARE))

        assert await world.value("select count(*) from sign_in_challenge") == 0

    in_a_world(story)


def test_the_trouble_of_one_trust_keeps_nobody_elses_mails_waiting(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        first, other = sorted(await trusts_by_slug(world.app.pool))[0], WESSEX
        for trust in (first, other):
            await world.ask(REQUEST, trust=trust, email="someone@example.org")
        await world.owner.execute(
            "create function trouble() returns trigger language plpgsql as"
            " $$ begin raise exception using errcode = 'check_violation'; end $$"
        )
        trust_id = await world.trust_id(first)
        await world.owner.execute(
            "create trigger trouble before update on outbox for each row"
            f" when (old.trust_id = '{trust_id}') execute function trouble()"
        )
        assert await world.deliver_due(Postman(world.settings)) == 1

        sent = await world.owner.fetch("select trust_id from outbox where sent_at is not null")
        assert [row["trust_id"] for row in sent] == [await world.trust_id(other)]

    in_a_world(story)


def test_a_duty_that_fails_is_tried_again_and_keeps_no_other_from_being_done(
    in_a_world: Scenario, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(world: World) -> None:
        member, _ = await world.member()
        await world.lose_ground(member)
        await world.mails()
        texts = "select count(*) from notice where body is not null and queued_at < app_now() - interval '1 day'"
        await world.pass_time(days=1_000)
        assert await world.value(texts) > 0
        await world.owner.execute("alter table failed_duty rename to failed_elsewhere")  # the register can't be kept

        failures, days = Failures("duties of the day"), Days(world.worker, world.app.pool)
        await days.look(failures)

        failed = [record.msg for record in caplog.records if isinstance(record.msg, dict) and "failure" in record.msg]
        kept = {"job": "duties of the day", "trust": CARE, "doing": "keeping the register"}
        assert {**kept, "failure": "UndefinedTableError", "in_a_row": 1} in failed
        assert {each["doing"] for each in failed} == {"keeping the register"}
        assert await world.value(texts) == 0, "forgotten all the same"

        caplog.clear()
        await days.look(failures)
        assert not caplog.records, "it rests a little"
        await world.owner.execute("alter table failed_elsewhere rename to failed_duty")
        monkeypatch.setattr(failures, "rest", lambda **_: 0.0)
        await days.look(failures)
        assert not caplog.records
        assert await world.value("select count(*) from membership where status <> 'ADMITTED'") == 1, "kept now"

    in_a_world(story)


def test_a_mail_that_cannot_be_built_keeps_no_other_waiting(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.do(REQUEST, email="someone@example.org")
        trust_id = await world.trust_id(CARE)
        await world.owner.execute(
            "insert into outbox (trust_id, priority, recipient, subject, body, try_at)"
            " values ($1, 1, '=?utf-8?q??=@example.org', 'S', 'B', app_now() - interval '1 hour')",
            trust_id,
        )
        assert await world.refused(REQUEST, email="=?utf-8?q??=@example.org") == "EMAIL_INVALID"

        assert await world.deliver_due(Postman(world.settings)) == 1

        assert await world.value("select count(*) from outbox where sent_at is null and tries < 10") == 0, "given up"
        assert await world.value("select failure from outbox where sent_at is null") == "IndexError"

    in_a_world(story)


def test_a_sign_in_code_goes_before_a_heap_of_notices(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        trust_id = await world.trust_id(CARE)
        await queue_notices(world, trust_id, 50)
        await world.do(REQUEST, email="someone@example.org")
        await world.owner.execute("analyze outbox")

        claimed = await outbox.claim(world.worker, trust_id)

        assert claimed
        assert claimed.recipient == "someone@example.org"
        assert await world.deliver_due(Postman(world.settings)) == 50, "and the heap is worked off as well"

    in_a_world(story)


class Asked:
    """The worker's connections, and what was last asked through them."""

    def __init__(self, worker: Pool) -> None:
        self._worker = worker
        self.last: tuple[Any, ...] = ()

    async def fetchrow(self, *statement_and_values: Any) -> Any:
        self.last = statement_and_values
        return await self._worker.fetchrow(*statement_and_values)

    async def plan_of_last(self) -> str:
        statement, *values = self.last
        async with self._worker.acquire() as connection, connection.transaction():
            await connection.execute("set local plan_cache_mode = force_generic_plan")  # as after some looks
            return "\n".join(row[0] for row in await connection.fetch(f"explain (analyze) {statement}", *values))


def test_no_look_sorts_what_waits_or_passes_what_was_given_up(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        trust_id = await world.trust_id(CARE)
        await queue_notices(world, trust_id, 5_000, tries=MOST_TRIES)
        await queue_notices(world, trust_id, 5_000)
        await world.owner.execute("analyze outbox")
        asked = Asked(world.worker)

        assert await outbox.claim(asked, trust_id)

        plan = await asked.plan_of_last()
        assert "Index Scan using outbox_waiting_idx" in plan, plan
        assert "Sort" not in plan, plan
        assert "Rows Removed" not in plan, plan

    in_a_world(story)
