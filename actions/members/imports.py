"""Importing people from a file: staged, checked without changing anything, then applied.

Every step works in batches, each a transaction of its own: one that is interrupted goes on where it was, and the same
file twice changes nothing.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from db.governance.rules import rules_today
from db.members import imports
from db.members.imports import Job, Judged
from db.work import Work, Works
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.members import oneroster
from domain.members.importing import Finding, ImportKind, ImportStatus, RowOutcome, settled
from domain.members.matching import Likeness, Particulars, likeness, same_name
from domain.members.registration import PersonRow, ReadRow, RowReader, Vocabulary
from domain.members.schoolbook import KnownSchool, SchoolBook
from domain.refusals import Conflict, Invalid, NotFound, RefusalCode
from domain.text import required_text

BATCH = 1_000  # rows a transaction
FIRST_LINE = 2  # the header is 1
Advance = Callable[[str, int], None]  # what is being done, and how many rows more are


@dataclass(frozen=True, slots=True)
class Reference:
    """What files are read with: the words of offices, and the schools of everybody by published lists."""

    vocabulary: Vocabulary
    schools: Sequence[KnownSchool]
    successors: Mapping[int, int]


def _unheard(_: str, __: int) -> None:
    pass


# -- staging --------------------------------------------------------------------------------------------------------


async def open_import(work: Work, viewer: Viewer, kind: ImportKind, file_name: str, exported_on: date) -> UUID:
    """A new import; its rows follow. Refusals: as must_hold, INPUT_INVALID, DATES_CONTRADICT."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    if exported_on > await work.today():
        raise Invalid(RefusalCode.DATES_CONTRADICT, "A file of the future can't be imported.", "exportedOn")
    return await imports.add_job(work, kind, required_text(file_name, "file", 200), exported_on, officer)


async def stage(
    works: Works,
    viewer: Viewer,
    kind: ImportKind,
    file_name: str,
    exported_on: date,
    rows: Iterable[Mapping[str, Any]],
    sha256: str,
    claim: bool = False,
) -> UUID:
    """Takes a whole file in one transaction: all of it, or nothing where it turns out to be broken.

    `claim`: the caller goes on with it, not the worker. Refusals: those of open_import, FILE_EMPTY, and whatever `rows` raises.
    """

    async def take(work: Work) -> UUID:
        job_id = await open_import(work, viewer, kind, file_name, exported_on)
        total = 0
        batch: list[Mapping[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                total += await imports.add_rows(work, job_id, total + FIRST_LINE, batch)
                batch = []
        total += await imports.add_rows(work, job_id, total + FIRST_LINE, batch)
        if total == 0:
            raise Invalid(RefusalCode.FILE_EMPTY, field="file")
        await imports.finish_upload(work, job_id, total, sha256)
        if claim:
            await imports.set_progress(work, job_id, checked=0)
        await work.audit(AuditAction.IMPORT_UPLOADED, job_id, viewer.person_id, rows=total)
        return job_id

    return await works.run(viewer.trust_id, take)


# -- checking -------------------------------------------------------------------------------------------------------


async def go_on(works: Works, trust_id: UUID, job_id: UUID, reference: Reference, advance: Advance = _unheard) -> None:
    """Does what an import waits for: checks an uploaded one, applies one that is to be applied."""
    job = await works.run(trust_id, lambda work: _job(work, job_id))
    if job.status is ImportStatus.UPLOADED:
        await _check(works, trust_id, job, reference, advance)
    elif job.status is ImportStatus.APPLYING:
        await _apply(works, trust_id, job, advance)


async def _check(works: Works, trust_id: UUID, job: Job, reference: Reference, advance: Advance) -> None:
    """The dry run. What an interrupted one has found is found again."""
    read = await works.run(trust_id, lambda work: _reader(work, job, reference))
    await works.run(trust_id, lambda work: _forget_check(work, job))
    await works.run(trust_id, imports.learn_sizes)
    last = 0
    while rows := await works.run(trust_id, partial(_read_batch, job=job, read=read, after=last)):
        last = rows[-1]
        advance("reading", len(rows))
    await works.run(trust_id, imports.learn_sizes)

    async def judge(work: Work) -> None:
        await _at_stage(work, job.id, ImportStatus.UPLOADED)
        if job.kind is ImportKind.ONEROSTER:
            await _judge_on_record(work, job.id, imports.people_by_identifier(work, job.id, oneroster.SYSTEM), True)
        await _judge_on_record(work, job.id, imports.people_of_same_rows(work, job.id), True)
        await _judge_on_record(work, job.id, imports.candidates_on_record(work, job.id), False)
        await _judge_in_file(work, job.id)
        if job.kind is ImportKind.ONEROSTER:
            await imports.judge_enrolments(work, job.id, oneroster.SYSTEM)
        await imports.note_groups(work, job.id)
        await imports.set_progress(work, job.id, status=ImportStatus.CHECKED.value, checked=job.rows)
        await work.audit(AuditAction.IMPORT_CHECKED, job.id, None, outcomes=(await imports.counts(work, job.id))[0])

    await works.run(trust_id, judge)
    advance("comparing", 0)


Read = Callable[[Mapping[str, Any]], ReadRow]


async def _reader(work: Work, job: Job, reference: Reference) -> Read:
    """What reads a row of this file."""
    own = [KnownSchool(row["urn"], row["name"], row["places"], True) for row in await imports.schools_of_trust(work)]
    numbers = {school.urn for school in own}
    others = [school for school in reference.schools if school.urn not in numbers]
    book = SchoolBook(
        [*others, *own], {**reference.successors, **await imports.successors(work)}, reference.vocabulary.school_words
    )
    if job.kind is ImportKind.REGISTRATION:
        rows = RowReader(reference.vocabulary, book, await rules_today(work), job.exported_on)
        return lambda cells: rows.read(cells) if "malformed" not in cells else _malformed()
    urns = {}
    async for cells in imports.orgs(work, job.id):
        number = oneroster.school_number(cells)
        if number is not None and number[1] in numbers:
            urns[number[0]] = number[1]

    def read(cells: Mapping[str, Any]) -> ReadRow:
        if "malformed" in cells:
            return _malformed()
        if cells["file"] == "users.csv":
            return oneroster.read_user(cells, urns, job.exported_on)
        if cells["file"] == "enrollments.csv":
            return oneroster.read_enrolment(cells, urns, job.exported_on)
        return ReadRow(PersonRow(), [Finding.ORG])

    return read


def _malformed() -> ReadRow:
    return ReadRow(PersonRow(), [Finding.ROW_MALFORMED])


async def _forget_check(work: Work, job: Job) -> None:
    await _at_stage(work, job.id, ImportStatus.UPLOADED)
    await imports.forget_check(work, job.id)


async def _read_batch(work: Work, job: Job, read: Read, after: int) -> list[int]:
    """Reads the rows after this line; their lines. Refusals: IMPORT_WRONG_STAGE where somebody else was faster."""
    await _at_stage(work, job.id, ImportStatus.UPLOADED)
    rows = await imports.unread_rows(work, job.id, after, BATCH)
    found = [(line, read(cells)) for line, cells in rows]
    await imports.store_read(
        work, job.id, [(line, each.facts.stored(), each.findings, settled(each.findings)) for line, each in found]
    )
    lines = [line for line, _ in rows]
    if lines:
        await imports.set_progress(work, job.id, checked=lines[-1] - FIRST_LINE + 1)
    return lines


def _particulars(facts: Mapping[str, Any], name: tuple[str, str]) -> Particulars:
    return Particulars(
        name, facts["born"], facts["email"], facts["phone"], facts["postcode"], frozenset(facts["kinds"])
    )


def _relationships(facts: Mapping[str, Any]) -> set[str]:
    """As db.members.imports.people_on_record writes them: KIND:urn/year."""
    year = "" if facts["year_group"] is None else f"/{facts['year_group']}"
    places = [f":{urn}" for urn in facts["urns"]] or [""]
    return {f"{kind}{place}{year}" for kind in facts["kinds"] for place in places}


async def _judge_on_record(
    work: Work, job_id: UUID, candidates: AsyncIterator[tuple[int, list[UUID]]], are_certain: bool
) -> None:
    """Which rows are of people on record; `are_certain`: an identifier says so, not a name."""
    async for batch in _batches(candidates):
        rows = await imports.rows_by_line(work, job_id, [line for line, _ in batch])
        people = await imports.people_on_record(work, [person for _, found in batch for person in found])
        judged = []
        for line, found in batch:
            row = rows[line]
            if row["person_id"] is None:
                judged.append(_judge_person(row, [people[person] for person in found], are_certain))
        await imports.store_judged(work, job_id, judged)


def _judge_person(row: Mapping[str, Any], people: Sequence[Mapping[str, Any]], are_certain: bool) -> Judged:
    facts, line = json.loads(row["facts"]), row["line"]
    here = _particulars(facts, (row["given_key"], row["family_key"]))
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
    new = _relationships(facts) - known
    contact = {"email": facts["email"], "phone": facts["phone"], "date_of_birth": facts["born"]}
    adds = any(value is not None and person[name] is None for name, value in contact.items())
    ends = facts["until"] is not None and bool(known)
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


async def _judge_in_file(work: Work, job_id: UUID) -> None:
    """Which rows are of people an earlier row is of."""
    async for batch in _batches(imports.candidates_in_file(work, job_id)):
        lines = {line for line, earlier in batch for line in (line, *earlier)}
        rows = {line: dict(row) for line, row in (await imports.rows_by_line(work, job_id, sorted(lines))).items()}
        judged: dict[int, Judged] = {}
        for line, earlier in batch:
            for each in _judge_row(rows[line], [rows[other] for other in earlier]):
                judged[each.line] = _together(judged.get(each.line), each)
                if each.outcome and rows[each.line]["outcome"] == RowOutcome.NEW.value:
                    rows[each.line]["outcome"] = each.outcome.value
                rows[each.line]["of_line"] = rows[each.line]["of_line"] or each.of_line
        await imports.store_judged(work, job_id, list(judged.values()))


def _together(one: Judged | None, other: Judged) -> Judged:
    if one is None:
        return other
    findings = list(dict.fromkeys([*one.findings, *other.findings]))
    return Judged(one.line, one.outcome or other.outcome, findings, one.of_line or other.of_line)


_LEFT_OUT = (RowOutcome.REFUSED.value, RowOutcome.NEEDS_HUMAN.value)


def _judge_row(row: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[Judged]:
    """What the row is, beside earlier rows of the same name; also what that makes of them."""
    line, facts = row["line"], json.loads(row["facts"])
    exact = next((other for other in earlier if other["cells"] == row["cells"]), None)
    if exact is not None:
        return [Judged(line, RowOutcome.DUPLICATE, [Finding.EXACT_DUPLICATE], of_line=_group(exact))]
    here = _particulars(facts, (row["given_key"], row["family_key"]))
    likely = [
        (other, likeness(here, _particulars(json.loads(other["facts"]), (other["given_key"], other["family_key"]))))
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
    known = set[str]().union(*(_relationships(json.loads(other["facts"])) for other in same))
    finding = Finding.ANOTHER_RELATIONSHIP if _is_another(facts, same) else Finding.NEAR_DUPLICATE
    answers = {Finding.CONSENT_REFUSED.value in other["findings"] for other in same}
    contradicts = any(answer != (Finding.CONSENT_REFUSED.value in row["findings"]) for answer in answers) and (
        facts["consents"] or any(json.loads(other["facts"])["consents"] for other in same)
    )
    if contradicts:
        both = [Finding.CONSENT_CONTRADICTS]
        human = RowOutcome.NEEDS_HUMAN
        others = (Judged(other["line"], human, both) for other in same)
        return [Judged(line, human, [finding, *both], of_line=group), *others]
    outcome = RowOutcome.UPDATE if _relationships(facts) - known else RowOutcome.DUPLICATE
    if all(other["outcome"] in _LEFT_OUT for other in same):  # those are left out, so this one stands for the person
        return [Judged(line, None, [finding], of_line=group)]
    return [Judged(line, outcome, [finding], of_line=group)]


def _group(row: Mapping[str, Any]) -> int:
    """The first line of the rows of one person."""
    line: int = row["of_line"] or row["line"]
    return line


def _is_another(facts: Mapping[str, Any], same: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the row tells of another role, school or child than each of the earlier ones."""

    def differs(other: Mapping[str, Any]) -> bool:
        if set(facts["kinds"]) != set(other["kinds"]):
            return True
        if facts["urns"] and other["urns"] and set(facts["urns"]) != set(other["urns"]):
            return True
        years = (facts["year_group"], other["year_group"])
        return None not in years and years[0] != years[1]

    return all(differs(json.loads(other["facts"])) for other in same)


async def _batches(found: AsyncIterator[Any], size: int = 500) -> AsyncIterator[list[Any]]:
    batch = []
    async for each in found:
        batch.append(each)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


# -- applying -------------------------------------------------------------------------------------------------------


async def apply_import(work: Work, viewer: Viewer, job_id: UUID, claim: bool = False) -> UUID:
    """Lets a checked import be applied; the worker does it, unless the caller does (`claim`). Refusals: as must_hold, NOT_FOUND, IMPORT_WRONG_STAGE."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    job = await _job(work, job_id)
    if job.status is not ImportStatus.CHECKED:
        raise Conflict(RefusalCode.IMPORT_WRONG_STAGE)
    await work.change("import_job", job.id, {"status": ImportStatus.APPLYING.value})
    await (imports.set_progress(work, job.id, applied=0) if claim else imports.release(work, job.id))
    await work.audit(AuditAction.IMPORT_APPLYING, job.id, officer)
    return job.id


async def _apply(works: Works, trust_id: UUID, job: Job, advance: Advance) -> None:
    last = batches = 0
    while lines := await works.run(trust_id, partial(_apply_batch, job=job, after=last)):
        last, batches = lines[-1], batches + 1
        advance("applying", len(lines))
        if batches in (1, 5, 25, 125):
            await works.run(trust_id, imports.learn_sizes)


async def _apply_batch(work: Work, job: Job, after: int) -> list[int]:
    """Applies the rows after this line that are to be applied; their lines. Refusals: IMPORT_WRONG_STAGE."""
    await _at_stage(work, job.id, ImportStatus.APPLYING)
    lines = await imports.rows_to_apply(work, job.id, after, BATCH)
    if lines:
        ruleset = await rules_today(work)
        await imports.make_people(work, job.id, lines)
        await imports.remember_identifiers(work, job.id, lines, oneroster.SYSTEM)
        await imports.make_relationships(work, job.id, lines, job.exported_on)
        await imports.end_relationships(work, job.id, lines)
        await imports.make_applications(work, job.id, lines, job.created_by, ruleset.version)
        await imports.set_progress(work, job.id, applied=lines[-1] - FIRST_LINE + 1)
    else:
        facts = {"status": ImportStatus.APPLIED.value, "applied": job.rows}
        await work.change("import_job", job.id, facts)
        await work.audit(AuditAction.IMPORT_APPLIED, job.id, None)
    return lines


async def _at_stage(work: Work, job_id: UUID, status: ImportStatus) -> None:
    """Holds the job for the transaction, if it is where it is thought to be."""
    if (await _job(work, job_id)).status is not status:
        raise Conflict(RefusalCode.IMPORT_WRONG_STAGE)


async def give_up(work: Work, job_id: UUID) -> None:
    """An import that can't be read or applied is tried no more; what was applied of it stays."""
    await work.change("import_job", job_id, {"status": ImportStatus.FAILED.value})
    await work.audit(AuditAction.IMPORT_FAILED, job_id, None)


async def report(works: Works, trust_id: UUID, job_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows by outcome, and by finding."""
    return await works.run(trust_id, lambda work: imports.counts(work, job_id))


async def _job(work: Work, job_id: UUID) -> Job:
    job = await imports.job_for_update(work, job_id)
    if job is None:
        raise NotFound("id")
    return job
