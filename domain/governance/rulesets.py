"""The rules of a trust as data, by version and effective date (domain rule 1).

Every number a decision needs comes from here; none stands in the code that decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ..described import DescribedEnum
from ..refusals import Invalid, RefusalCode
from .qualification import RelationshipKind


class LegalShape(DescribedEnum):
    """The four legal shapes of a co-operative trust (design/domain.md section 0)."""

    FOUNDATION = "FOUNDATION", "A: foundation trust; constituency members are company members with a guarantee."
    ACADEMY = "ACADEMY", "B: academy trust with a forum; forum members are normally not company members."
    SHARE = "SHARE", "C: co-operative with a share that is returned on leaving."
    CHARITABLE = "CHARITABLE", "D: charitable incorporated organisation."


class Approval(DescribedEnum):
    """Who decides on an application."""

    OFFICER = "OFFICER", "The membership officer."
    BOARD = "BOARD", "The board."
    AUTOMATIC = "AUTOMATIC", "Nobody: an eligible applicant is admitted at once."


@dataclass(frozen=True, slots=True)
class ConstituencyRule:
    """Who may be a member in one class. Ages in completed years."""

    code: str
    name: str
    qualifying_kinds: frozenset[RelationshipKind]
    is_company_member: bool
    approval: Approval
    join_age: int
    vote_age: int


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules in force from `effective_from`. Money in pence, notice and grace in days, ages in years."""

    version: int
    effective_from: date
    shape: LegalShape
    articles_reference: str | None
    constituencies: Mapping[str, ConstituencyRule]
    guarantee_pence: int
    small_group: int
    small_roll: int
    resolution_notice_days: int
    ordinary_majority: Fraction
    consultation_days: Mapping[str, int]

    def constituency(self, code: str) -> ConstituencyRule:
        """Refusals: INPUT_INVALID for a code the ruleset does not know."""
        try:
            return self.constituencies[code]
        except KeyError:
            raise Invalid(
                RefusalCode.INPUT_INVALID, "The trust has no such constituency.", field="constituency"
            ) from None


def parse_ruleset(version: int, effective_from: date, facts: Mapping[str, Any]) -> Ruleset:
    """A ruleset from its stored JSON. Refusals: INPUT_INVALID naming the contradiction."""
    try:
        rules = [
            ConstituencyRule(
                code=str(entry["code"]),
                name=str(entry["name"]),
                qualifying_kinds=frozenset(RelationshipKind.named(kind) for kind in entry["qualifyingKinds"]),
                is_company_member=bool(entry["isCompanyMember"]),
                approval=Approval.named(entry["approval"]),
                join_age=int(entry["joinAge"]),
                vote_age=int(entry["voteAge"]),
            )
            for entry in facts["constituencies"]
        ]
        ruleset = Ruleset(
            version=version,
            effective_from=effective_from,
            shape=LegalShape.named(facts["shape"]),
            articles_reference=facts["articlesReference"],
            constituencies={rule.code: rule for rule in rules},
            guarantee_pence=int(facts["guaranteePence"]),
            small_group=int(facts["smallGroup"]),
            small_roll=int(facts["smallRoll"]),
            resolution_notice_days=int(facts["resolutionNoticeDays"]),
            ordinary_majority=Fraction(facts["ordinaryMajority"]),
            consultation_days={kind: int(days) for kind, days in facts["consultationDays"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(RefusalCode.INPUT_INVALID, f"The ruleset lacks or misstates {error}.", field="rules") from error
    check_ruleset(ruleset, rules)
    return ruleset


def check_ruleset(ruleset: Ruleset, rules: Sequence[ConstituencyRule]) -> None:
    """Refuses rules that contradict themselves. Refusals: INPUT_INVALID."""
    contradictions = [
        (not rules, "has no constituency"),
        (len(ruleset.constituencies) != len(rules), "names a constituency twice"),
        (any(rule.vote_age < rule.join_age for rule in rules), "lets a member vote before they may join"),
        (any(not rule.qualifying_kinds for rule in rules), "has a constituency nobody can qualify for"),
        (ruleset.small_group < 2, "would publish figures about one person"),
        (not Fraction(1, 2) <= ruleset.ordinary_majority < 1, "has an ordinary majority outside 1/2 to 1"),
        (ruleset.resolution_notice_days < 0 or ruleset.guarantee_pence < 0, "has a negative number"),
    ]
    for contradicted, reason in contradictions:
        if contradicted:
            raise Invalid(RefusalCode.INPUT_INVALID, f"The ruleset {reason}.", field="rules")
