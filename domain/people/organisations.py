"""Organisations as members: they act through an authorised representative (rule 7; Companies Act 2006 s.323)."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..conditions import ENDED, HOLDS, Exists, Facts, Same, Unknown
from ..governance.rulesets import ConstituencyRule
from ..refusals import Conflict, Invalid, RefusalCode
from ..text import folded
from .matching import Likeness
from .relationships import check_term

# words that one writes with the name of an organisation and another leaves out
_LEFT_OUT = frozenset({"the", "and", "co", "company", "ltd", "limited", "plc", "cic", "cio", "charity"})


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    """What an organisation is told apart by."""

    name: str
    registered_number: str | None = None

    @property
    def number(self) -> str | None:
        """The registered number without what one writes and another does not; None where what was told is none."""
        number = re.sub("[^0-9A-Z]", "", (self.registered_number or "").upper())
        return number if re.search("[1-9]", number) else None

    def same_name(self, other: "OrganisationRecord") -> bool:
        """The same name; capitals and accents make no other."""
        return folded(self.name) == folded(other.name)

    def same_number(self, other: "OrganisationRecord") -> bool:
        return self.number is not None and self.number == other.number


def likeness(one: OrganisationRecord, other: OrganisationRecord) -> Likeness:
    """Whether two records are of one organisation, which has one vote (rules 3a and 7d)."""
    if one.same_name(other) or one.same_number(other):
        return Likeness.SAME
    words, number = _words(one.name), (one.number or "").lstrip("0")
    is_likely = (words and words == _words(other.name)) or (number and number == (other.number or "").lstrip("0"))
    return Likeness.LIKELY if is_likely else Likeness.DIFFERENT


def _words(name: str) -> str:
    """Letters and digits of the words that tell it apart."""
    return "".join(word for word in re.findall(r"[^\W_]+", folded(name)) if word not in _LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A person's power to act for an organisation; `until` is the first day without it."""

    id: UUID
    organisation_id: UUID
    person_id: UUID
    since: date
    until: date | None


# rule 7a: somebody acts for an organisation while one of their authorisations for it holds; one that they said they have
# when they applied is nobody else's word until the organisation is admitted, and is for that application alone
IS_AUTHORISED = HOLDS & Unknown("application_id")
IS_AUTHORISED_IN_MEMBERSHIP = IS_AUTHORISED | HOLDS & Same("application_id", "membership_id")
REPRESENTS = Exists("authorisations", IS_AUTHORISED)


def check_takes_organisations(rule: ConstituencyRule) -> None:
    """Refusals: NOT_ELIGIBLE."""
    if not rule.takes_organisations:
        raise Invalid(RefusalCode.NOT_ELIGIBLE, "That constituency takes no organisations.", field="constituency")


def check_dates(since: date, until: date | None) -> None:
    """Refusals: DATES_CONTRADICT."""
    if until is not None and until <= since:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "It would have ended already.", "until")
    check_term(until, since)


def check_revocation(authorisation: Authorisation, today: date) -> None:
    """Refusals: AUTHORISATION_ENDED."""
    if ENDED.evaluate(Facts(authorisation, today=today)):
        raise Conflict(RefusalCode.AUTHORISATION_ENDED)
