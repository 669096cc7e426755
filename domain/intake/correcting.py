"""A row of a file, some fields of which somebody gave anew: what it says now, and what is still odd about it (rule 22a)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ..governance.qualification import RelationshipKind
from ..governance.rulesets import Ruleset
from ..people.contact import postcode
from ..refusals import Invalid, RefusalCode
from .importing import Finding
from .names import read_names
from .registration import LAST_YEAR_GROUP, NEEDS_SCHOOL, PersonRow, ReadRow, age_findings

# what was noticed when a field was read, by the field of PersonRow that somebody gives anew
_OF_NAMES = frozenset(each for each in Finding if each.name.startswith("NAME_")) - {
    Finding.NAME_CONTRADICTS,
    Finding.NAME_WRITTEN_OTHERWISE,
}
_OF_FIELD: Mapping[str, Collection[Finding]] = {
    "given_name": {*_OF_NAMES, Finding.FORMULA_TEXT},
    "family_name": {*_OF_NAMES, Finding.FORMULA_TEXT},
    "kinds": {each for each in Finding if each.name.startswith("ROLE_")} | {Finding.LEARNER},
    "urns": {each for each in Finding if each.name.startswith("SCHOOL_")},
    "year_group": {Finding.YEAR_GROUP_UNKNOWN, Finding.YEAR_ENDED_SINCE},
    "born": {Finding.BIRTH_DATE_UNUSABLE},
    "email": {Finding.EMAIL_INVALID, Finding.EMAIL_SEVERAL, Finding.EMAIL_MISSING},
    "phone": {Finding.PHONE_ODD, Finding.PHONE_INTERNATIONAL},
    "postcode": {Finding.POSTCODE_ODD},
    "consents": {Finding.CONSENT_UNCLEAR, Finding.CONSENT_REFUSED},
}
# whatever else a row was found to be is found again
_READ = frozenset().union(
    *_OF_FIELD.values(), {Finding.USER_REMOVED, Finding.ENROLMENT_ENDED, Finding.ROW_MALFORMED, Finding.ORG}
)


def corrected(
    reading: PersonRow, findings: Collection[Finding], given: Mapping[str, Any], ruleset: Ruleset, exported_on: date
) -> ReadRow:
    """What a row of a file of that day says with the fields that were `given` anew, by their names in PersonRow."""
    person = replace(reading, **{name: _kept(name, value) for name, value in given.items()})
    mended = {finding for name in given for finding in _OF_FIELD.get(name, ())}
    found = [each for each in findings if each in _READ and each not in mended]
    if {"given_name", "family_name"} & given.keys():
        person.given_name, person.family_name, noticed = read_names(person.given_name, person.family_name)
        found += noticed
        found += [] if person.given_name and person.family_name else [Finding.NAME_SINGLE]
    if "kinds" in given:
        found += [Finding.LEARNER] if RelationshipKind.LEARNER.value in person.kinds else []
    if {"kinds", "urns"} & given.keys():
        lacks_school = not person.urns and {kind.value for kind in NEEDS_SCHOOL} & set(person.kinds)
        found = [each for each in found if each is not Finding.SCHOOL_MISSING]
        found += [Finding.SCHOOL_MISSING] if lacks_school else []
    if given.get("consents") is False:
        found.append(Finding.CONSENT_REFUSED)
    was_read = person.identifier is None  # a system's delta tells no date of birth
    return ReadRow(person, [*found, *age_findings(person, ruleset, exported_on, was_read)])


def check_year_group(year_group: int | None, field: str) -> None:
    """Refusals: INPUT_INVALID."""
    if year_group is not None and not 0 <= year_group <= LAST_YEAR_GROUP:
        message = f"It must lie between 0 and {LAST_YEAR_GROUP}."
        raise Invalid(RefusalCode.INPUT_INVALID, message, field, earliest=0, latest=LAST_YEAR_GROUP)


def _kept(name: str, value: Any) -> Any:
    if name == "postcode":
        return postcode(value)
    return value.isoformat() if isinstance(value, date) else value or (None if value == "" else value)
