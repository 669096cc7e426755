"""Letters for those without a mailbox: rule 21."""

from domain.identity.viewer import Role
from tests.api.downloads import fetch
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import World

LETTERS = "{ notices(orderBy: {field: QUEUED_AT, direction: ASC}) { nodes { channel dispatchedAt } } }"


def test_letters_for_those_without_a_mailbox_are_printed_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.applicant(givenName="Олена")
        await world.owner.execute("update person set email = null where id = $1", known.person_id)
        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)

        assert (await fetch(world, known, "letters.pdf", "POST")).status_code == 403
        assert (await fetch(world, clerk, "letters.pdf")).status_code == 204, "a batch is made before it is fetched"
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


def test_a_batch_that_never_arrived_is_fetched_again(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, _ = await world.member()
        await world.owner.execute("update person set email = null where id = $1", known.person_id)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        sizes = []
        for name in ("Short", "Long" * 20):
            await world.pass_time(minutes=1)
            applicant, membership = await world.applicant(givenName=name)
            await world.owner.execute("update person set email = null where id = $1", applicant.person_id)
            await world.do(ADMIT, officer, id=membership)
            sizes.append(len((await fetch(world, clerk, "letters.pdf", "POST")).content))
        first, last = [
            each["dispatchedAt"]
            for each in (await world.ask(LETTERS, clerk))["notices"]["nodes"]
            if each["channel"] == "PRINT"
        ]

        again = await fetch(world, clerk, "letters.pdf")
        assert len(again.content) == sizes[1], "the last batch, where none is named"
        assert len((await fetch(world, clerk, "letters.pdf", batch=first)).content) == sizes[0]
        assert len((await fetch(world, clerk, "letters.pdf", batch=last)).content) == sizes[1]
        assert (await fetch(world, clerk, "letters.pdf", batch=str(await world.now()))).status_code == 204
        assert (await fetch(world, clerk, "letters.pdf", batch="the last")).status_code == 422
        assert (await fetch(world, known, "letters.pdf")).status_code == 403
        assert await world.value("select count(*) from audit_event where action = 'notifications:letters:printed'") == 5

    in_a_world(story)
