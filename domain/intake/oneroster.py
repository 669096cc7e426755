"""Reading the rows of a OneRoster 1.1 CSV delta: orgs, users and enrolments (1EdTech OneRoster 1.1, CSV tables)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ..days import is_within_centuries
from ..governance.qualification import RelationshipKind
from ..governance.rulesets import Ruleset
from ..refusals import Invalid, Refusal, RefusalCode
from ..text import email_address
from .importing import Finding
from .names import read_names
from .registration import PersonRow, ReadRow, read_birth

SYSTEM = "oneroster"
LONGEST_IDENTIFIER = 256  # characters
ORGS, USERS, ENROLMENTS = "orgs.csv", "users.csv", "enrollments.csv"
DEMOGRAPHICS = "demographics.csv"  # need not be there
DEMOGRAPHICS_HEADER = ("sourcedId", "status", "birthDate")
BORN = "birthDate"  # the cell of a user into which it comes
HEADERS = {
    ORGS: ("sourcedId", "status", "dateLastModified", "name", "type", "identifier"),
    USERS: (
        "sourcedId",
        "status",
        "dateLastModified",
        "orgSourcedIds",
        "role",
        "givenName",
        "familyName",
        "email",
    ),
    ENROLMENTS: (
        "sourcedId",
        "status",
        "dateLastModified",
        "schoolSourcedId",
        "userSourcedId",
        "role",
        "endDate",
    ),
}
_ROLES = {
    "student": RelationshipKind.LEARNER,
    "teacher": RelationshipKind.STAFF,
    "aide": RelationshipKind.STAFF,
    "administrator": RelationshipKind.STAFF,
    "proctor": RelationshipKind.STAFF,
    "parent": RelationshipKind.PARENT_CARER,
    "guardian": RelationshipKind.PARENT_CARER,
    "relative": RelationshipKind.EXTENDED_FAMILY,
}


def check_header(file: str, cells: Sequence[str]) -> None:
    """Refusals: FILE_HEADER_WRONG naming what is missing."""
    expected = DEMOGRAPHICS_HEADER if file == DEMOGRAPHICS else HEADERS[file]
    missing = [name for name in expected if name not in [cell.strip() for cell in cells]]
    if missing:
        raise Invalid(RefusalCode.FILE_HEADER_WRONG, f"{file} lacks {', '.join(missing)}.", "file")


def school_number(cells: Mapping[str, str]) -> tuple[str, int] | None:
    """What the system calls a school, and its URN; None for an org that is no school or has no number."""
    number = cells["identifier"].strip()
    if cells["type"].strip() != "school" or not (re.fullmatch("[0-9]{6}", number)):
        return None
    return cells["sourcedId"].strip(), int(number)


def birth_told(cells: Mapping[str, str]) -> tuple[str, str] | None:
    """Of a row of demographics, who it is of and the birth date; none where it has been removed or tells none. Nothing
    else of it is read: not sex, not origin (rule 6b)."""
    whose, born = cells["sourcedId"].strip(), cells["birthDate"].strip()
    return (whose, born) if whose and born and not _is_removed(cells) else None


def with_birth(cells: Mapping[str, str], births: Mapping[str, str]) -> dict[str, str]:
    """The cells of a user, with the birth date of a learner: of nobody else does a file have to tell it (rule 6b)."""
    kept = {name: text for name, text in cells.items() if name != BORN}
    if _ROLES.get(cells["role"].strip()) is not RelationshipKind.LEARNER or _is_removed(cells):
        return kept
    born = births.get(cells["sourcedId"].strip())
    return kept if born is None else kept | {BORN: born}


def read_user(cells: Mapping[str, str], urns: Mapping[str, int], ruleset: Ruleset, exported_on: date) -> ReadRow:
    """A person, with the relationships their orgs and role make. One removed ends these, and no others: all that a system
    can tell where it says no role, at all schools of the file where it says no school."""
    given, family, findings = read_names(cells["givenName"], cells["familyName"])
    person = PersonRow(given_name=given, family_name=family, identifier=cells["sourcedId"].strip()[:LONGEST_IDENTIFIER])
    kind = _ROLES.get(cells["role"].strip())
    orgs = [each.strip() for each in cells["orgSourcedIds"].split(",") if each.strip()]
    person.urns = [urns[each] for each in orgs if each in urns]
    if not given or not family:
        findings.append(Finding.NAME_MISSING)
    if _is_removed(cells):
        person.kinds = [kind.value] if kind else sorted(set(_ROLES.values()))
        person.urns = person.urns or sorted(set(urns.values()))
        person.until = exported_on.isoformat()
        findings.append(Finding.USER_REMOVED)
        return ReadRow(person, findings)
    if kind is None:
        findings.append(Finding.ROLE_UNKNOWN)
    else:
        person.kinds = [kind.value]
        findings += [Finding.LEARNER] if kind is RelationshipKind.LEARNER else []
    if not person.urns:
        findings.append(Finding.SCHOOL_UNKNOWN)
    try:
        person.email = email_address(cells["email"]) if cells["email"].strip() else None
    except Refusal:
        findings.append(Finding.EMAIL_INVALID)
    person.agents = [each.strip() for each in cells.get("agentSourcedIds", "").split(",") if each.strip()]
    grades = cells.get("grades", "").strip()
    person.year_group = int(grades) if re.fullmatch("[0-9]|0[0-9]|1[0-3]", grades) else None
    if cells.get(BORN):
        findings += read_birth(cells[BORN], person, ruleset, exported_on)
    return ReadRow(person, findings)


def read_enrolment(cells: Mapping[str, str], urns: Mapping[str, int], exported_on: date) -> ReadRow:
    """A relationship of somebody the system has told of: begun, or ended."""
    findings: list[Finding] = []
    person = PersonRow(identifier=cells["userSourcedId"].strip()[:LONGEST_IDENTIFIER])
    kind, school = _ROLES.get(cells["role"].strip()), urns.get(cells["schoolSourcedId"].strip())
    if kind is None:
        findings.append(Finding.ROLE_UNKNOWN)
    else:
        person.kinds = [kind.value]
    if school is None:
        findings.append(Finding.SCHOOL_UNKNOWN)
    else:
        person.urns = [school]
    ended = _day(cells["endDate"])
    if cells["endDate"].strip() and ended is None:
        findings.append(Finding.DAY_UNUSABLE)
    if _is_removed(cells) or (ended is not None and ended <= exported_on):
        person.until = min(ended or exported_on, exported_on).isoformat()
        findings.append(Finding.ENROLMENT_ENDED)
    return ReadRow(person, findings)


def _is_removed(cells: Mapping[str, str]) -> bool:
    return cells["status"].strip() in ("tobedeleted", "inactive")


def _day(text: str) -> date | None:
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        return None
    return day if is_within_centuries(day) else None
