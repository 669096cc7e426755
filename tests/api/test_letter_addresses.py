"""To which address a letter goes: rule 6e."""

from datetime import timedelta

from actions.notifications.letters import next_letters
from db.transactions import Transactions
from domain.identity.viewer import AccessProfile, Role, Viewer, ViewerKind
from tests.conftest import Scenario
from tests.world import CARE, World

NOTICE = """insert into notice (trust_id, kind, channel, person_id, language, subject, body)
  values ($1, 'ADMITTED', 'PRINT', $2, 'en', 'Subject', 'Body')"""
LEARNS = """insert into relationship (trust_id, person_id, school_id, kind, since, until, source)
  values ($1, $2, $3, 'LEARNER', $4, $5, 'DECLARED')"""


async def address_of_a_letter(world: World, born: str | None, *learns: tuple[int, int, int | None]) -> str:
    """To somebody at 1 Home Row who learns at schools of the trust, by their place: since and until in days from today."""
    trust, today = await world.trust_id(CARE), await world.today()
    person = await world.value(
        "insert into person (trust_id, given_name, family_name, date_of_birth, contact_address)"
        " values ($1, 'Lea', 'Learner', $2::text::date, '1 Home Row') returning id",
        trust,
        born,
    )
    schools = await world.owner.fetch("select id from school where trust_id = $1 order by name", trust)
    for place, since, until in learns:
        days = [None if each is None else today + timedelta(days=each) for each in (since, until)]
        await world.owner.execute(LEARNS, trust, person, schools[place]["id"], *days)
    await world.owner.execute(NOTICE, trust, person)
    clerk = await world.officer(Role.CLERK)
    viewer = Viewer(trust, AccessProfile(ViewerKind.PERSON, frozenset({Role.CLERK})), clerk.person_id)
    batch = await Transactions(world.app.pool).run(trust, lambda transaction: next_letters(transaction, viewer))
    assert batch is not None
    (letter,) = batch.letters
    return letter.address


def test_a_letter_to_a_child_goes_to_the_school_attended_today(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        trust = await world.trust_id(CARE)
        names = await world.owner.fetch("select name from school where trust_id = $1 order by name", trust)
        first, second = (f"c/o {each['name']}, " for each in names[:2])
        child = str((await world.today()).replace(day=1) - timedelta(days=12 * 366))

        for learns, expected in (
            ([(0, -800, None), (1, 280, None)], first),  # goes to another one in autumn
            ([(0, -800, -100), (1, -100, None)], second),  # went to it
            ([(0, -800, None), (1, -100, None)], second),  # has begun there last, and nobody has ended the first
            ([(1, -100, None), (0, -800, None)], second),
        ):
            for born in (child, None):
                assert (await address_of_a_letter(world, born, *learns)).startswith(expected), (learns, born)

    in_a_world(story)


def test_a_letter_to_somebody_who_was_a_learner_long_ago_goes_home(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        assert await address_of_a_letter(world, None, (0, -13_000, -11_000)) == "1 Home Row"
        assert await address_of_a_letter(world, "1974-05-01", (0, -13_000, None)) == "1 Home Row"

    in_a_world(story)


def test_a_letter_goes_to_no_school_that_has_left_the_trust(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        child = str((await world.today()).replace(day=1) - timedelta(days=12 * 366))
        school = await world.value(
            "select id from school where trust_id = $1 order by name limit 1", await world.trust_id(CARE)
        )
        leave = "mutation ($id: ID!, $until: Date!) { endAffiliation(input: {schoolId: $id, until: $until}) { errors { code } } }"
        await world.do(leave, await world.officer(Role.CLERK), id=f"sch_{school}", until=await world.day())

        assert await address_of_a_letter(world, child, (0, -800, None)) == ""

    in_a_world(story)
