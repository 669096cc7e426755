"""SQL of the read declarations of memberships."""

from domain.conditions import TODAY
from domain.membership.lifecycle import IS_REGISTERED
from domain.membership.removal import SEEN_LATER

from ..columns import listed
from ..fragments.conditions import columns, predicate
from ..fragments.eligibility import eligibility
from ..fragments.people import looks_the_same
from ..fragments.statuses import OPEN, REGISTERED
from ..people.reads import APPLIED_FOR, DECLARED_CHILD, OF_OWN_OR_IN_CARE, OF_OWN_OR_SAID_TO_BE_IN_CARE, REPRESENTED

REGISTERED_AS_AT = predicate(IS_REGISTERED, columns("{row}", "registered_on", "ceased_on") | {TODAY: "{value}"})
OPEN_MEMBERSHIP = (
    "(select m.id from membership m where m.trust_id = {trust} and m.person_id = {row}.id"
    f" and m.status in ({OPEN}) order by m.id limit 1)"
)
_REPRESENTED_OR_APPLIED_FOR = (
    f"exists ({REPRESENTED}{{row}}.organisation_id) or exists ({APPLIED_FOR}{{row}}.id)"
    f" or {{row}}.status not in ({REGISTERED}) and exists ({DECLARED_CHILD}{{row}}.person_id)"
)
OWN_MEMBERSHIP = f"{OF_OWN_OR_IN_CARE} or {_REPRESENTED_OR_APPLIED_FOR}"
# that there is a membership, without the address others may have given
KNOWN_MEMBERSHIP = f"{OF_OWN_OR_SAID_TO_BE_IN_CARE} or {_REPRESENTED_OR_APPLIED_FOR}"
# of the removals `other` those that whoever decides on the application `row` sees first: of the other memberships of its holder
SEEN_FIRST = (
    f"{{other}}.stage in ({listed(SEEN_LATER)})"
    " and {other}.membership_id in (select o.id from membership o where o.trust_id = {trust} and o.id <> {row}.id"
    " and (o.person_id = {row}.person_id or o.organisation_id = {row}.organisation_id))"
)
OF_OWN_MEMBERSHIP = (
    "exists (select from membership m where m.trust_id = {trust} and m.id = {row}.membership_id and ("
    + OWN_MEMBERSHIP.replace("{row}", "m")
    + "))"
)
NAMED = "{row}.id in (select members_named({value}))"
# of one row what `members_named` finds among all by the beginnings of words, whatever else there is
IS_NAMED = "({row}.search_name like all (name_patterns({value})))"
ELIGIBILITY_OF_VIEWER = eligibility("p.id = {viewer.person_id}")
ELIGIBILITY = eligibility()
REASONS = "case when {row}.obstacles = '{}' then array['QUALIFIES'] else {row}.obstacles end"
HOLDER_LOOKS_THE_SAME = (
    "exists (select from person p where p.trust_id = {trust} and p.id = {row}.person_id"
    f" and {looks_the_same('p', '{other}')})"
)
