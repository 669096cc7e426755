"""SQL of the read declarations of polls. Nothing here reads what a paper says."""

# the clock alone opens and closes a poll: domain/polls/poll.py stage_at
STAGE = (
    "case when {row}.status <> 'ROLL_FROZEN' or app_now() < {row}.opens_at then {row}.status"
    " when app_now() < {row}.closes_at then 'OPEN' else 'CLOSED' end"
)
_OWN_ENTRY = "from roll_entry r where r.trust_id = {trust} and r.poll_id = {row}.id and r.voter_id = {viewer.person_id}"


VIEWER_MAY_VOTE = f"({STAGE}) = 'OPEN' and exists (select {_OWN_ENTRY} and r.voted_on is null)"


VIEWER_HAS_VOTED = f"exists (select {_OWN_ENTRY} and r.voted_on is not null)"


NOTICE_GIVEN = "{row}.status <> 'DRAFT'"


DECLARED = "{row}.status = 'DECLARED'"


OF_DECLARED = (
    "exists (select from poll b where b.trust_id = {trust} and b.id = {row}.poll_id and b.status = 'DECLARED')"
)
OF_DECLARED_AND_ON_ROLL = (
    OF_DECLARED + " and exists (select from roll_entry r where r.trust_id = {trust} and r.poll_id = {row}.poll_id"
    " and r.voter_id = {viewer.person_id})"
)
VOTER_NAME = (
    "select m.name from roll_entry r join membership m on m.trust_id = {trust} and m.id = r.membership_id"
    " where r.trust_id = {trust} and r.poll_id = {row}.poll_id and r.voter_id = {row}.voter_id"
)
