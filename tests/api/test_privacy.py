"""Data rights (rule 26), retention, notices and letters (rule 21), and extracts of the register (rule 5)."""

import json
import socket
from typing import Any

from aiosmtpd.controller import Controller

from api.settings import Settings
from api.worker import Postman
from db.privacy.personal_data import ABOUT_A_PERSON
from db.tables import METADATA
from domain.governance.rulesets import RecordType
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, act
from tests.world import CARE, Known, World

ASK = "mutation ($id: ID!, $kind: DataRequestKind!) { requestAboutData(input: {personId: $id, kind: $kind}) { request { id status dueOn } errors { code } } }"
ANSWER = 'mutation ($id: ID!, $granted: Boolean!) { answerDataRequest(input: {id: $id, granted: $granted, answer: "Done."}) { request { status kept } errors { code } } }'
CONTACT = "mutation ($id: ID!, $language: String, $email: String) { changeContact(input: {personId: $id, language: $language, email: $email}) { person { email language } errors { code } } }"


async def fetch(world: World, known: Known | None, path: str, method: str = "GET", **params: str) -> Any:
    headers = {"authorization": f"Bearer {known.token}"} if known else {}
    return await world.http.request(method, f"/{CARE}/{path}", headers=headers, params=params)


def test_every_table_about_people_is_in_the_copy_of_their_data() -> None:
    pointing = {
        table.name
        for table in METADATA.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table.name == "person"
    }
    others = {
        "roll_entry",
        "recorded_vote",
        "person",
        "declaration",
        "consultation_answer",
        "audit_event",
        "membership_transition",
        "register_line",
        "removal",
    }

    assert pointing | others == set(ABOUT_A_PERSON)


def test_a_copy_of_everything_about_oneself_for_people_and_for_machines(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        stranger, _ = await world.member()
        person = f"per_{known.person_id}"

        assert await world.refused(ASK, stranger, id=person, kind="EXPORT") == "NOT_FOUND"
        assert await world.refused(ASK, None, id=person, kind="EXPORT") == "NOT_SIGNED_IN"
        request = (await world.do(ASK, known, id=person, kind="EXPORT"))["request"]
        machines = await fetch(world, known, f"data-requests/{request['id']}.json")
        page = await fetch(world, known, f"data-requests/{request['id']}.html")

        everything = machines.json()
        assert machines.status_code == page.status_code == 200
        assert everything["person"][0]["given_name"] == "Amina"
        assert [step["status"] for step in everything["membership_transition"]] == ["SUBMITTED", "ADMITTED"]
        assert everything["register_line"][0]["service_address"] == "1 Canary Row, Aldington"
        assert "token_hash" not in machines.text
        assert "Everything CARE Foundation Trust holds about you" in page.text
        assert "Amina" in page.text
        for who, status in ((stranger, 404), (None, 401), (Known(None, "fms_x", CARE), 401)):
            assert (await fetch(world, who, f"data-requests/{request['id']}.json")).status_code == status
        assert (await fetch(world, known, f"data-requests/{membership}.json")).status_code == 404
        assert (await fetch(world, known, f"data-requests/{request['id']}.exe")).status_code == 404
        assert [body for _, body in await world.mails() if "everything CARE Foundation Trust holds" in body]

    in_a_world(story)


def test_an_erasure_keeps_what_the_law_requires_and_says_so(in_a_world: Scenario) -> None:
    """Rules 5g and 26b: register core kept with the reason, contact gone."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
        keeper = await world.officer(Role.MEMBERSHIP_OFFICER)
        member, membership = await world.member()
        applicant, application = await world.applicant(serviceAddress="9 Gone Street")
        requests = [
            (await world.do(ASK, each, id=f"per_{each.person_id}", kind="ERASURE"))["request"]["id"]
            for each in (member, applicant)
        ]

        assert await world.refused(ANSWER, member, id=requests[0], granted=True) == "NOT_PERMITTED"
        assert await world.refused(ANSWER, officer, id=requests[0], granted=True) == "MEMBERSHIP_OPEN"
        await world.do(act("resignMembership", "member"), member, id=membership)
        await world.do(act("withdrawApplication", "member"), applicant, id=application)
        kept = [(await world.do(ANSWER, officer, id=each, granted=True))["request"]["kept"] for each in requests]

        assert [each["record"] for each in kept[0]] == ["AUDIT_TRAIL", "REGISTER"]
        assert "s" in kept[0][1]["reason"]
        assert kept[0][1]["until"] > "2036"
        assert [each["record"] for each in kept[1]] == ["AUDIT_TRAIL"]
        assert await world.refused(ANSWER, officer, id=requests[0], granted=False) == "REQUEST_ANSWERED"
        person = await world.owner.fetchrow("select * from person where id = $1", member.person_id)
        assert (person["given_name"], person["email"], person["date_of_birth"]) == ("(erased)", None, None)
        entries = (await world.ask("{ register { nodes { name serviceAddress ceasedOn } } }", keeper))["register"][
            "nodes"
        ]
        assert entries[0]["name"].startswith("Amina")
        assert entries[0]["ceasedOn"]
        left = json.dumps(
            [
                dict(row)
                for row in await world.owner.fetch("select * from membership where person_id = $1", applicant.person_id)
            ],
            default=str,
        )
        assert "Gone Street" not in left
        assert "Amina" not in left
        assert (
            await world.value(
                "select count(*) from relationship where person_id = any($1)", [member.person_id, applicant.person_id]
            )
            == 0
        )
        assert (await world.post({"query": "{ viewer { kind } }"}, token=member.token)).status_code == 401, "signed out"

    in_a_world(story)


def test_an_objection_ends_marketing_and_a_rectification_is_answered(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
        known, _ = await world.member()
        for kind, granted in (("OBJECTION", True), ("RECTIFICATION", False)):
            request = (await world.do(ASK, known, id=f"per_{known.person_id}", kind=kind))["request"]
            assert request["status"] == "OPEN"
            assert (await world.do(ANSWER, officer, id=request["id"], granted=granted))["request"]["kept"] == []

        assert await world.value("select marketing_opt_out from person where id = $1", known.person_id)
        seen = (await world.ask("{ dataRequests { nodes { status } } }", known))["dataRequests"]["nodes"]
        assert [each["status"] for each in seen] == ["GRANTED", "DECLINED"]

    in_a_world(story)


def test_what_is_overdue_is_reported_and_taken_by_the_nightly_job(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
        keeper = await world.officer(Role.MEMBERSHIP_OFFICER)
        report = "{ trust { overdueRecords { kind days overdue } } }"
        refuse = (
            'mutation ($id: ID!) { refuseMember(input: {id: $id, reason: "No"}) { member { id } errors { code } } }'
        )
        _, refused = await world.applicant()
        await world.do(refuse, keeper, id=refused)
        known, former = await world.member()
        await world.do(act("resignMembership", "member"), known, id=former)
        stays, _ = await world.member()
        await world.mails()

        def overdue(found: Any) -> dict[str, int]:
            return {each["kind"]: each["overdue"] for each in found["trust"]["overdueRecords"]}

        assert set(overdue(await world.ask(report, officer)).values()) == {0}
        assert set(overdue(await world.ask(report, officer))) == set(RecordType.values())
        assert (await world.ask(report, known))["trust"]["overdueRecords"] == []
        await world.pass_time(days=3700)
        counts = overdue(await world.ask(report, officer))
        assert (counts["REFUSED_APPLICATION"], counts["FORMER_MEMBER"]) == (1, 1)
        assert counts["NOTICE_TEXT"] > 3

        done = await world.forget_overdue()

        assert {kind: count for kind, count in done.items() if count} == {
            kind: count for kind, count in counts.items() if count
        }
        assert set(overdue(await world.ask(report, officer)).values()) == {0}
        names = [row["name"] for row in await world.owner.fetch("select name from register_line order by number, line")]
        assert names[:2] == ["", ""]
        assert names[2].startswith("Amina"), "who is still a member stays"
        assert await world.value("select count(*) from notice where body is not null") == 0
        assert (await world.forget_overdue())["FORMER_MEMBER"] == 0
        assert stays.person_id

    in_a_world(story)


def test_notices_come_in_the_language_of_the_person_as_text_and_html(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant(givenName="Zofia<b>")
        person = f"per_{known.person_id}"
        assert await world.refused(CONTACT, known, id=person, language="polish!") == "INPUT_INVALID"
        assert await world.refused(CONTACT, known, id=person, email="new@example.org") == "NOT_PERMITTED"
        assert (
            await world.refused(CONTACT, officer, id=person, email="two@example.org, three@example.org")
            == "EMAIL_INVALID"
        )
        await world.do(CONTACT, known, id=person, language="pl")
        await world.do(ADMIT, officer, id=membership)

        mails = await world.mails()
        assert [body for _, body in mails if "figuruje teraz w rejestrze" in body]
        (path, *_) = sorted(world.mail.glob("*.eml"), key=lambda each: each.stat().st_mtime_ns, reverse=True)
        assert (
            "Zofia&lt;b&gt;" in path.read_bytes().decode("utf-8", "replace").replace("=\n", "")
            or b"base64" in path.read_bytes()
        )
        notices = (await world.ask("{ notices { nodes { kind language channel dispatchedAt } } }", known))["notices"][
            "nodes"
        ]
        assert [(each["kind"], each["language"]) for each in notices] == [("RECEIVED", "en"), ("ADMITTED", "pl")]
        assert all(each["dispatchedAt"] for each in notices)

    in_a_world(story)


class Refusing:
    """A real SMTP server that has no such mailbox."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        return "550 no such mailbox"


def test_a_mailbox_that_is_turned_away_for_good_is_noted_and_not_tried_again(
    in_a_world: Scenario, tmp_path: Any
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Refusing(), hostname="127.0.0.1", port=port)
    server.start()

    async def story(world: World) -> None:
        await world.applicant()
        postman = Postman(Settings(smtp_url=f"smtp://127.0.0.1:{port}", var=tmp_path))

        assert await world.deliver_due(postman) == 0
        await world.pass_time(days=1)
        assert await world.deliver_due(postman) == 0

        officer = await world.officer(Role.CLERK)
        bounced = (
            await world.ask("{ notices(filter: {state: BOUNCED}) { nodes { kind bounce dispatchedAt } } }", officer)
        )["notices"]["nodes"]
        assert bounced == [{"kind": "RECEIVED", "bounce": "SMTPRecipientsRefused", "dispatchedAt": None}]
        assert await world.value("select count(*) from outbox where body is null and sent_at is null") == 1

    try:
        in_a_world(story)
    finally:
        server.stop()


def test_letters_for_those_without_a_mailbox_are_printed_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.applicant(givenName="Олена")
        await world.owner.execute("update person set email = null where id = $1", known.person_id)
        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)

        assert (await fetch(world, known, "letters.pdf", "POST")).status_code == 403
        assert (await fetch(world, clerk, "letters.pdf")).status_code == 405, "a batch is made, not fetched"
        batch = await fetch(world, clerk, "letters.pdf", "POST")
        assert batch.status_code == 200
        assert batch.content.startswith(b"%PDF-")
        assert (await fetch(world, clerk, "letters.pdf", "POST")).status_code == 204
        assert (
            await world.value("select count(*) from notice where channel = 'PRINT' and dispatched_at is not null") == 1
        )

        letter = await world.value("select id from notice where channel = 'PRINT'")
        back = 'mutation ($id: ID!) { recordBounce(input: {id: $id, reason: "Gone away"}) { notice { bounce } errors { code } } }'
        assert await world.refused(back, known, id=f"not_{letter}") == "NOT_PERMITTED"
        assert await world.refused(back, clerk, id=membership) == "NOT_FOUND"
        assert (await world.do(back, clerk, id=f"not_{letter}"))["notice"] == {"bounce": "Gone away"}

    in_a_world(story)


def test_an_extract_of_the_register_hides_where_children_live_and_starts_no_formula(in_a_world: Scenario) -> None:
    """Companies Act 2006 ss.113 to 116; rule 5c: public inspection of children's addresses."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member(givenName="=HYPERLINK(1)", serviceAddress="+44 Formula Street")
        before = await world.now()
        membership, _ = await world.child(guardian, serviceAddress="The Secret House")
        await world.do(ADMIT, officer, id=membership)

        extract = await fetch(world, officer, "register.csv")
        assert extract.status_code == 200
        text = extract.content.decode("utf-8-sig")
        assert "Secret House" not in text
        assert "Aldington Primary School" in text
        assert "'=HYPERLINK(1)" in text
        assert "'+44 Formula Street" in text
        earlier = (await fetch(world, officer, "register.csv", asAt=before.isoformat())).content.decode("utf-8-sig")
        assert len(earlier.splitlines()) == 2
        assert (await fetch(world, officer, "register.pdf")).content.startswith(b"%PDF-")
        assert (await fetch(world, officer, "register.csv", asAt="yesterday")).status_code == 422
        assert (await fetch(world, guardian, "register.csv")).status_code == 403
        assert (await fetch(world, None, "register.pdf")).status_code == 401
        assert (await fetch(world, officer, "register.exe")).status_code == 404
        assert await world.value("select count(*) from audit_event where action = 'register:register:extracted'") == 3

    in_a_world(story)
