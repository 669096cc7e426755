"""SQL of the read declarations of people."""

from domain.people.relationships import AGE_BANDS, IS_DECLARED

from ..fragments.conditions import columns, first_that_holds, predicate
from ..fragments.people import holds, is_authorised, is_guardian, is_said_to_be_guardian, looks_the_same

IS_CALLED = (
    "translate(' ' || {row}.given_key || ' ' || {row}.family_key, '-''’', '   ') like all (name_patterns({value}))"
)
HOLDS_ROLE = (
    "exists (select from role_grant g where g.trust_id = {trust} and g.person_id = {row}.id and g.role = {value}"
    " and g.ended_at is null)"
)
HAS_MAILBOX = "{row}.email = lower({value})"
OWN_PERSON = "{row}.id = {viewer.person_id}"
OF_OWN_PERSON = "{row}.person_id = {viewer.person_id}"
IN_THE_OWN_CARE = (
    "select from guardianship g where g.trust_id = {trust} and g.guardian_id = {viewer.person_id}"
    f" and {is_guardian('g')} and g.child_id = "
)
# who says that they answer for a child, and nobody else, sees what they said: the child they put on record, its declared
# relationships, and what became of the application
_SAID_TO_BE_IN_THE_OWN_CARE = (
    "select from guardianship g where g.trust_id = {trust} and g.guardian_id = {viewer.person_id}"
    f" and {is_said_to_be_guardian('g')} and g.child_id = "
)
DECLARED_CHILD = (
    "select from guardianship g where g.trust_id = {trust} and g.guardian_id = {viewer.person_id}"
    f" and {predicate(IS_DECLARED, columns('g', 'source'))} and g.child_id = "
)
REPRESENTED = (
    "select from authorisation a where a.trust_id = {trust} and a.person_id = {viewer.person_id}"
    f" and {is_authorised('a')} and a.organisation_id = "
)
# who applied for an organisation, and no more, sees what they said of it: its name, until that is decided, their own
# authorisation, and what became of the application
APPLIED_FOR = "select from authorisation a where a.trust_id = {trust} and a.person_id = {viewer.person_id} and a.application_id = "
OWN_ORGANISATION = (
    "exists (select from authorisation a where a.trust_id = {trust} and a.person_id = {viewer.person_id}"
    f" and {holds('a')} and a.organisation_id = {{row}}.id)"
)
OWN_OR_IN_CARE = f"{OWN_PERSON} or exists ({IN_THE_OWN_CARE}{{row}}.id)"
OWN_OR_SAID_TO_BE_IN_CARE = f"{OWN_PERSON} or exists ({_SAID_TO_BE_IN_THE_OWN_CARE}{{row}}.id)"
OF_OWN_OR_SAID_TO_BE_IN_CARE = f"{OF_OWN_PERSON} or exists ({_SAID_TO_BE_IN_THE_OWN_CARE}{{row}}.person_id)"
OF_OWN_OR_IN_CARE = f"{OF_OWN_PERSON} or exists ({IN_THE_OWN_CARE}{{row}}.person_id)"
OWN_AUTHORISATION = f"{OF_OWN_PERSON} or exists ({REPRESENTED}{{row}}.organisation_id)"
AGE_BAND = first_that_holds(AGE_BANDS, {"born": "{row}.date_of_birth"})
OWN_RELATIONSHIP = (
    f"{OF_OWN_OR_IN_CARE} or {predicate(IS_DECLARED, columns('{row}', 'source'))} and ({OF_OWN_OR_SAID_TO_BE_IN_CARE})"
)
LOOKS_THE_SAME = looks_the_same("{row}", "{other}")
OWN_RECORD = "{row}.merged_into_id is null"  # of whoever goes on under another there is one record more
