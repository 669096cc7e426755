"""Organisations, names and addresses, and who is shown what, through the API: rules 5 to 7."""

import asyncio
from datetime import date, timedelta

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, APPLY_FOR_ORGANISATION, CAST, act
from tests.world import WESSEX, World

MOVE = "mutation ($id: ID!, $address: String!, $on: Date) { changeServiceAddress(input: {id: $id, serviceAddress: $address, changedOn: $on}) { member { serviceAddress } errors { code } } }"
RENAME = 'mutation ($id: ID!, $on: Date) { changeName(input: {personId: $id, givenName: "Amina", familyName: "Newname", changedOn: $on}) { person { familyName } errors { code } } }'
REGISTER = "query ($asAt: DateTime) { register(asAt: $asAt) { totalCount nodes { number line change name serviceAddress isCompanyMember guaranteePence sharePence registeredOn ceasedOn changedOn enteredAt } } }"


def test_an_organisation_has_one_vote_beside_its_representatives_own(in_a_world: Scenario) -> None:
    """Rules 7, 28h and 28i: representative of two organisations, organisation merged."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership, organisation = await world.organisation()
        own = (await world.do(APPLY, known, input=world.application()))["member"]["id"]
        second = {
            "name": "Canary Parish Council",
            "kind": "council",
            "constituency": "PARTNER",
            "serviceAddress": "Hall",
            "document": "Minute 1",
            "acceptsArticles": True,
        }
        assert (
            await world.refused(APPLY_FOR_ORGANISATION, known, input=second | {"constituency": "STAFF"})
            == "NOT_ELIGIBLE"
        )
        assert (
            await world.refused(APPLY_FOR_ORGANISATION, known, input=second | {"acceptsArticles": False})
            == "CONSENT_REQUIRED"
        )
        council = (await world.do(APPLY_FOR_ORGANISATION, known, input=second))["member"]
        assert await world.refused(APPLY_FOR_ORGANISATION, known, input=second) == "ALREADY_A_MEMBER"
        for each in (membership, own, council["id"]):
            await world.do(ADMIT, officer, id=each)
        poll = await world.open_poll(constituencies=["PARENT_CARER", "PARTNER"])
        vote = "mutation ($b: ID!, $o: ID) { castVote(input: {pollId: $b, choice: FOR, onBehalfOf: $o}) { receipt errors { code } } }"
        stranger, _ = await world.applicant()

        assert await world.value("select count(*) from roll_entry") == 3
        await world.do(vote, known, b=poll)
        await world.do(vote, known, b=poll, o=organisation)
        assert await world.refused(vote, known, b=poll, o=organisation) == "ALREADY_VOTED"
        assert await world.refused(vote, stranger, b=poll, o=council["organisation"]["id"]) == "NOT_AUTHORISED"
        assert await world.refused(CAST, known, poll=poll, choice="FOR") == "ALREADY_VOTED"

        # revoked before the close: what was not used is void
        authorisations = "query ($id: ID!) { node(id: $id) { ... on Organisation { representatives { id } } } }"
        (representative,) = (await world.ask(authorisations, known, id=council["organisation"]["id"]))["node"][
            "representatives"
        ]
        revoke = "mutation ($id: ID!) { revokeAuthorisation(input: {id: $id}) { organisation { id } errors { code } } }"
        assert await world.refused(revoke, stranger, id=representative["id"]) == "NOT_AUTHORISED"
        await world.do(revoke, officer, id=representative["id"])
        assert await world.refused(revoke, officer, id=representative["id"]) == "AUTHORISATION_ENDED"
        assert await world.refused(vote, known, b=poll, o=council["organisation"]["id"]) == "NOT_AUTHORISED"

        dissolve = 'mutation ($id: ID!) { dissolveOrganisation(input: {organisationId: $id, dissolvedOn: "2026-01-01", reason: "Merged"}) { organisation { memberships { status } representatives { until } } errors { code } } }'
        gone = (await world.do(dissolve, officer, id=organisation))["organisation"]
        assert gone["memberships"] == [{"status": "DISSOLVED"}]
        assert gone["representatives"][0]["until"] is not None

    in_a_world(story)


def test_names_and_addresses_change_by_new_lines_and_the_old_ones_stay(in_a_world: Scenario) -> None:
    """Rule 5b: old value kept, day of change and moment of entry noted."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()
        other, _ = await world.member()
        await world.pass_time(days=100)
        entered = await world.now()
        moved_on = await world.day(-30)

        assert await world.refused(MOVE, other, id=membership, address="Elsewhere") == "NOT_FOUND"
        assert (
            await world.refused(MOVE, known, id=membership, address="Elsewhere", on="2100-01-01") == "DATES_CONTRADICT"
        )
        assert (
            await world.refused(MOVE, known, id=membership, address="Elsewhere", on="1999-01-01") == "DATES_CONTRADICT"
        )
        await world.do(MOVE, known, id=membership, address="2 New Row", on=moved_on)
        assert await world.refused(RENAME, known, id=f"per_{known.person_id}") == "NOT_PERMITTED"
        await world.do(RENAME, officer, id=f"per_{known.person_id}")

        now = (await world.ask(REGISTER, officer))["register"]
        first = next(entry for entry in now["nodes"] if entry["number"] == 1)
        assert (first["line"], first["change"]) == (3, "NAME_CHANGED")
        assert (first["name"], first["serviceAddress"]) == ("Amina Newname", "2 New Row")
        assert (first["isCompanyMember"], first["guaranteePence"], first["sharePence"]) == (True, 100, 0)
        then = (await world.ask(REGISTER, officer, asAt=entered.isoformat()))["register"]
        assert [entry["serviceAddress"] for entry in then["nodes"]] == ["1 Canary Row, Aldington"] * 2
        assert now["totalCount"] == then["totalCount"] == 2
        assert (await world.ask(REGISTER, officer, asAt="2020-01-01T00:00:00Z"))["register"]["nodes"] == []
        assert [entry["number"] for entry in (await world.ask(REGISTER, known))["register"]["nodes"]] == [1]
        assert (await world.ask(REGISTER, None))["register"]["totalCount"] == 0

    in_a_world(story)


def test_a_request_to_inspect_is_logged_due_and_answered_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        ask = "mutation ($input: RequestInspectionInput!) { requestInspection(input: $input) { request { id askedOn dueOn decision } errors { code } } }"
        answer = 'mutation ($id: ID!) { answerInspection(input: {id: $id, decision: COMPLIED, note: "Copy sent"}) { request { decision answeredOn } errors { code } } }'
        request = {
            "name": "A Reporter",
            "address": "Fleet Street",
            "purpose": "An article",
            "onwardDisclosure": "Readers",
        }
        anybody = await world.newcomer()

        assert await world.refused(ask, None, input=request) == "NOT_SIGNED_IN"
        assert await world.refused(ask, anybody, input=request | {"purpose": " "}) == "INPUT_INVALID"
        made = (await world.do(ask, anybody, input=request))["request"]
        assert made is None, "a mailbox without a person sees no request"
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        (waiting,) = (await world.ask("{ inspectionRequests { nodes { id dueOn askedOn } } }", officer))[
            "inspectionRequests"
        ]["nodes"]
        assert date.fromisoformat(waiting["dueOn"]) >= date.fromisoformat(waiting["askedOn"]) + timedelta(days=5)
        assert await world.refused(answer, anybody, id=waiting["id"]) == "NOT_SIGNED_IN"
        await world.do(answer, officer, id=waiting["id"])
        assert await world.refused(answer, officer, id=waiting["id"]) == "REQUEST_ANSWERED"

    in_a_world(story)


def test_evidence_is_seen_by_the_officer_and_not_of_their_own(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant()
        verify = 'mutation ($id: ID!) { verifyRelationship(input: {id: $id, evidence: "Child benefit letter"}) { person { relationships { source evidence } } errors { code } } }'
        declare = "mutation ($kind: RelationshipKind!) { declareRelationship(input: {relationship: {kind: $kind}}) { person { relationships { id } } errors { code } } }"
        own = (await world.do(declare, officer, kind="COMMUNITY"))["person"]["relationships"][0]["id"]
        query = "query ($id: ID!) { node(id: $id) { ... on Member { person { relationships { id } } } } }"
        theirs = (await world.ask(query, known, id=membership))["node"]["person"]["relationships"][0]["id"]

        assert await world.refused(verify, known, id=theirs) == "NOT_PERMITTED"
        assert await world.refused(verify, officer, id=own) == "OWN_APPLICATION"
        seen = (await world.do(verify, officer, id=theirs))["person"]["relationships"]
        assert seen == [{"source": "VERIFIED", "evidence": "Child benefit letter"}]

    in_a_world(story)


def test_the_viewer_sees_what_they_could_join_and_why(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, _ = await world.applicant()
        query = "{ viewer { eligibility { constituency { code } eligible reasons } } }"

        seen = {each["constituency"]["code"]: each for each in (await world.ask(query, known))["viewer"]["eligibility"]}

        assert (seen["PARENT_CARER"]["eligible"], seen["PARENT_CARER"]["reasons"]) == (True, ["QUALIFIES"])
        assert (seen["STAFF"]["eligible"], seen["STAFF"]["reasons"]) == (False, ["NO_RELATIONSHIP"])
        assert (await world.ask(query, await world.newcomer()))["viewer"]["eligibility"] == []

    in_a_world(story)


def test_two_officers_and_a_hundred_changes_at_once_leave_every_line_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()

        await asyncio.gather(
            *(
                world.do(MOVE, who, id=membership, address=f"{n} Race Row")
                for n in range(10)
                for who in (known, officer)
            )
        )

        lines = [row["line"] for row in await world.owner.fetch("select line from register_line order by line")]
        assert lines == list(range(1, 22))

    in_a_world(story)


def test_people_of_another_trust_do_not_exist(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        elsewhere = await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX)
        clerk = await world.officer(Role.CLERK, WESSEX)

        assert await world.refused(MOVE, elsewhere, id=membership, address="Theirs") == "NOT_FOUND"
        assert await world.refused(RENAME, elsewhere, id=f"per_{known.person_id}") == "NOT_FOUND"
        propose = (
            'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "x"}) { removal { id } errors { code } } }'
        )
        assert await world.refused(propose, clerk, id=membership) == "NOT_FOUND"
        assert await world.refused(act("resignMembership", "member"), elsewhere, id=membership) == "NOT_FOUND"

    in_a_world(story)


def test_nobody_decides_on_what_is_about_themself(in_a_world: Scenario) -> None:
    """Rule 17d: the clerk's own removal and suspension, the officer's own mailbox and authority."""

    async def story(world: World) -> None:
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        facts = {"constituency": "STAFF", "relationships": [{"kind": "STAFF", "schoolUrn": 118365}]}
        own = (await world.do(APPLY, clerk, input=world.application(**facts)))["member"]["id"]
        await world.do(ADMIT, officer, id=own)
        propose = (
            'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "x"}) { removal { id } errors { code } } }'
        )
        suspend = (
            'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "x"}) { member { id } errors { code } } }'
        )
        contact = "mutation ($id: ID!, $email: String!) { changeContact(input: {personId: $id, email: $email}) { person { email } errors { code } } }"
        authorise = 'mutation ($o: ID!, $p: ID!) { authoriseRepresentative(input: {organisationId: $o, personId: $p, document: "x"}) { organisation { id } errors { code } } }'
        known, _, organisation = await world.organisation()

        assert await world.refused(propose, clerk, id=own) == "OWN_CASE"
        assert await world.refused(suspend, clerk, id=own) == "OWN_CASE"
        assert await world.refused(authorise, officer, o=organisation, p=f"per_{officer.person_id}") == "NOT_AUTHORISED"
        for person in (officer.person_id, clerk.person_id):
            assert (
                await world.refused(contact, officer, id=f"per_{person}", email="mine@example.org") == "NOT_PERMITTED"
            )
        old = await world.value("select email from person where id = $1", known.person_id)
        await world.do(contact, officer, id=f"per_{known.person_id}", email="new@example.org")
        assert old in [recipient for recipient, body in await world.mails() if "another mailbox on record" in body]
        assert (await world.post({"query": "{ viewer { kind } }"}, token=known.token)).status_code == 401

    in_a_world(story)
