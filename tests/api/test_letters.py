"""Letters for those without a mailbox: rule 21."""

from domain.identity.viewer import Role
from tests.api.downloads import fetch
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import World


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
