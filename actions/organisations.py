"""Loading a trust with its schools, rules, partners and past consultations. Repeatable: a second load changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from db.consultations import writes as consultations
from db.consultations.writes import DraftQuestion
from db.identity.writes import add_role
from db.organisations import writes
from db.work import Work, Works
from domain.audit.events import AuditAction
from domain.consultations.consultation import QuestionKind
from domain.governance.rulesets import parse_ruleset
from domain.identity.viewer import Role, Viewer, must_hold
from domain.organisations.loading import (
    LARGEST_URN,
    SMALLEST_URN,
    Change,
    LoadReport,
    affiliation_facts,
    link_from_gias,
    school_from_gias,
    trust_facts,
)
from domain.organisations.schools import AffiliationKind, LinkKind
from domain.refusals import Conflict, Invalid, NotFound, Refusal, RefusalCode
from domain.text import required_text

_NO_TRUST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class TrustPack:
    """Everything published about one trust, as read from the data files. `schools` are (row, is a member)."""

    facts: Mapping[str, Any]
    rules: Mapping[str, Any]
    rules_effective_from: date
    schools: Sequence[tuple[Mapping[str, str], bool]]
    links: Sequence[Mapping[str, str]]
    consultations: Sequence[Mapping[str, Any]]
    people: Sequence[Mapping[str, Any]]


async def load_trust(works: Works, pack: TrustPack, report: LoadReport) -> None:
    """Loads one trust in one transaction; a row that can't be used is refused in the report and the rest goes on."""
    slug = pack.facts["slug"]
    trust_id = await works.run(_NO_TRUST, lambda work: writes.new_trust_id(work, slug))
    await works.run(trust_id, lambda work: _load(work, pack, report))


async def _load(work: Work, pack: TrustPack, report: LoadReport) -> None:
    before = report.changes.copy()
    report.note("trust", await writes.upsert_trust(work, trust_facts(pack.facts)))
    await _load_rules(work, pack, report)
    await _load_schools(work, pack, report)
    for partner in pack.facts.get("partners", []):
        if partner["name"].startswith("(unnamed)"):
            report.refused.append(f"partner of {pack.facts['name']}: the source gives no name")
            continue
        report.note("partner", await writes.upsert_partner(work, partner["name"], partner["kind"], partner.get("role")))
    for facts in pack.consultations:
        await _load_consultation(work, facts, report)
    for person in pack.people:
        await _load_person(work, pack.facts["slug"], person, report)
    if any(change is not Change.UNCHANGED for _, change in (report.changes - before)):
        await work.audit(AuditAction.TRUST_LOADED, work.trust_id, None)


async def _load_rules(work: Work, pack: TrustPack, report: LoadReport) -> None:
    ruleset = parse_ruleset(1, pack.rules_effective_from, pack.rules)
    change = await writes.add_ruleset(work, ruleset.version, ruleset.effective_from, pack.rules)
    report.note("ruleset", change)
    if change is Change.ADDED:
        await work.audit(AuditAction.RULESET_ADOPTED, work.trust_id, None, version=ruleset.version)
    for position, rule in enumerate(ruleset.constituencies.values(), start=1):
        report.note("constituency", await writes.upsert_constituency(work, rule.code, rule.name, position))


async def _load_schools(work: Work, pack: TrustPack, report: LoadReport) -> None:
    members: dict[int, tuple[str, bool]] = {}
    for row, is_member in pack.schools:
        try:
            facts = school_from_gias(row)
        except Refusal as refusal:
            report.refused.append(f"school {row.get('URN')}: {refusal.message}")
            continue
        members[facts["urn"]] = (facts["name"], is_member)
        report.note("school", await writes.upsert_school(work, facts))
    ids = await writes.school_ids(work)
    for urn, (name, is_member) in members.items():
        affiliation = {"school_id": ids[urn], **affiliation_facts(pack.facts, name, is_member)}
        report.note("affiliation", await writes.upsert_affiliation(work, affiliation))
    await _load_links(work, pack.links, ids, report)


async def _load_links(
    work: Work, rows: Sequence[Mapping[str, str]], ids: Mapping[int, UUID], report: LoadReport
) -> None:
    for row in rows:
        try:
            link = link_from_gias(row)
        except Refusal as refusal:
            report.refused.append(f"link of {row.get('URN')}: {refusal.message}")
            continue
        school_id = ids.get(link.pop("urn"))
        if school_id is not None:
            report.note("school link", await writes.upsert_link(work, {"school_id": school_id, **link}))


async def update_schools(
    work: Work, rows: Sequence[Mapping[str, str]], links: Sequence[Mapping[str, str]], report: LoadReport
) -> None:
    """Brings schools of the trust up to date from a GIAS extract, or adds one that `rows` names for the first time.

    What can't be used is refused in the report and the rest goes on; a school that has closed and has a successor is
    reported, for somebody to convert it.
    """
    before = report.changes.copy()
    for row in rows:
        try:
            report.note("school", await writes.upsert_school(work, school_from_gias(row)))
        except Refusal as refusal:
            report.refused.append(f"school {row.get('URN')}: {refusal.message}")
    await _load_links(work, links, await writes.school_ids(work), report)
    if any(change is not Change.UNCHANGED for _, change in (report.changes - before)):
        await work.audit(AuditAction.SCHOOLS_UPDATED, work.trust_id, None)


async def affiliate_school(
    work: Work, viewer: Viewer, school_id: UUID, kind: AffiliationKind, since: date, cohort: str | None
) -> UUID:
    """A school comes to belong to the trust: what rests on it counts from that day (domain rule 22).

    Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, AFFILIATION_EXISTS.
    """
    clerk = must_hold(viewer, Role.CLERK)
    await _school(work, school_id)
    wave = required_text(cohort, "cohort") if cohort else None
    if not await writes.affiliate(work, school_id, kind.value, since, wave):
        raise Conflict(RefusalCode.AFFILIATION_EXISTS, field="kind")
    await work.audit(AuditAction.SCHOOL_JOINED, school_id, clerk, kind=kind.value, since=since)
    return school_id


async def end_affiliation(work: Work, viewer: Viewer, school_id: UUID, until: date) -> UUID:
    """A school ceases to belong to the trust; memberships that rest on it alone lapse. Refusals: as must_hold, NOT_FOUND."""
    clerk = must_hold(viewer, Role.CLERK)
    await _school(work, school_id)
    if await writes.end_affiliations(work, school_id, until) == 0:
        raise NotFound("schoolId")
    await work.audit(AuditAction.SCHOOL_LEFT, school_id, clerk, until=until)
    return school_id


async def convert_school(work: Work, viewer: Viewer, school_id: UUID, urn: int, converted_on: date) -> UUID:
    """The school goes on under a new number, as conversion to an academy gives one: everything about it stays.

    Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, SCHOOL_KNOWN.
    """
    clerk = must_hold(viewer, Role.CLERK)
    before = await _school(work, school_id)
    if not SMALLEST_URN <= urn <= LARGEST_URN:
        raise Invalid(RefusalCode.INPUT_INVALID, "A URN has six digits.", "urn")
    if urn == before or not await writes.set_urn(work, school_id, urn):
        raise Conflict(RefusalCode.SCHOOL_KNOWN, field="urn")
    link = {
        "school_id": school_id,
        "kind": LinkKind.PREDECESSOR.value,
        "linked_urn": before,
        "linked_name": await writes.school_name(work, school_id),
        "established_on": converted_on,
    }
    await writes.upsert_link(work, link)
    await work.audit(AuditAction.SCHOOL_CONVERTED, school_id, clerk, before=before, after=urn)
    return school_id


async def _school(work: Work, school_id: UUID) -> int:
    urn = await writes.school_urn(work, school_id)
    if urn is None:
        raise NotFound("schoolId")
    return urn


async def _load_consultation(work: Work, facts: Mapping[str, Any], report: LoadReport) -> None:
    timetable = facts["timetable"]
    closes_at = datetime.fromisoformat(f"{timetable['closes']}T{timetable['closesTime']}").replace(
        tzinfo=ZoneInfo(timetable["timeZone"])
    )
    consultation_id = await writes.add_past_consultation(
        work,
        {
            "source_key": facts["id"],
            "title": facts["title"],
            "purpose": f"Decided by: {facts['decisionMaker']}.",
            "kind": "STATUTORY_PROPOSAL",
            "proposer": facts["proposer"]["name"],
            "decision_maker": facts["decisionMaker"],
            "audience": facts["audience"],
            "status": "OUTCOME_PUBLISHED",
            "closes_at": closes_at,
            "outcome": facts["outcome"]["summary"],
        },
    )
    report.note("consultation", Change.UNCHANGED if consultation_id is None else Change.ADDED)
    if consultation_id is None:
        return
    for question in facts["questions"]:
        drafted = DraftQuestion(
            question["text"],
            QuestionKind.named(question["type"]),
            question["required"],
            [],
            question.get("guidance", []),
        )
        await consultations.add_question(work, consultation_id, question["no"], drafted)
    ids = await writes.school_ids(work)
    for school in facts["schools"]:
        if school["urn"] in ids:
            await consultations.add_school(work, consultation_id, ids[school["urn"]], school["effect"])
        else:
            report.refused.append(f"effect on school {school['urn']}: the school is not loaded")


async def _load_person(work: Work, slug: str, person: Mapping[str, Any], report: LoadReport) -> None:
    email = f"{person['mailbox']}@{slug}.example.org"
    person_id = await writes.add_officer(work, person["givenName"], person["familyName"], email)
    report.note("demo person", Change.UNCHANGED if person_id is None else Change.ADDED)
    if person_id is not None:
        for role in person["roles"]:
            await add_role(work, person_id, Role.named(role))
            await work.audit(AuditAction.ROLE_GRANTED, person_id, None, role=role)
