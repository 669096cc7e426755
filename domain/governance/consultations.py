"""On what is consulted, for each of which the rules ask a least number of days."""

from ..described import DescribedEnum


class ConsultationKind(DescribedEnum):
    """What is consulted on; the ruleset may ask a least number of days for each."""

    STATUTORY_PROPOSAL = "STATUTORY_PROPOSAL", "A change the law prescribes, such as acquiring a trust."
    ADMISSIONS = "ADMISSIONS", "Admission arrangements."
    CONVERSION = "CONVERSION", "A school becoming an academy."
    ENGAGEMENT = "ENGAGEMENT", "A question the trust asks of its own accord."
