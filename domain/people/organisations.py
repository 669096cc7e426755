"""Organisations as members: they act through an authorised representative (rule 7; Companies Act 2006 s.323)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..conditions import ENDED, HOLDS, Exists, Facts
from ..governance.rulesets import ConstituencyRule
from ..refusals import Conflict, Invalid, RefusalCode


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A person's power to act for an organisation; `until` is the first day without it."""

    id: UUID
    organisation_id: UUID
    person_id: UUID
    since: date
    until: date | None


# rule 7a: somebody acts for an organisation while one of their authorisations for it holds
REPRESENTS = Exists("authorisations", HOLDS)


def check_takes_organisations(rule: ConstituencyRule) -> None:
    """Refusals: NOT_ELIGIBLE."""
    if not rule.takes_organisations:
        raise Invalid(RefusalCode.NOT_ELIGIBLE, "That constituency takes no organisations.", field="constituency")


def check_dates(since: date, until: date | None) -> None:
    """Refusals: DATES_CONTRADICT."""
    if until is not None and until <= since:
        raise Invalid(RefusalCode.DATES_CONTRADICT, field="until")


def check_revocation(authorisation: Authorisation, today: date) -> None:
    """Refusals: AUTHORISATION_ENDED."""
    if ENDED.evaluate(Facts(authorisation, today=today)):
        raise Conflict(RefusalCode.AUTHORISATION_ENDED)
