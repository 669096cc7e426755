"""Loading a trust with its schools, rules, partners and past consultations.

Repeatable: a second load changes nothing. What officers change is theirs from the first load on (names and order of
constituencies, numbers of schools and how they belong, who holds an office), and so is what an extract of GIAS told since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from db.consultations import consultations
from db.identity.roles import add_role, was_ever_granted
from db.transactions import Transaction, Transactions
from db.trusts import loading, schools
from domain.audit.events import AuditAction
from domain.consultations.consultation import QuestionKind
from domain.governance.limits import check_limits
from domain.governance.rulesets import new_ruleset
from domain.identity.viewer import Role
from domain.refusals import Refusal
from domain.trusts.loading import (
    GIAS,
    Change,
    LoadReport,
    affiliation_columns,
    link_from_gias,
    school_from_gias,
    trust_columns,
)

_NO_TRUST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class TrustPack:
    """Everything published about one trust, as read from the data files. `schools` are (row, is a member)."""

    published: Mapping[str, Any]
    rules: Mapping[str, Any]
    rules_effective_from: date
    schools: Sequence[tuple[Mapping[str, str], bool]]
    links: Sequence[Mapping[str, str]]
    consultations: Sequence[Mapping[str, Any]]
    people: Sequence[Mapping[str, Any]]


async def load_trust(transactions: Transactions, pack: TrustPack, report: LoadReport) -> None:
    """Loads one trust in one transaction; a row that can't be used is refused in the report and the rest goes on."""
    slug = pack.published["slug"]
    trust_id = await transactions.run(_NO_TRUST, lambda transaction: loading.new_trust_id(transaction, slug))
    await transactions.run(trust_id, lambda transaction: _load(transaction, pack, report))


async def _load(transaction: Transaction, pack: TrustPack, report: LoadReport) -> None:
    before = report.changes.copy()
    report.note("trust", await loading.upsert_trust(transaction, trust_columns(pack.published)))
    await _load_rules(transaction, pack, report)
    await _load_schools(transaction, pack, report)
    for partner in pack.published.get("partners", []):
        if partner["name"].startswith("(unnamed)"):  # the source speaks of partners without naming any
            continue
        report.note(
            "partner", await loading.upsert_partner(transaction, partner["name"], partner["kind"], partner.get("role"))
        )
    for consultation in pack.consultations:
        await _load_consultation(transaction, consultation, report)
    for person in pack.people:
        await _load_person(transaction, pack.published["slug"], person, report)
    if any(change is not Change.UNCHANGED for _, change in (report.changes - before)):
        await transaction.audit(AuditAction.TRUST_LOADED, transaction.trust_id, None)


async def _load_rules(transaction: Transaction, pack: TrustPack, report: LoadReport) -> None:
    ruleset = new_ruleset(1, pack.rules_effective_from, pack.rules)
    change = await loading.add_ruleset(transaction, ruleset.version, ruleset.effective_from, pack.rules)
    report.note("ruleset", change)
    if change is not Change.ADDED:
        return  # constituencies are as the rules say that were adopted since
    check_limits(ruleset)
    await transaction.audit(AuditAction.RULESET_ADOPTED, transaction.trust_id, None, version=ruleset.version)
    for position, rule in enumerate(ruleset.constituencies.values(), start=1):
        await loading.add_constituency(transaction, rule.code, rule.name, position)
        report.note("constituency", Change.ADDED)


async def _load_schools(transaction: Transaction, pack: TrustPack, report: LoadReport) -> None:
    members: dict[int, tuple[str, bool]] = {}
    await schools.hold_schools(transaction)
    former = await schools.former_numbers(transaction)
    newer = await loading.schools_of_source(transaction, GIAS)
    for row, is_member in pack.schools:
        try:
            school = school_from_gias(row)
        except Refusal as refusal:
            report.refused.append(f"school {row.get('URN')}: {refusal.message}")
            continue
        if school["urn"] in former:
            report.note("school", Change.UNCHANGED)
            continue
        members[school["urn"]] = (school["name"], is_member)
        is_older = school["urn"] in newer and school["source"] != GIAS
        report.note("school", Change.UNCHANGED if is_older else await loading.upsert_school(transaction, school))
    ids = await schools.school_ids(transaction)
    for urn, (name, is_member) in members.items():
        affiliation = {"school_id": ids[urn], **affiliation_columns(pack.published, name, is_member)}
        report.note("affiliation", await loading.add_first_affiliation(transaction, affiliation))
    await _load_links(transaction, pack.links, ids, report)


async def _load_links(
    transaction: Transaction, rows: Sequence[Mapping[str, str]], ids: Mapping[int, UUID], report: LoadReport
) -> None:
    for row in rows:
        try:
            link = link_from_gias(row)
        except Refusal as refusal:
            report.refused.append(f"link of {row.get('URN')}: {refusal.message}")
            continue
        school_id = ids.get(link.pop("urn"))
        if school_id is not None:
            report.note("school link", await loading.upsert_link(transaction, {"school_id": school_id, **link}))


async def update_schools(
    transaction: Transaction, rows: Sequence[Mapping[str, str]], links: Sequence[Mapping[str, str]], report: LoadReport
) -> None:
    """Brings schools of the trust up to date from a GIAS extract, or adds one that `rows` names for the first time.

    What can't be used is refused in the report and the rest goes on; a school that has closed and has a successor is
    reported, for somebody to convert it.
    """
    before = report.changes.copy()
    await schools.hold_schools(transaction)
    former = await schools.former_numbers(transaction)
    for row in rows:
        try:
            school = school_from_gias(row)
        except Refusal as refusal:
            report.refused.append(f"school {row.get('URN')}: {refusal.message}")
            continue
        if school["urn"] in former:
            report.refused.append(f"school {school['urn']}: it goes on as {former[school['urn']]}")
            continue
        report.note("school", await loading.upsert_school(transaction, school))
    await _load_links(transaction, links, await schools.school_ids(transaction), report)
    if any(change is not Change.UNCHANGED for _, change in (report.changes - before)):
        await transaction.audit(AuditAction.SCHOOLS_UPDATED, transaction.trust_id, None)


async def _load_consultation(transaction: Transaction, consultation: Mapping[str, Any], report: LoadReport) -> None:
    timetable = consultation["timetable"]
    closes_at = datetime.fromisoformat(f"{timetable['closes']}T{timetable['closesTime']}").replace(
        tzinfo=ZoneInfo(timetable["timeZone"])
    )
    consultation_id = await loading.add_past_consultation(
        transaction,
        {
            "source_key": consultation["id"],
            "title": consultation["title"],
            "purpose": f"Decided by: {consultation['decisionMaker']}.",
            "kind": "STATUTORY_PROPOSAL",
            "proposer": consultation["proposer"]["name"],
            "decision_maker": consultation["decisionMaker"],
            "audience": consultation["audience"],
            "status": "OUTCOME_PUBLISHED",
            "closes_at": closes_at,
            "outcome": consultation["outcome"]["summary"],
        },
    )
    report.note("consultation", Change.UNCHANGED if consultation_id is None else Change.ADDED)
    if consultation_id is None:
        return
    for question in consultation["questions"]:
        await consultations.add_question(
            transaction,
            consultation_id,
            question["no"],
            question["text"],
            QuestionKind.named(question["type"]),
            question["required"],
            [],
            question.get("guidance", []),
        )
    ids = await schools.school_ids(transaction)
    for school in consultation["schools"]:
        if school["urn"] in ids:
            await consultations.add_school(transaction, consultation_id, ids[school["urn"]], school["effect"])
        else:
            report.refused.append(f"effect on school {school['urn']}: the school is not loaded")


async def _load_person(transaction: Transaction, slug: str, person: Mapping[str, Any], report: LoadReport) -> None:
    email, offices = f"{person['mailbox']}@{slug}.example.org", [Role.named(role) for role in person["roles"]]
    person_id = None
    if not await was_ever_granted(transaction, offices):
        person_id = await loading.add_officer(transaction, person["givenName"], person["familyName"], email)
    report.note("demo person", Change.UNCHANGED if person_id is None else Change.ADDED)
    if person_id is not None:
        for role in offices:
            await add_role(transaction, person_id, role)
            await transaction.audit(AuditAction.ROLE_GRANTED, person_id, None, role=role.value)
