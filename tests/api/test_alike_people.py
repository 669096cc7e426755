"""400 people who are deliberately alike: nobody is merged wrongly, whoever is in doubt is told why, and one officer resolves
all of it as docs/importing.md tells. Rules 3d and 3e."""

from collections import defaultdict
from typing import Any

from domain.identity.viewer import Role
from tests.api.alike_people import AlikeRow, alike_rows, content_of
from tests.api.resolutions import resolve, waiting
from tests.api.uploads import applied, checked, delta
from tests.conftest import Scenario
from tests.world import Known, World

FIRST_LINE = 2
WHY = {
    *("BIRTH_DATE_NOT_COMPARED", "NAME_WRITTEN_OTHERWISE", "PHONE_CONTRADICTS", "KIND_CONTRADICTS"),
    *("YEAR_GROUP_CONTRADICTS", "NOTHING_ELSE_AGREES", "SEVERAL_ALIKE", "NAME_CONTRADICTS", "BIRTH_DATE_CONTRADICTS"),
}


def says(row: Any, rows: dict[int, AlikeRow], people: dict[str, str]) -> dict[str, Any]:
    """What an officer says of a row who knows them all."""
    truth = rows[row["line"]].truth
    for each in row["alikePeople"]:
        if people.get(each["id"]) == truth:
            return {"sameAsPerson": each["id"]}
    for each in row["alikeRows"]:
        if rows[each["line"]].truth == truth:
            return {"sameAsRow": each["id"]}
    return {"isSomebodyElse": True}


async def on_record(world: World, rows: dict[int, AlikeRow]) -> dict[str, str]:
    """Who is on record by the file; fails where somebody is two people."""
    truths = defaultdict(set)
    for row in await world.owner.fetch("select line, person_id from import_row where person_id is not null"):
        truths[f"per_{row['person_id']}"].add(rows[row["line"]].truth)
    assert {person: found for person, found in truths.items() if len(found) > 1} == {}, "merged wrongly"
    return {person: found.pop() for person, found in truths.items()}


async def resolve_some(world: World, officer: Known, job: str, rows: dict[int, AlikeRow], most: int) -> int:
    """How many rows still waited."""
    left = await waiting(world, officer, job)
    people = await on_record(world, rows)
    for row in list(left.values())[:most]:
        await resolve(world, officer, row, **says(row, rows, people))
    return len(left)


def test_400_people_who_are_alike_are_resolved_by_one_officer(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        rows = dict(enumerate(alike_rows(), start=FIRST_LINE))
        job, lines, node = await checked(world, officer, content_of(list(rows.values())))
        assert len(lines) == 400
        for line, found in lines.items():
            if found["outcome"] in ("UPDATE", "DUPLICATE"):
                assert rows[line].truth == rows[found["ofLine"]].truth, "nobody is merged wrongly"
            if found["outcome"] == "NEEDS_HUMAN":
                assert set(found["findings"]) & WHY, "each doubtful row says why"
        assert 80 < node["outcomes"]["NEEDS_HUMAN"] < 300
        assert node["outcomes"]["UPDATE"] > 20, "name and birth date make one person"

        await resolve_some(world, officer, job, rows, most=60)  # some today
        await applied(world, officer, job)
        for _ in range(4):  # and others tomorrow
            if not await resolve_some(world, officer, job, rows, most=400):
                break
        assert await waiting(world, officer, job) == {}

        found = await on_record(world, rows)
        hidden = {row.truth for row in rows.values() if row.name_hides}
        doubled = [truth for truth in set(found.values()) if list(found.values()).count(truth) > 1]
        assert set(doubled) <= hidden, "only by another name is anybody there twice"
        assert set(found.values()) == {row.truth for row in rows.values()}, "and nobody is missing"

        again, _, node = await checked(world, officer, content_of(list(rows.values())))
        assert set(node["outcomes"]) <= {"UNCHANGED", "DUPLICATE"}, "what was resolved is remembered"
        assert again != job

    in_a_world(story)


def test_whoever_has_an_identifier_is_never_there_twice(in_a_world: Scenario) -> None:
    """By a maiden name, in another alphabet, swapped, or as somebody's namesake."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        user = "{},active,2026-01-01,S1,{},{},{},{},\n"
        names = [("Ann", "Born"), ("Юлия", "Жук"), ("Ali", "Hassan"), ("Zoë", "Lee"), ("Zoe", "Lee")]
        first = [user.format(f"U{n}", "teacher", *name, f"t{n}@example.org") for n, name in enumerate(names)]
        job, _, _ = await checked(world, officer, delta("".join(first), ""), kind="ONEROSTER")
        for row in (await waiting(world, officer, job)).values():
            await resolve(world, officer, row, isSomebodyElse=True)
        await applied(world, officer, job)
        teachers = await world.value("select count(distinct person_id) from person_identifier")
        assert teachers == len(names)

        now = [("Ann", "Married"), ("Yuliya", "Zhuk"), ("Hassan", "Ali"), ("Zoë", "Lee"), ("Zoe", "Lee")]
        second = [user.format(f"U{n}", "teacher", *name, f"t{n}@example.org") for n, name in enumerate(now)]
        job, lines, _ = await checked(world, officer, delta("".join(second), ""), kind="ONEROSTER")
        await applied(world, officer, job)
        rows = await waiting(world, officer, job)
        named = [row for row in rows.values() if "NAME_CONTRADICTS" in row["findings"]]
        assert len(named) == 2, "a maiden name, and another alphabet"
        for row in named:
            (known,) = row["alikePeople"]
            await resolve(world, officer, row, sameAsPerson=known["id"])

        assert await waiting(world, officer, job) == {}
        assert await world.value("select count(*) from person where email like 't%@example.org'") == len(names)
        assert {row["outcome"] for row in lines.values()} <= {"UNCHANGED", "UPDATE", "NEEDS_HUMAN"}

    in_a_world(story)
