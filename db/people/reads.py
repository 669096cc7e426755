"""SQL of the read declarations of people."""

from ..fragments.clock import TODAY

OWN_PERSON = "{row}.id = {viewer.person_id}"


OF_OWN_PERSON = "{row}.person_id = {viewer.person_id}"


IN_THE_OWN_CARE = (
    "select from guardianship g where g.trust_id = {trust} and g.guardian_id = {viewer.person_id}"
    f" and g.since <= {TODAY} and g.until > {TODAY} and g.child_id = "
)
REPRESENTED = (
    "select from authorisation a where a.trust_id = {trust} and a.person_id = {viewer.person_id}"
    f" and a.since <= {TODAY} and (a.until is null or a.until > {TODAY}) and a.organisation_id = "
)
OWN_OR_IN_CARE = f"{OWN_PERSON} or exists ({IN_THE_OWN_CARE}{{row}}.id)"


OF_OWN_OR_IN_CARE = f"{OF_OWN_PERSON} or exists ({IN_THE_OWN_CARE}{{row}}.person_id)"


REPRESENTED_ORGANISATION = f"exists ({REPRESENTED}{{row}}.id)"


AGE_BAND = (
    "case when {row}.date_of_birth is null then null else (select band from (values (18, 'ADULT'), (16, 'FROM_16_TO_17'),"
    " (13, 'FROM_13_TO_15'), (10, 'FROM_10_TO_12'), (6, 'FROM_6_TO_9'), (0, 'UNDER_6')) as bands(age, band)"
    f" where {{row}}.date_of_birth <= {TODAY} - make_interval(years => age) order by age desc limit 1) end"
)
