"""Which rows are of the same person, or of somebody on record."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from db.intake import matching
from db.intake.rows import Judged, rows_by_line, store_judged
from db.transactions import Transaction
from domain.intake.importing import Finding, RowOutcome
from domain.intake.matching import Likeness, Particulars, likeness, same_name


def _particulars(reading: Mapping[str, Any], name: tuple[str, str]) -> Particulars:
    return Particulars(
        name, reading["born"], reading["email"], reading["phone"], reading["postcode"], frozenset(reading["kinds"])
    )


def _relationships(reading: Mapping[str, Any]) -> set[str]:
    """As db.intake.matching.people_on_record writes them: KIND:urn/year."""
    year = "" if reading["year_group"] is None else f"/{reading['year_group']}"
    places = [f":{urn}" for urn in reading["urns"]] or [""]
    return {f"{kind}{place}{year}" for kind in reading["kinds"] for place in places}


async def judge_on_record(
    transaction: Transaction, job_id: UUID, candidates: AsyncIterator[tuple[int, list[UUID]]], are_certain: bool
) -> None:
    """Which rows are of people on record; `are_certain`: an identifier says so, not a name."""
    async for batch in _batches(candidates):
        rows = await rows_by_line(transaction, job_id, [line for line, _ in batch])
        people = await matching.people_on_record(transaction, [person for _, found in batch for person in found])
        judged = []
        for line, found in batch:
            row = rows[line]
            if row["person_id"] is None:
                judged.append(_judge_person(row, [people[person] for person in found], are_certain))
        await store_judged(transaction, job_id, judged)


def _judge_person(row: Mapping[str, Any], people: Sequence[Mapping[str, Any]], are_certain: bool) -> Judged:
    reading, line = json.loads(row["reading"]), row["line"]
    here = _particulars(reading, (row["given_key"], row["family_key"]))
    likely = {
        person["id"]: _certain(here, person) if are_certain else likeness(here, _particulars_on_record(person))
        for person in people
    }
    same = [key for key, how in likely.items() if how is Likeness.SAME]
    if len(same) > 1 or (not same and {Likeness.UNSURE, Likeness.LIKELY} & set(likely.values())):
        return Judged(line, RowOutcome.NEEDS_HUMAN, [Finding.MAYBE_THE_SAME])
    if not same:
        return Judged(line, None, [Finding.NAMESAKE])
    person = next(each for each in people if each["id"] == same[0])
    known = set(person["relationships"])
    new = _relationships(reading) - known
    contact = {"email": reading["email"], "phone": reading["phone"], "date_of_birth": reading["born"]}
    adds = any(value is not None and person[name] is None for name, value in contact.items())
    ends = reading["until"] is not None and bool(known)
    outcome = RowOutcome.UPDATE if new or adds or ends else RowOutcome.UNCHANGED
    return Judged(line, outcome, [Finding.ANOTHER_RELATIONSHIP] if new else [], person_id=same[0])


def _certain(here: Particulars, person: Mapping[str, Any]) -> Likeness:
    """By an identifier; but two schools' systems may both count from one, so the name has to agree."""
    return Likeness.SAME if same_name(here.name, (person["given_key"], person["family_key"])) else Likeness.UNSURE


def _particulars_on_record(person: Mapping[str, Any]) -> Particulars:
    born = person["date_of_birth"]
    return Particulars(
        (person["given_key"], person["family_key"]),
        None if born is None else born.isoformat(),
        person["email"],
        person["phone"],
        person["contact_address"],
        frozenset(each.partition(":")[0].partition("/")[0] for each in person["relationships"]),
    )


async def judge_in_file(transaction: Transaction, job_id: UUID) -> None:
    """Which rows are of people an earlier row is of."""
    async for batch in _batches(matching.candidates_in_file(transaction, job_id)):
        lines = {line for line, earlier in batch for line in (line, *earlier)}
        rows = {line: dict(row) for line, row in (await rows_by_line(transaction, job_id, sorted(lines))).items()}
        judged: dict[int, Judged] = {}
        for line, earlier in batch:
            for each in _judge_row(rows[line], [rows[other] for other in earlier]):
                judged[each.line] = _together(judged.get(each.line), each)
                if each.outcome and rows[each.line]["outcome"] == RowOutcome.NEW.value:
                    rows[each.line]["outcome"] = each.outcome.value
                rows[each.line]["of_line"] = rows[each.line]["of_line"] or each.of_line
        await store_judged(transaction, job_id, list(judged.values()))


def _together(one: Judged | None, other: Judged) -> Judged:
    if one is None:
        return other
    findings = list(dict.fromkeys([*one.findings, *other.findings]))
    return Judged(one.line, one.outcome or other.outcome, findings, one.of_line or other.of_line)


_LEFT_OUT = (RowOutcome.REFUSED.value, RowOutcome.NEEDS_HUMAN.value)


def _judge_row(row: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[Judged]:
    """What the row is, beside earlier rows of the same name; also what that makes of them."""
    line, reading = row["line"], json.loads(row["reading"])
    exact = next((other for other in earlier if other["cells"] == row["cells"]), None)
    if exact is not None:
        return [Judged(line, RowOutcome.DUPLICATE, [Finding.EXACT_DUPLICATE], of_line=_group(exact))]
    here = _particulars(reading, (row["given_key"], row["family_key"]))
    likely = [
        (other, likeness(here, _particulars(json.loads(other["reading"]), (other["given_key"], other["family_key"]))))
        for other in earlier
    ]
    same = [other for other, how in likely if how is Likeness.SAME]
    nearly = {_group(other) for other, how in likely if how is Likeness.LIKELY}
    if not same and len(nearly) == 1 and Likeness.UNSURE not in {how for _, how in likely}:
        findings = [Finding.NEAR_DUPLICATE, Finding.MAYBE_THE_SAME]
        return [Judged(line, RowOutcome.NEEDS_HUMAN, findings, of_line=nearly.pop())]
    groups = {_group(other) for other in same}
    in_doubt = (Likeness.UNSURE, Likeness.LIKELY)
    unsure = any(how in in_doubt and _group(other) not in groups for other, how in likely)
    if unsure or len(groups) > 1:
        return [Judged(line, RowOutcome.NEEDS_HUMAN, [Finding.MAYBE_THE_SAME])]
    if not same:
        namesake = [Finding.NAMESAKE]
        return [Judged(line, None, namesake), *(Judged(other["line"], None, namesake) for other, _ in likely)]
    (group,) = groups
    known = set[str]().union(*(_relationships(json.loads(other["reading"])) for other in same))
    finding = Finding.ANOTHER_RELATIONSHIP if _is_another(reading, same) else Finding.NEAR_DUPLICATE
    answers = {Finding.CONSENT_REFUSED.value in other["findings"] for other in same}
    contradicts = any(answer != (Finding.CONSENT_REFUSED.value in row["findings"]) for answer in answers) and (
        reading["consents"] or any(json.loads(other["reading"])["consents"] for other in same)
    )
    if contradicts:
        both = [Finding.CONSENT_CONTRADICTS]
        human = RowOutcome.NEEDS_HUMAN
        others = (Judged(other["line"], human, both) for other in same)
        return [Judged(line, human, [finding, *both], of_line=group), *others]
    outcome = RowOutcome.UPDATE if _relationships(reading) - known else RowOutcome.DUPLICATE
    if all(other["outcome"] in _LEFT_OUT for other in same):  # those are left out, so this one stands for the person
        return [Judged(line, None, [finding], of_line=group)]
    return [Judged(line, outcome, [finding], of_line=group)]


def _group(row: Mapping[str, Any]) -> int:
    """The first line of the rows of one person."""
    line: int = row["of_line"] or row["line"]
    return line


def _is_another(reading: Mapping[str, Any], same: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the row tells of another role, school or child than each of the earlier ones."""

    def differs(other: Mapping[str, Any]) -> bool:
        if set(reading["kinds"]) != set(other["kinds"]):
            return True
        if reading["urns"] and other["urns"] and set(reading["urns"]) != set(other["urns"]):
            return True
        years = (reading["year_group"], other["year_group"])
        return None not in years and years[0] != years[1]

    return all(differs(json.loads(other["reading"])) for other in same)


async def _batches(found: AsyncIterator[Any], size: int = 500) -> AsyncIterator[list[Any]]:
    batch = []
    async for each in found:
        batch.append(each)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
