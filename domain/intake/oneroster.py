"""Reading the rows of a OneRoster 1.1 CSV delta: orgs, users and enrolments (1EdTech OneRoster 1.1, CSV tables)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ..governance.qualification import RelationshipKind
from ..refusals import Invalid, Refusal, RefusalCode
from ..text import email_address
from .importing import Finding
from .names import read_names
from .registration import PersonRow, ReadRow

SYSTEM = "oneroster"
LONGEST_IDENTIFIER = 256  # characters
ORGS, USERS, ENROLMENTS = "orgs.csv", "users.csv", "enrollments.csv"
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
    missing = [name for name in HEADERS[file] if name not in [cell.strip() for cell in cells]]
    if missing:
        raise Invalid(RefusalCode.FILE_HEADER_WRONG, f"{file} lacks {', '.join(missing)}.", "file")


def school_number(cells: Mapping[str, str]) -> tuple[str, int] | None:
    """What the system calls a school, and its URN; None for an org that is no school or has no number."""
    number = cells["identifier"].strip()
    if cells["type"].strip() != "school" or not (re.fullmatch("[0-9]{6}", number)):
        return None
    return cells["sourcedId"].strip(), int(number)


def read_user(cells: Mapping[str, str], urns: Mapping[str, int], exported_on: date) -> ReadRow:
    """A person, with the relationships their orgs and role make; one removed ends all of them."""
    given, family, findings = read_names(cells["givenName"], cells["familyName"])
    person = PersonRow(given_name=given, family_name=family, identifier=cells["sourcedId"].strip()[:LONGEST_IDENTIFIER])
    kind = _ROLES.get(cells["role"].strip())
    orgs = [each.strip() for each in cells["orgSourcedIds"].split(",") if each.strip()]
    person.urns = [urns[each] for each in orgs if each in urns]
    if not given or not family:
        findings.append(Finding.NAME_MISSING)
    if _is_removed(cells):
        person.kinds, person.urns = [], []
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
    grades = cells.get("grades", "").strip()
    person.year_group = int(grades) if re.fullmatch("[0-9]|0[0-9]|1[0-3]", grades) else None
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
    if _is_removed(cells) or (ended is not None and ended <= exported_on):
        person.until = min(ended or exported_on, exported_on).isoformat()
        findings.append(Finding.ENROLMENT_ENDED)
    return ReadRow(person, findings)


def _is_removed(cells: Mapping[str, str]) -> bool:
    return cells["status"].strip() in ("tobedeleted", "inactive")


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        return None
