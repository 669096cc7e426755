"""What a resolution needs to pass: majorities and a quorum, as a trust's rules state them."""

from collections.abc import Mapping
from fractions import Fraction

from counting import Majority, Quorum

from ..described import DescribedEnum
from .stated import Stated, flag, fraction, whole


class ResolutionKind(DescribedEnum):
    """What kind of resolution is proposed; it has to be said in the notice (Companies Act 2006 s.283(6))."""

    ORDINARY = "ORDINARY", "An ordinary resolution (s.282)."
    SPECIAL = "SPECIAL", "A special resolution (s.283)."
    WRITTEN = "WRITTEN", "An ordinary resolution in writing: counted against all who are entitled (s.282(2))."
    WRITTEN_SPECIAL = (
        "WRITTEN_SPECIAL",
        "A special resolution in writing: counted against all who are entitled (s.283(2)).",
    )


def read_majorities(rules: Stated) -> dict[ResolutionKind, Majority]:
    """From the stored JSON."""
    majorities = {}
    for kind in rules.kinds(ResolutionKind):
        stated = rules.inside(kind.value)
        majorities[kind] = Majority(
            stated.read("share", fraction), stated.read("atLeast", flag), stated.read("ofAllEntitled", flag)
        )
        stated.end()
    rules.end()
    return majorities


def read_quorum(stated: Stated) -> Quorum:
    """From the stored JSON."""
    quorum = Quorum(stated.read("papers", whole), stated.read("share", fraction))
    stated.end()
    return quorum


def contradiction_of(majorities: Mapping[ResolutionKind, Majority], quorum: Quorum) -> str | None:
    """What is wrong with them, to follow "The ruleset"; None if nothing is."""
    shares = [each.share for each in majorities.values()]
    if set(majorities) != set(ResolutionKind):
        return "does not say what majority each kind of resolution needs"
    if not all(Fraction(1, 2) <= share <= 1 for share in shares):
        return "has a majority outside 1/2 to 1"
    if any(each.share == 1 and not each.at_least for each in majorities.values()):
        return "asks for more than all votes"
    if any(each.share == Fraction(1, 2) and each.at_least for each in majorities.values()):
        return "lets a resolution pass with as many against it as for it"
    special = [majorities[kind].share for kind in (ResolutionKind.SPECIAL, ResolutionKind.WRITTEN_SPECIAL)]
    if min(special) < Fraction(3, 4):
        return "lets a special resolution pass with less than 3/4 (Companies Act 2006 s.283)"
    if not all(majorities[kind].of_all_entitled for kind in (ResolutionKind.WRITTEN, ResolutionKind.WRITTEN_SPECIAL)):
        return "does not count written resolutions against all who are entitled (ss.282(2) and 283(2))"
    if not 0 <= quorum.share <= 1:
        return "has a quorum outside 0 to 1"
    return None
