"""What people may ask about their own data (UK GDPR arts 12, 15 to 18 and 21; domain rule 26)."""

from ..described import DescribedEnum


class DataRequestKind(DescribedEnum):
    """What is asked for."""

    EXPORT = "EXPORT", "A copy of everything about the person (art. 15)."
    RECTIFICATION = "RECTIFICATION", "Something wrong is to be put right (art. 16)."
    ERASURE = "ERASURE", "Everything is to go that the law does not require to be kept (art. 17)."
    OBJECTION = "OBJECTION", "Some use of the data is to stop (art. 21)."


class DataRequestStatus(DescribedEnum):
    """Where a request stands."""

    OPEN = "OPEN", "To be answered."
    GRANTED = "GRANTED", "Done."
    DECLINED = "DECLINED", "Not done; the answer says why."
