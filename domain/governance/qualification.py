"""What can make a person eligible for a constituency."""

from ..described import DescribedEnum


class RelationshipKind(DescribedEnum):
    """How a person stands to a school or to the trust."""

    LEARNER = "LEARNER", "A learner at a school."
    PARENT_CARER = "PARENT_CARER", "A parent or carer of a learner at a school."
    STAFF = "STAFF", "Works at a school or for the trust."
    EXTENDED_FAMILY = "EXTENDED_FAMILY", "Kin of a learner at a school."
    COMMUNITY = "COMMUNITY", "Lives or works in the area a school serves."
    ALUMNUS = "ALUMNUS", "A former learner."
    PARTNER_REPRESENTATIVE = "PARTNER_REPRESENTATIVE", "Speaks for a partner organisation."
