"""Notices by mail: their language, and mailboxes that turn them away (rule 21)."""

from functools import partial
from typing import Any

import pytest

from actions.notifications.wording import FALLBACK, TEMPLATES
from api.settings import Settings
from api.worker.postman import Postman
from domain.identity.viewer import Role
from domain.notifications.notice import NoticeKind
from tests.api.smtp import smtp_server
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import World

CONTACT = "mutation ($id: ID!, $language: String) { changeContact(input: {personId: $id, language: $language}) { person { email language } errors { code } } }"


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_of_notice_has_its_words(kind: NoticeKind) -> None:
    subject, blank, text = (TEMPLATES / FALLBACK / f"{kind.value.lower()}.txt").read_text("utf-8").split("\n", 2)

    assert (bool(subject.strip()), blank, bool(text.strip())) == (True, "", True)


def test_notices_come_in_the_language_of_the_person_as_text_and_html(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant(givenName="Zofia<b>")
        person = f"per_{known.person_id}"
        for tag in ("polish!", "", "en-", "e", "en-" + "abcdefgh-" * 4):
            assert await world.refused(CONTACT, known, id=person, language=tag) == "INPUT_INVALID", tag
        await world.do(CONTACT, known, id=person, language="pl")
        await world.do(ADMIT, officer, id=membership)

        mails = await world.mails()
        assert [body for _, body in mails if "figuruje teraz w rejestrze" in body]
        (path, *_) = sorted(world.mail.glob("*.eml"), key=lambda each: each.name, reverse=True)
        assert (
            "Zofia&lt;b&gt;" in path.read_bytes().decode("utf-8", "replace").replace("=\n", "")
            or b"base64" in path.read_bytes()
        )
        notices = (await world.ask("{ notices { nodes { kind language channel dispatchedAt } } }", known))["notices"][
            "nodes"
        ]
        assert [(each["kind"], each["language"]) for each in notices] == [("ADMITTED", "pl"), ("RECEIVED", "en")]
        assert all(each["dispatchedAt"] for each in notices)

    in_a_world(story)


class Refusing:
    """A real SMTP server that has no such mailbox."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        return "550 no such mailbox"


def test_a_mailbox_that_is_turned_away_for_good_is_noted_and_not_tried_again(
    in_a_world: Scenario, tmp_path: Any
) -> None:
    async def story(world: World, url: str) -> None:
        await world.applicant()
        postman = Postman(Settings(smtp_url=url, var=tmp_path))

        assert await world.deliver_due(postman) == 0
        await world.pass_time(days=1)
        assert await world.deliver_due(postman) == 0

        officer = await world.officer(Role.CLERK)
        bounced = (
            await world.ask("{ notices(filter: {state: BOUNCED}) { nodes { kind bounce dispatchedAt } } }", officer)
        )["notices"]["nodes"]
        assert bounced == [{"kind": "RECEIVED", "bounce": "SMTPRecipientsRefused", "dispatchedAt": None}]
        assert await world.value("select count(*) from outbox where body is null and sent_at is null") == 1

    with smtp_server(Refusing()) as url:
        in_a_world(partial(story, url=url))
