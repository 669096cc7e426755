"""Reading a row of a registration file: what it says of whom, and what is odd about it.

Nothing is guessed: what can't be read is left to a human or refused, with the reason (rules 2e, 6 and 22a).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..ages import age_on
from ..conditions import Facts
from ..days import is_within_centuries
from ..governance.qualification import RelationshipKind
from ..governance.rulesets import Ruleset
from ..people.contact import phone_number, postcode
from ..people.guardians import IS_BELOW_DIGITAL_CONSENT, needs_guardian
from ..people.relationships import OLDEST
from ..refusals import Invalid, Refusal, RefusalCode
from ..text import email_address, folded
from .importing import Finding
from .names import read_names
from .schoolbook import SchoolBook, words

HEADER = (
    "Forename", "Surname", "Relationship/Role", "School", "Year Group", "DOB", "Email", "Mobile", "Postcode",
    "Preferred Language", "Consent (Y/N)",
)  # fmt: skip
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})")
_WRITTEN = ("%Y-%m-%d", "%d-%b-%Y", "%d %B %Y", "%d %b %Y")
_YEAR = re.compile(r"(?:y|yr|year)? ?0?(\d{1,2})")
NEEDS_SCHOOL = {RelationshipKind.LEARNER, RelationshipKind.PARENT_CARER, RelationshipKind.STAFF}
YEARS_BEYOND = 2  # between the age a year group has and the age somebody in it may have
OLDEST_LEARNER = 19
LAST_YEAR_GROUP = 13


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What offices write: data/import_words.json."""

    roles: Mapping[str, RelationshipKind]
    combined: Mapping[str, Sequence[RelationshipKind]]
    of_organisations: frozenset[str]
    offices: frozenset[str]
    languages: Mapping[str, str]
    consent: Mapping[str, str]
    nothing: frozenset[str]
    titles: frozenset[str]
    school_words: frozenset[str]


def vocabulary(stated: Mapping[str, Any]) -> Vocabulary:
    """From the JSON of data/import_words.json."""
    return Vocabulary(
        roles={word: RelationshipKind.named(kind) for kind, listed in stated["roles"].items() for word in listed},
        combined={word: [RelationshipKind.named(kind) for kind in kinds] for word, kinds in stated["combined"].items()},
        of_organisations=frozenset(stated["rolesOfOrganisations"]),
        offices=frozenset(stated["offices"]),
        languages={word: tag for tag, listed in stated["languages"].items() for word in listed},
        consent={word: answer for answer, listed in stated["consent"].items() for word in listed},
        nothing=frozenset(stated["nothing"]),
        titles=frozenset(stated["titles"]),
        school_words=frozenset(stated["schoolWords"]),
    )


@dataclass(slots=True)
class PersonRow:
    """What a row says. `born` and days are ISO texts, so that it is stored as it is."""

    given_name: str = ""
    family_name: str = ""
    kinds: Sequence[str] = ()
    urns: Sequence[int] = ()
    year_group: int | None = None
    born: str | None = None
    email: str | None = None
    phone: str | None = None
    postcode: str | None = None
    language: str | None = None
    consents: bool = False
    identifier: str | None = None  # what the school's system calls the person
    agents: Sequence[str] = ()  # whom it names as their family, or as the learners of whose family they are
    until: str | None = None  # where the row tells of an end: the first day without it

    @property
    def tells_of_an_end(self) -> bool:
        return self.until is not None

    def stored(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class ReadRow:
    person: PersonRow
    findings: list[Finding]


def of_its_day(read: ReadRow, ended_since: Collection[int]) -> ReadRow:
    """The row of a file, beside the schools whose year was ended after the day of the file: a year group there is the last
    year's, and whether somebody has left or moved up nobody can tell by it (rule 22h)."""
    if (
        read.person.year_group is not None
        and not read.person.tells_of_an_end
        and set(read.person.urns) & set(ended_since)
    ):
        read.findings.append(Finding.YEAR_ENDED_SINCE)
    return read


def check_header(cells: Sequence[str]) -> None:
    """Refusals: FILE_HEADER_WRONG naming what is missing."""
    given = [cell.strip() for cell in cells]
    missing = [name for name in HEADER if name not in given]
    if set(HEADER) <= {name.strip() for cell in cells for name in cell.split(";")} and missing:
        message = "The cells of the file are divided by semicolons; save it as CSV with commas."
        raise Invalid(RefusalCode.FILE_HEADER_WRONG, message, "file")
    if missing or len(given) != len(HEADER):
        what = f"it lacks {', '.join(missing)}" if missing else f"it has {len(given)} columns instead of {len(HEADER)}"
        raise Invalid(
            RefusalCode.FILE_HEADER_WRONG, f"The first line is not that of a registration file: {what}.", "file"
        )


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one file. `exported_on` is the day the file says what held."""

    vocabulary: Vocabulary
    schools: SchoolBook
    ruleset: Ruleset
    exported_on: date

    def read(self, cells: Mapping[str, str]) -> ReadRow:
        person, findings = PersonRow(), list[Finding]()
        if not any(text.strip() for text in cells.values()):
            return ReadRow(person, [Finding.EMPTY_ROW])
        self._name(cells, person, findings)
        self._role(cells["Relationship/Role"], person, findings)
        self._school(cells["School"], person, findings)
        self._age(cells, person, findings)
        self._contact(cells, person, findings)
        self._consent(cells["Consent (Y/N)"], person, findings)
        return ReadRow(person, findings)

    def _name(self, cells: Mapping[str, str], person: PersonRow, findings: list[Finding]) -> None:
        given, family, noticed = read_names(cells["Forename"], cells["Surname"])
        person.given_name, person.family_name = given, family
        both = words(f"{given} {family}")
        findings += noticed
        if both and set(both) == {"test"}:
            findings.append(Finding.TEST_ROW)
        if not given and not family:
            findings.append(Finding.NAME_MISSING)
        if set(findings) & {Finding.FORMULA_TEXT, Finding.TEST_ROW, Finding.NAME_MISSING}:
            return
        if "&" in given or "/" in given or " and " in f" {given.lower()} ":
            findings.append(Finding.NAME_COUPLE)
        elif bool(given) != bool(family):
            whole = given or family
            findings.append(Finding.NAME_IN_ONE_CELL if len(words(whole)) > 1 else Finding.NAME_SINGLE)
        elif self.vocabulary.titles & set(both):
            findings.append(Finding.NAME_TITLE)

    def _role(self, cell: str, person: PersonRow, findings: list[Finding]) -> None:
        known, whole = self.vocabulary.roles, " ".join(words(cell))
        if whole in self.vocabulary.nothing or not whole:
            findings.append(Finding.ROLE_MISSING)
        elif whole in known:
            person.kinds = [known[whole].value]
        elif whole in self.vocabulary.combined:
            person.kinds = [kind.value for kind in self.vocabulary.combined[whole]]
            findings.append(Finding.ROLE_COMBINED)
        elif whole in self.vocabulary.of_organisations:
            findings.append(Finding.ROLE_OF_ORGANISATION)
        elif whole in self.vocabulary.offices:
            person.kinds = [RelationshipKind.COMMUNITY.value]  # serves the school; the rules know no class of governors
        else:
            parts = [" ".join(words(part)) for part in re.split(r"[/&+,]|\band\b", cell)]
            kinds = [known[part].value for part in parts if part in known]
            if len(parts) > 1 and len(kinds) == len(parts):
                person.kinds = list(dict.fromkeys(kinds))
                findings.append(Finding.ROLE_COMBINED)
            else:
                findings.append(Finding.ROLE_UNKNOWN)
        if RelationshipKind.LEARNER.value in person.kinds:
            findings.append(Finding.LEARNER)

    def _school(self, cell: str, person: PersonRow, findings: list[Finding]) -> None:
        if " ".join(words(cell)) in self.vocabulary.nothing:
            if {kind.value for kind in NEEDS_SCHOOL} & set(person.kinds):
                findings.append(Finding.SCHOOL_MISSING)
            return
        found, how = self.schools.find(cell)
        findings.append(how)
        if any(not school.is_own for school in found):
            findings.append(Finding.SCHOOL_OF_ANOTHER_TRUST)
        person.urns = [school.urn for school in found]

    def _age(self, cells: Mapping[str, str], person: PersonRow, findings: list[Finding]) -> None:
        person.year_group = year_group(cells["Year Group"])
        if cells["Year Group"].strip() and person.year_group is None:
            findings.append(Finding.YEAR_GROUP_UNKNOWN)
        text = cells["DOB"].strip()
        if text:
            findings += read_birth(text, person, self.ruleset, self.exported_on)
        else:
            findings += age_findings(person, self.ruleset, self.exported_on, is_birth_date_asked=True)

    def _contact(self, cells: Mapping[str, str], person: PersonRow, findings: list[Finding]) -> None:
        mailboxes = [part for part in re.split(r"[;\n\r]+|,\s+|\s+/\s+", cells["Email"].strip()) if part.strip()]
        if len(mailboxes) > 1:
            findings.append(Finding.EMAIL_SEVERAL)
        if not mailboxes or folded(mailboxes[0]).strip(" .-") in ("", "n/a", "none", "as above", "na", "nil"):
            findings.append(Finding.EMAIL_MISSING)
        else:
            try:
                person.email = email_address(mailboxes[0])
            except Refusal:
                findings.append(Finding.EMAIL_INVALID)
        mobile = cells["Mobile"].strip()
        if mobile:
            person.phone, is_odd = phone_number(mobile)
            findings += [Finding.PHONE_INTERNATIONAL] if mobile.startswith("+") else []
            findings += [Finding.PHONE_ODD] if is_odd else []
        person.postcode = postcode(cells["Postcode"])
        if person.postcode is None and " ".join(words(cells["Postcode"])) not in self.vocabulary.nothing:
            findings.append(Finding.POSTCODE_ODD)
        person.language = self.vocabulary.languages.get(" ".join(words(cells["Preferred Language"])))

    def _consent(self, cell: str, person: PersonRow, findings: list[Finding]) -> None:
        answer = self.vocabulary.consent.get(folded(cell).strip())
        person.consents = answer == "YES"
        if answer == "NO":
            findings.append(Finding.CONSENT_REFUSED)
        elif answer is None:
            findings.append(Finding.CONSENT_UNCLEAR)


def read_birth(text: str, person: PersonRow, ruleset: Ruleset, exported_on: date) -> list[Finding]:
    """Takes over the date of birth of a person whose roles and year group are read; what is noticed of it."""
    born = birth_date(text, exported_on)
    if born is None or (RelationshipKind.LEARNER.value in person.kinds and age_on(born, exported_on) > OLDEST):
        return [Finding.BIRTH_DATE_UNUSABLE]
    person.born = born.isoformat()
    return age_findings(person, ruleset, exported_on, is_birth_date_asked=True)


def age_findings(person: PersonRow, ruleset: Ruleset, exported_on: date, is_birth_date_asked: bool) -> list[Finding]:
    """What the date of birth in a row of a file of that day says of its person; that a learner has none, where it is asked."""
    is_learner = RelationshipKind.LEARNER.value in person.kinds
    if person.born is None:
        return [Finding.BIRTH_DATE_MISSING] if is_learner and is_birth_date_asked else []
    born = date.fromisoformat(person.born)
    if not is_learner:
        return [Finding.AGE_CONTRADICTS] if person.kinds and needs_guardian(ruleset, born, exported_on) else []
    told = Facts(born=born, today=exported_on, digital_consent_age=ruleset.digital_consent_age_on(exported_on))
    is_below = IS_BELOW_DIGITAL_CONSENT.evaluate(told)
    findings = [Finding.BELOW_DIGITAL_CONSENT if is_below else Finding.FROM_DIGITAL_CONSENT]
    if needs_guardian(ruleset, born, exported_on):
        findings.append(Finding.GUARDIAN_CONSENT_NEEDED)
    age, expected = age_on(born, exported_on), None if person.year_group is None else person.year_group + 5
    if age > OLDEST_LEARNER or (expected is not None and abs(age - expected) > YEARS_BEYOND):
        findings.append(Finding.AGE_CONTRADICTS)
    return findings


def birth_date(text: str, today: date) -> date | None:
    """A date of birth as offices write it, the day first; None where it does not exist, lies ahead or in no
    century of ours, or can't be read."""
    born = None
    numbers = _DAY_FIRST.fullmatch(text)
    if numbers:
        day, month, year = int(numbers[1]), int(numbers[2]), int(numbers[3])
        if len(numbers[3]) == 2:
            year += 2000 if 2000 + year <= today.year else 1900
        try:
            born = date(year, month, day)
        except ValueError:
            return None
    else:
        for form in _WRITTEN:
            try:
                born = datetime.strptime(text, form).date()
                break
            except ValueError:
                continue
    return born if born is not None and born <= today and is_within_centuries(born) else None


def year_group(text: str) -> int | None:
    """Reception is 0, the sixth form counts as year 12."""
    plain = " ".join(words(text))
    if plain in ("r", "yr", "rec", "reception"):
        return 0
    if plain in ("sixth form", "6th form"):
        return 12
    found = _YEAR.fullmatch(plain)
    return int(found[1]) if found and int(found[1]) <= LAST_YEAR_GROUP else None
