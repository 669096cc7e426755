"""What a statute or another rule sets, and no rules of a trust can go beyond.

Asked of rules that are new: those that hold were adopted as they are, and are read as they are (rule 1b).
"""

from ..ages import MAJORITY
from ..refusals import Invalid, RefusalCode, refuse_all
from .consultations import ConsultationKind
from .rulesets import RecordType, Ruleset

KEPT_AFTER_CEASING = 3_653  # days, ten years with three leap days: Companies Act 2006 s.121
WORKING_DAYS_TO_ANSWER = 5  # Companies Act 2006 s.117
# days for answers, by kind of consultation
LEAST_CONSULTATION_DAYS = {
    ConsultationKind.STATUTORY_PROPOSAL: 28,  # 4 weeks: regulations on prescribed alterations
    ConsultationKind.ADMISSIONS: 42,  # 6 weeks: School Admissions Code
}


def check_limits(ruleset: Ruleset) -> None:
    """Refusals: RULES_CONTRADICT of every number beyond its limit."""
    is_company = any(rule.is_company_member for rule in ruleset.constituencies.values())
    kept = ruleset.retention_days[RecordType.FORMER_MEMBER]
    broken = [
        # rule 5g
        (
            is_company and kept < KEPT_AFTER_CEASING,
            f"retentionDays.{RecordType.FORMER_MEMBER}",
            f"A company keeps the particulars of former members for {KEPT_AFTER_CEASING} days.",
        ),
        # rule 5f
        (
            is_company and ruleset.inspection_working_days > WORKING_DAYS_TO_ANSWER,
            "inspectionWorkingDays",
            f"A company answers a request to inspect its register within {WORKING_DAYS_TO_ANSWER} working days.",
        ),
        # rule 6d: nobody consents for somebody of age
        (
            ruleset.guardian_consent_age > MAJORITY,
            "guardianConsentAge",
            f"Whoever is {MAJORITY} answers for themself.",
        ),
        # rules 12i, 16b and 24b: the totals of a smaller roll would be figures about too few
        (
            ruleset.small_roll < ruleset.small_group,
            "smallRoll",
            "The totals of a vote of fewer than smallGroup would be published.",
        ),
        # rule 19c
        *(
            (
                ruleset.consultation_days.get(kind.value, 0) < least,
                f"consultationDays.{kind.value}",
                f"A consultation on it takes {least} days at least.",
            )
            for kind, least in LEAST_CONSULTATION_DAYS.items()
        ),
    ]
    refuse_all(
        [
            Invalid(RefusalCode.RULES_CONTRADICT, message, field=f"rules.{key}")
            for is_broken, key, message in broken
            if is_broken
        ]
    )
