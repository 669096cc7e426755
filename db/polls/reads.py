"""SQL of the read declarations of polls and their contests. Nothing here reads what a paper says."""

from domain.conditions import Condition
from domain.polls import poll
from domain.polls.casting import HAS_VOTED, MAY_SEE_VOTES, MAY_VOTE_NOW

from ..fragments.conditions import Places, Records, columns, first_that_holds, predicate, value
from ..fragments.people import authorisations

_STAGES = ("status", "opens_at", "closes_at")
# the viewer, and what authorises them to act for the voter `v` of a roll or a credential
_VIEWER: Places = {
    "person_id": "{viewer.person_id}",
    "authorisations": authorisations("v.voter_id", "{viewer.person_id}"),
}
# of a poll, and the credentials of all its contests
PLACES: Places = {
    **_VIEWER,
    **columns("{row}", *_STAGES),
    "credentials": Records(
        "contest k join credential v on v.trust_id = {trust} and v.contest_id = k.id"
        " where k.trust_id = {trust} and k.poll_id = {row}.id",
        columns("v", "voter_id", "spent_on"),
    ),
}
# of a contest, its poll `b`, its credentials and its roll
CONTEST_PLACES: Places = {
    **_VIEWER,
    **columns("b", *_STAGES),
    "credentials": Records(
        "credential v where v.trust_id = {trust} and v.contest_id = {row}.id", columns("v", "voter_id", "spent_on")
    ),
    "roll": Records("roll_entry v where v.trust_id = {trust} and v.contest_id = {row}.id", columns("v", "voter_id")),
}


def of_contest(condition: Condition) -> str:
    """Whether the condition holds of a contest and its poll; true or false."""
    return (
        "exists (select from poll b where b.trust_id = {trust} and b.id = {row}.poll_id"
        f" and {predicate(condition, CONTEST_PLACES)})"
    )


def in_contest(condition: Condition) -> str:
    """The same of the contest that {row} names."""
    found = of_contest(condition).replace("{row}", "k")
    return f"exists (select from contest k where k.trust_id = {{trust}} and k.id = {{row}}.contest_id and {found})"


STAGE = first_that_holds(poll.STAGES, PLACES)  # the clock alone opens and closes a poll
VIEWER_MAY_VOTE = value(MAY_VOTE_NOW, PLACES)
VIEWER_HAS_VOTED = value(HAS_VOTED, PLACES)
IS_PUBLIC = predicate(poll.IS_PUBLIC, PLACES)
IS_DECLARED = predicate(poll.IS_DECLARED, PLACES)
CONTEST_IS_PUBLIC = of_contest(poll.IS_PUBLIC)
CONTEST_IS_DECLARED = of_contest(poll.IS_DECLARED)
VIEWER_MAY_VOTE_IN_CONTEST = of_contest(MAY_VOTE_NOW)
VIEWER_HAS_VOTED_IN_CONTEST = value(HAS_VOTED, CONTEST_PLACES)
VOTE_IS_DECLARED = in_contest(poll.IS_DECLARED)
VIEWER_MAY_SEE_VOTE = in_contest(MAY_SEE_VOTES)
