"""The rules of a trust as data, by version and effective date (rule 1).

Every number a decision needs comes from here; none stands in the code that decides.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from counting import Majority, Quorum

from ..described import DescribedEnum
from ..refusals import Conflict, Invalid, RefusalCode, refuse_all
from .consultations import ConsultationKind
from .qualification import RelationshipKind
from .resolutions import ResolutionKind, contradiction_of, read_majorities, read_quorum
from .stated import Findings, Stated, day, description, flag, one_of, several, text, text_or_null, whole

# days between the adoption of rules and their first day, about five years: laws and articles are changed a year or two
# ahead, and what is further off is a slip, which would close the constituencies that the rules drop (rule 1d)
LONGEST_AHEAD = 1_830
# £10,000, and a large town: what is further off is a slip, which a table would not take or by which no figure is published
MOST_PENCE = 1_000_000
MOST_PEOPLE = 1_000_000


class LegalShape(DescribedEnum):
    """The four legal shapes of a co-operative trust (docs/rules.md#legal-shapes)."""

    FOUNDATION = "FOUNDATION", "A: foundation trust; constituency members are company members with a guarantee."
    ACADEMY = "ACADEMY", "B: academy trust with a forum; forum members are normally not company members."
    SHARE = "SHARE", "C: co-operative with a share that is returned on leaving."
    CHARITABLE = "CHARITABLE", "D: charitable incorporated organisation."


class Approval(DescribedEnum):
    """Who decides on an application."""

    OFFICER = "OFFICER", "The membership officer."
    BOARD = "BOARD", "The board."
    AUTOMATIC = (
        "AUTOMATIC",
        "Nobody: an eligible applicant is admitted at once, unless all is their own word: then the officer decides.",
    )


class Plurality(DescribedEnum):
    """In how many constituencies one person may be a member at a time."""

    ONE = "ONE", "In one, of the person's choice where several are open to them."
    SEVERAL = "SEVERAL", "In every one they qualify for; still one ballot per poll."


class RecordType(DescribedEnum):
    """What has a time after which it is forgotten (rule 26c)."""

    REFUSED_APPLICATION = "REFUSED_APPLICATION", "What a refused or withdrawn application said beyond its bare record."
    DRAFT_APPLICATION = "DRAFT_APPLICATION", "An application that was begun and never sent."
    IMPORTED_ROW = "IMPORTED_ROW", "A row of an imported file."
    ENDED_SESSION = "ENDED_SESSION", "A session that has ended."
    NOTICE_TEXT = "NOTICE_TEXT", "The wording of a notice that was sent."
    FORMER_MEMBER = "FORMER_MEMBER", "The register entry of a former member (Companies Act 2006 s.121)."
    INSPECTION_REQUEST = "INSPECTION_REQUEST", "A request to inspect the register, after it was answered."
    DATA_REQUEST = "DATA_REQUEST", "A request about one's own data, after it was answered."


@dataclass(frozen=True, slots=True)
class ConstituencyRule:
    """Who may be a member in one class. Ages in completed years on the relevant date, grace in days."""

    code: str
    name: str
    qualifying_kinds: frozenset[RelationshipKind]
    takes_organisations: bool
    is_company_member: bool
    approval: Approval
    join_age: int
    vote_age: int
    stand_age: int
    office_age: int
    grace_days: int
    description: str | None = None


@dataclass(frozen=True, slots=True)
class DatedAge:
    """An age in years that holds from a day."""

    since: date
    age: int


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules in force from `effective_from`. Money in pence, notice in days, ages in years.

    docs/rulesets.md says what each key of the stored form means. `closing` is no part of it: the codes of the
    constituencies which rules that were adopted for a later day drop (rule 1d), of the rules in force alone.
    """

    version: int
    effective_from: date
    shape: LegalShape
    articles_reference: str | None
    constituencies: Mapping[str, ConstituencyRule]
    constituencies_per_person: Plurality
    first_claim: tuple[str, ...]
    guarantee_pence: int
    share_pence: int
    guardian_consent_age: int
    digital_consent: tuple[DatedAge, ...]
    suspended_may_vote: bool
    removal_notice_days: int
    removal_appeal_days: int
    inspection_working_days: int
    retention_days: Mapping[RecordType, int]
    small_group: int
    small_roll: int
    resolution_notice_days: int
    majorities: Mapping[ResolutionKind, Majority]
    quorum: Quorum
    consultation_days: Mapping[str, int]
    closing: frozenset[str] = frozenset()

    def constituency(self, code: str, field: str = "constituency") -> ConstituencyRule:
        """Refusals: INPUT_INVALID of the field for a code the ruleset does not know."""
        try:
            return self.constituencies[code]
        except KeyError:
            raise Invalid(RefusalCode.INPUT_INVALID, "The trust has no such constituency.", field) from None

    def digital_consent_age_on(self, day: date) -> int:
        """From what age a child may consent to an online service on `day` (UK GDPR art. 8, by dated configuration)."""
        return max((each for each in self.digital_consent if each.since <= day), key=lambda each: each.since).age


def parse_ruleset(version: int, effective_from: date, stated: Mapping[str, Any]) -> Ruleset:
    """A ruleset from its stored JSON; keys that no rule knows are passed over, for once rules were adopted with some.

    Refusals: INPUT_INVALID of everything that is missing or misstated; those of check_ruleset.
    """
    findings = Findings()
    ruleset, rules = _read(version, effective_from, stated, findings)
    refuse_all(findings.misstated)
    check_ruleset(ruleset, rules)
    return ruleset


def new_ruleset(version: int, effective_from: date, stated: Mapping[str, Any]) -> Ruleset:
    """A ruleset that is not stored yet. Refusals: as parse_ruleset, and INPUT_INVALID of keys that no rule knows."""
    findings = Findings()
    ruleset, rules = _read(version, effective_from, stated, findings)
    refuse_all([*findings.misstated, *findings.unknown])
    check_ruleset(ruleset, rules)
    if set(ruleset.consultation_days) != set(ConsultationKind.values()):
        message = "The ruleset does not say how long each kind of consultation is open."
        raise Invalid(RefusalCode.RULES_CONTRADICT, message, "rules.consultationDays")
    return ruleset


def _read(
    version: int, effective_from: date, values: Mapping[str, Any], findings: Findings
) -> tuple[Ruleset, Sequence[ConstituencyRule]]:
    """The ruleset, and its constituencies as they are listed; of what is in the findings it says nothing."""
    if not isinstance(values, Mapping):
        findings.misstate("rules", "rules is to be an object.")
    stated = Stated(values if isinstance(values, Mapping) else None, "rules", findings)
    rules = [_constituency(each) for each in stated.each("constituencies")]
    retention, consulting = stated.inside("retentionDays"), stated.inside("consultationDays")
    ruleset = Ruleset(
        version=version,
        effective_from=effective_from,
        shape=stated.read("shape", one_of(LegalShape)),
        articles_reference=stated.read("articlesReference", text_or_null),
        constituencies={rule.code: rule for rule in rules},
        constituencies_per_person=stated.read("constituenciesPerPerson", one_of(Plurality)),
        first_claim=stated.read("firstClaim", several(text)),
        guarantee_pence=stated.read("guaranteePence", whole),
        share_pence=stated.read("sharePence", whole),
        guardian_consent_age=stated.read("guardianConsentAge", whole),
        digital_consent=tuple(map(_dated_age, stated.each("digitalConsent"))),
        suspended_may_vote=stated.read("suspendedMayVote", flag),
        removal_notice_days=stated.read("removalNoticeDays", whole),
        removal_appeal_days=stated.read("removalAppealDays", whole),
        inspection_working_days=stated.read("inspectionWorkingDays", whole),
        retention_days={kind: retention.read(kind.value, whole) for kind in retention.kinds(RecordType)},
        small_group=stated.read("smallGroup", whole),
        small_roll=stated.read("smallRoll", whole),
        resolution_notice_days=stated.read("resolutionNoticeDays", whole),
        majorities=read_majorities(stated.inside("resolutionMajorities")),
        quorum=read_quorum(stated.inside("resolutionQuorum")),
        consultation_days={
            kind.value: consulting.read(kind.value, whole) for kind in consulting.kinds(ConsultationKind)
        },
    )
    for each in (stated, retention, consulting):
        each.end()
    return ruleset, rules


def _constituency(stated: Stated) -> ConstituencyRule:
    rule = ConstituencyRule(
        code=stated.read("code", text),
        name=stated.read("name", text),
        qualifying_kinds=frozenset(stated.read("qualifyingKinds", several(one_of(RelationshipKind))) or ()),
        takes_organisations=stated.read("takesOrganisations", flag),
        is_company_member=stated.read("isCompanyMember", flag),
        approval=stated.read("approval", one_of(Approval)),
        join_age=stated.read("joinAge", whole),
        vote_age=stated.read("voteAge", whole),
        stand_age=stated.read("standAge", whole),
        office_age=stated.read("officeAge", whole),
        grace_days=stated.read("graceDays", whole),
        description=stated.read_if_there("description", description),
    )
    stated.end()
    return rule


def _dated_age(stated: Stated) -> DatedAge:
    dated = DatedAge(stated.read("since", day), stated.read("age", whole))
    stated.end()
    return dated


def check_ruleset(ruleset: Ruleset, rules: Sequence[ConstituencyRule]) -> None:
    """Refuses rules that contradict themselves. Refusals: RULES_CONTRADICT of each contradiction."""
    days = (
        ruleset.resolution_notice_days,
        ruleset.removal_notice_days,
        ruleset.removal_appeal_days,
        ruleset.inspection_working_days,
        *ruleset.retention_days.values(),
        *ruleset.consultation_days.values(),
        *(rule.grace_days for rule in rules),
    )
    ages = [age for rule in rules for age in (rule.join_age, rule.vote_age, rule.stand_age, rule.office_age)]
    about_resolutions = contradiction_of(ruleset.majorities, ruleset.quorum)
    contradictions = [
        (not rules, "has no constituency"),
        (len(ruleset.constituencies) != len(rules), "names a constituency twice"),
        (any(not 0 <= age <= 100 for age in (*ages, ruleset.guardian_consent_age)), "has an age outside 0 to 100"),
        (not set(ruleset.first_claim) <= set(ruleset.constituencies), "gives first claim to an unknown constituency"),
        (
            bool(ruleset.first_claim) and ruleset.constituencies_per_person is Plurality.SEVERAL,
            "gives first claim to a constituency though nobody has to choose",
        ),
        (
            ruleset.shape is LegalShape.FOUNDATION and ruleset.guarantee_pence == 0,
            "has company members without a guarantee",
        ),
        (
            (ruleset.shape is LegalShape.SHARE) != (ruleset.share_pence > 0),
            "has a share without the shape, or the reverse",
        ),
        (
            not any(each.since <= ruleset.effective_from for each in ruleset.digital_consent),
            "has no age of digital consent on its first day",
        ),
        (
            any(not 13 <= each.age <= 16 for each in ruleset.digital_consent),
            "has an age of digital consent outside 13 to 16",
        ),
        (set(ruleset.retention_days) != set(RecordType), "does not say how long each type of record is kept"),
        (ruleset.small_group < 2, "would publish figures about one person"),
        (min(*days, ruleset.guarantee_pence, ruleset.share_pence, ruleset.quorum.papers) < 0, "has a negative number"),
        (max(days) > 36_600, "has a number of days beyond a century"),
        (about_resolutions is not None, about_resolutions),
    ]
    of_constituencies = [
        Invalid(RefusalCode.RULES_CONTRADICT, f"{rule.code} {reason}.", field=f"rules.constituencies.{index}")
        for index, rule in enumerate(rules)
        for contradicted, reason in _contradictions_of(rule)
        if contradicted
    ]
    of_all = [
        Invalid(RefusalCode.RULES_CONTRADICT, f"The ruleset {reason}.", field="rules")
        for contradicted, reason in contradictions
        if contradicted
    ]
    refuse_all([*of_constituencies, *of_all])


def _contradictions_of(rule: ConstituencyRule) -> list[tuple[bool, str]]:
    return [
        (rule.vote_age < rule.join_age, "lets a member vote before they may join"),
        (rule.stand_age < rule.vote_age, "lets a member stand before they may vote"),
        (rule.office_age < rule.stand_age, "lets a member hold office before they may stand"),
        (not rule.qualifying_kinds and not rule.takes_organisations, "is a constituency nobody can qualify for"),
    ]


def check_adoption(ruleset: Ruleset, newest: Ruleset, constituencies_in_use: Collection[str], today: date) -> None:
    """Whether the next version may be stored, after the `newest` (rules 1b and 1d). From its day on it replaces all
    before it, those for later days included. Its numbers are asked here, and not of versions that are stored already.

    Refusals: DATES_CONTRADICT for rules that would reach into the past or begin beyond LONGEST_AHEAD; RULES_CONTRADICT
    for rules that drop a constituency with open memberships, and for numbers beyond MOST_PENCE or MOST_PEOPLE.
    """
    pence, people = (ruleset.guarantee_pence, ruleset.share_pence), (ruleset.small_group, ruleset.small_roll)
    if max(pence) > MOST_PENCE or max(*people, ruleset.quorum.papers) > MOST_PEOPLE or min(people) < 0:
        message = f"The ruleset has a number of pence beyond {MOST_PENCE} or of people outside 0 to {MOST_PEOPLE}."
        raise Invalid(RefusalCode.RULES_CONTRADICT, message, field="rules")
    if ruleset.effective_from < today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "Rules never hold backwards.", field="effective_from")
    if (ruleset.effective_from - today).days > LONGEST_AHEAD:
        message = f"Rules are adopted at most {LONGEST_AHEAD} days ahead."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, field="effective_from", days=LONGEST_AHEAD)
    dropped = sorted(set(constituencies_in_use) & set(newest.constituencies) - set(ruleset.constituencies))
    if dropped:
        message = f"The ruleset drops {', '.join(dropped)}, where there are open memberships."
        raise Conflict(RefusalCode.RULES_CONTRADICT, message, field="rules")
