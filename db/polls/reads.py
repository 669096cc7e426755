"""SQL of the read declarations of polls. Nothing here reads what a paper says."""

from domain.polls import poll
from domain.polls.casting import HAS_VOTED, MAY_SEE_VOTES, MAY_VOTE_NOW

from ..fragments.conditions import Places, Records, columns, first_that_holds, predicate, value
from ..fragments.people import authorisations

# of a poll, its roll and what authorises the viewer to use the entry `r`
PLACES: Places = {
    **columns("{row}", "status", "opens_at", "closes_at"),
    "entries": Records(
        "roll_entry r where r.trust_id = {trust} and r.poll_id = {row}.id", columns("r", "voter_id", "voted_on")
    ),
    "person_id": "{viewer.person_id}",
    "authorisations": authorisations("r.voter_id", "{viewer.person_id}"),
}
STAGE = first_that_holds(poll.STAGES, PLACES)  # the clock alone opens and closes a poll
VIEWER_MAY_VOTE = value(MAY_VOTE_NOW, PLACES)
VIEWER_HAS_VOTED = value(HAS_VOTED, PLACES)
IS_PUBLIC = predicate(poll.IS_PUBLIC, PLACES)
IS_DECLARED = predicate(poll.IS_DECLARED, PLACES)
OF_DECLARED = (
    "exists (select from poll b where b.trust_id = {trust} and b.id = {row}.poll_id"
    f" and {predicate(poll.IS_DECLARED, columns('b', 'status'))})"
)
VIEWER_MAY_SEE_VOTES = (
    "exists (select from poll b where b.trust_id = {trust} and b.id = {row}.poll_id"
    f" and {predicate(MAY_SEE_VOTES, PLACES).replace('{row}', 'b')})"
)
VOTER_NAME = (
    "select m.name from roll_entry r join membership m on m.trust_id = {trust} and m.id = r.membership_id"
    " where r.trust_id = {trust} and r.poll_id = {row}.poll_id and r.voter_id = {row}.voter_id"
)
