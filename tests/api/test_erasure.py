"""Of those who were erased nothing is found anywhere, but what the tables declare to stay: rule 26b."""

from dataclasses import dataclass
from random import Random
from string import ascii_lowercase
from uuid import UUID

from db.personal import Changed, Deleted, NoPerson, Personal
from db.privacy.retention import forget_passing
from db.tables import PERSONAL
from domain.identity.viewer import Role
from tests.api.uploads import applied, checked, people
from tests.conftest import Scenario
from tests.mutations import ADMIT, ANSWER, CAST, REQUEST_ABOUT_DATA, act
from tests.world import CARE, Known, World

CODE = "mutation ($email: EmailAddress!) { requestSignInCode(input: {email: $email}) { challenge errors { code } } }"
BOUNCE = "mutation ($id: ID!, $why: String!) { recordBounce(input: {id: $id, reason: $why}) { notice { id } errors { code } } }"
INSPECT = "mutation ($input: RequestInspectionInput!) { requestInspection(input: $input) { inspectionRequest { id } errors { code } } }"
CONTACT = "mutation ($input: ChangeContactInput!) { changeContact(input: $input) { person { id } errors { code } } }"
OBJECT = "mutation ($id: ID!, $detail: String!) { requestAboutData(input: {personId: $id, kind: OBJECTION, detail: $detail}) { dataRequest { id } errors { code } } }"
GRANT = 'mutation ($id: ID!) { answerDataRequest(input: {id: $id, granted: true, answer: "Done."}) { dataRequest { id } errors { code } } }'


@dataclass(frozen=True, slots=True)
class Particulars:
    """Of somebody made up: each a word that stands nowhere else."""

    given: str
    family: str
    street: str
    box: str
    phone: str

    @property
    def mailbox(self) -> str:
        return f"{self.box}@example.org"

    @property
    def row(self) -> str:
        return f"{self.given},{self.family},Parent,Aldington Primary School,,,{self.mailbox},{self.phone},,,Y"


def made_up(random: Random) -> Particulars:
    given, family, street, box = ("Qx" + "".join(random.choices(ascii_lowercase, k=8)) for _ in range(4))
    return Particulars(given, family, street, box.lower(), f"077009{random.randrange(100_000):05}")


async def come_by_themselves(world: World, told: Particulars) -> tuple[Known, str]:
    known = await world.session(CARE, told.mailbox, None)
    application = world.application(
        givenName=told.given, familyName=told.family, serviceAddress=f"1 {told.street} Road"
    )
    apply = "mutation ($input: ApplyForMembershipInput!) { applyForMembership(input: $input) { member { id person { id } } errors { code path } } }"
    member = (await world.do(apply, known, input=application))["member"]
    return Known(UUID(member["person"]["id"].removeprefix("per_")), known.token, CARE), member["id"]


async def come_by_file(world: World, told: list[Particulars]) -> list[tuple[Known, str]]:
    """Each of them twice in the file."""
    officer = await world.officer(Role.MEMBERSHIP_OFFICER)
    rows = [row for each in told for row in (each.row, each.row)]
    job, _, _ = await checked(world, officer, people(*rows))
    await applied(world, officer, job)
    found = []
    for each in told:
        row = await world.owner.fetchrow(
            "select p.id, m.id as member from person p join membership m on m.person_id = p.id where p.family_name = $1",
            each.family,
        )
        found.append((await world.session(CARE, each.mailbox, row["id"]), f"mem_{row['member']}"))
    return found


async def leave_traces(world: World, random: Random, known: Known, told: Particulars) -> None:
    """What somebody on record may do, some of it."""
    person = f"per_{known.person_id}"
    contact = {"personId": person, "phone": told.phone, "contactAddress": f"2 {told.street} Road"}
    await world.do(CONTACT, known, input=contact)
    if random.random() < 0.7:
        asked = {"name": f"{told.given} {told.family}", "address": f"3 {told.street} Road"}
        await world.do(INSPECT, known, input=asked | {"purpose": "To write", "onwardDisclosure": "Nobody"})
    if random.random() < 0.7:
        made = await world.do(OBJECT, known, id=person, detail=f"{told.given} wants no letters")
        await world.do(GRANT, await world.officer(Role.DATA_PROTECTION_OFFICER), id=made["dataRequest"]["id"])
    if random.random() < 0.7:
        await world.do(CODE, None, email=told.mailbox)
    if random.random() < 0.7:
        await world.child(known, familyName="Another")
    await world.mails()
    clerk = await world.officer(Role.CLERK)
    notice = await world.value("select id from notice where person_id = $1 limit 1", known.person_id)
    await world.do(BOUNCE, clerk, id=f"not_{notice}", why=f"550 no such mailbox: {told.mailbox}")


async def take_part_and_leave(world: World, random: Random, somebody: list[tuple[Known, str]]) -> None:
    """Half of them become members, are heard and vote; all leave."""
    members, applicants = (chosen := random.sample(somebody, len(somebody)))[:3], chosen[3:]
    for _, membership in members:
        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)
    consultation, poll = await world.open_consultation(), await world.open_poll(secrecy="RECORDED")
    for known, membership in members:
        await world.do(ANSWER, known, input=world.answers(consultation, "YES", "More trees"))
        await world.do(CAST, known, **world.paper(poll, "FOR"))
        await world.do(act("resignMembership", "member"), known, id=membership)
    for known, membership in applicants:
        await world.do(act("withdrawApplication", "member"), known, id=membership)


async def found_of(world: World, told: list[Particulars], tables: dict[str, str]) -> set[tuple[str, str]]:
    """In which of the tables something of them stands, in rows `t` of which the condition holds, and what."""
    words = [word.lower() for each in told for word in (each.given, each.family, each.street, each.box, each.phone[2:])]
    found = set()
    for table, condition in tables.items():
        for (row,) in await world.owner.fetch(f"select to_jsonb(t)::text from {table} t where {condition}"):
            found |= {(table, word) for word in words if word in row.lower().replace(" ", "")}
    return found


def emptied(declared: Personal | NoPerson) -> str:
    """Which rows of those who were erased may say nothing of them any more; of a table with nobody in it, all."""
    if isinstance(declared, NoPerson):
        return "true"
    fates = declared.whose.values()
    conditions = [
        fate.only if isinstance(fate, Changed) else "true" for fate in fates if isinstance(fate, Changed | Deleted)
    ]
    return " or ".join(conditions) or "false"


def test_nothing_is_found_of_those_who_were_erased_but_what_is_declared_to_stay(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        seed = Random().randrange(1_000_000)
        random = Random(seed)
        told = [made_up(random) for _ in range(6)]
        protector = await world.officer(Role.DATA_PROTECTION_OFFICER)
        somebody = [await come_by_themselves(world, each) for each in told[:3]] + await come_by_file(world, told[3:])
        for (known, _), each in zip(somebody, told, strict=True):
            await leave_traces(world, random, known, each)
        await take_part_and_leave(world, random, somebody)
        everywhere = dict.fromkeys(PERSONAL, "true")
        before = {table for table, _ in await found_of(world, told, everywhere)}

        for known, _ in random.sample(somebody, len(somebody)):
            request = {"id": f"per_{known.person_id}", "kind": "ERASURE"}
            made = (await world.do(REQUEST_ABOUT_DATA, protector, **request))["dataRequest"]
            await world.do(GRANT, protector, id=made["id"])

        assert before >= {"person", "membership", "register_line", "import_row", "notice", "session", "outbox"}
        assert await found_of(world, told, {table: emptied(each) for table, each in PERSONAL.items()}) == set(), (
            f"seed {seed}"
        )
        left = {table for table, _ in await found_of(world, told, everywhere)}
        assert left <= {"membership", "register_line", "recorded_vote", "outbox", "sign_in_challenge", "data_request"}
        assert {"membership", "register_line", "recorded_vote"} <= left

        await world.mails()
        await world.pass_time(days=3700)
        await world.abandon_imports()
        await world.forget_overdue()
        await forget_passing(world.worker, await world.trust_id(CARE))

        left = {table for table, _ in await found_of(world, told, everywhere)}
        assert left == {"recorded_vote"}, f"its time was over, but for votes by name (seed {seed})"

    in_a_world(story)


def test_a_name_that_looks_erased_is_a_name(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        told = Particulars("(erased)", "(erased)", "Aldington", "quaint", "07700900321")
        known, _ = await come_by_themselves(world, told)
        contact = {"personId": f"per_{known.person_id}", "phone": told.phone}

        await world.do(CONTACT, known, input=contact)

        assert await world.value("select phone from person where id = $1", known.person_id) == "+447700900321"

    in_a_world(story)
