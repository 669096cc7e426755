"""What a trust's published figures are of."""

from ..described import DescribedEnum


class MemberChange(DescribedEnum):
    """What the members of a monthly figure did."""

    JOINED = "JOINED", "They came on the register."
    LEFT = "LEFT", "They ceased to be members."
