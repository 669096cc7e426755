"""SQL of the read declarations of members."""

from domain.members import membership

from ..columns import listed
from .register_tables import OPEN

TODAY = "(now() at time zone 'Europe/London')::date"  # a day of law begins at midnight in England
CURRENT = listed(membership.CURRENT)  # the statuses of members
RULES_TODAY = (
    "(select r.rules from ruleset r where r.trust_id = {trust} and r.effective_from <= "
    + TODAY
    + " order by r.version desc limit 1)"
)

# Children, and learners of whom no date of birth is known, are reached at their school: by letter, and on what is shown
# of the register. Over a person `p` and a membership `m`, with LEARNERS_SCHOOL joined to both.
LEARNERS_SCHOOL = (
    "left join lateral (select r.school_id from relationship r where r.trust_id = $1 and r.person_id = p.id"
    " and r.kind = 'LEARNER' and r.school_id is not null order by r.since desc limit 1) l on true"
)
AT_THE_SCHOOL = (
    f"(p.date_of_birth > {TODAY} - interval '18 years' or (p.date_of_birth is null and l.school_id is not null))"
)
SCHOOL_ADDRESS = "concat_ws(', ', s.name, s.street, s.locality, s.town, s.postcode)"  # of a school `s`

OWN_PERSON = "{row}.id = {viewer.person_id}"
OF_OWN_PERSON = "{row}.person_id = {viewer.person_id}"
REGISTERED_AS_AT = "{row}.registered_on <= {value} and ({row}.ceased_on is null or {row}.ceased_on > {value})"
OPEN_MEMBERSHIP = (
    "(select m.id from membership m where m.trust_id = {trust} and m.person_id = {row}.id"
    f" and m.status in ({OPEN}) order by m.id limit 1)"
)
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
OWN_MEMBERSHIP = f"{OF_OWN_OR_IN_CARE} or exists ({REPRESENTED}{{row}}.organisation_id)"
OF_OWN_MEMBERSHIP = (
    "exists (select from membership m where m.trust_id = {trust} and m.id = {row}.membership_id and ("
    + OWN_MEMBERSHIP.replace("{row}", "m")
    + "))"
)
REPRESENTED_ORGANISATION = f"exists ({REPRESENTED}{{row}}.id)"
LAST_LINE = (
    "not exists (select from register_entry later where later.trust_id = {trust}"
    " and later.membership_id = {row}.membership_id and later.line > {row}.line)"
)
LINE_AS_AT = (
    "{row}.entered_at <= {value} and not exists (select from register_entry later where later.trust_id = {trust}"
    " and later.membership_id = {row}.membership_id and later.line > {row}.line and later.entered_at <= {value})"
)
NAMED = "{row}.id in (select members_named({value}))"
AGE_BAND = (
    "case when {row}.date_of_birth is null then null else (select band from (values (18, 'ADULT'), (16, 'FROM_16_TO_17'),"
    " (13, 'FROM_13_TO_15'), (10, 'FROM_10_TO_12'), (6, 'FROM_6_TO_9'), (0, 'UNDER_6')) as bands(age, band)"
    f" where {{row}}.date_of_birth <= {TODAY} - make_interval(years => age) order by age desc limit 1) end"
)


def eligibility(people: str) -> str:
    """domain/members/eligibility.py for many people at a time; a test compares the two. `people` says which `p`."""
    return f"""(
select trust_id, person_id, constituency_id, constituency_id as id, position, code,
  case when claimed and not has_claim then obstacles || array['ANOTHER_HAS_FIRST_CLAIM'] else obstacles end as obstacles
from (select *, bool_or(has_claim and obstacles = '{{}}') over (partition by person_id) as claimed from (
  select p.trust_id, p.id as person_id, c.id as constituency_id, c.position, c.code,
    jsonb_exists(rules.rules->'firstClaim', c.code) as has_claim,
    array_remove(array[
      case when not exists (select from relationship r
        left join affiliation a on a.trust_id = {{trust}} and a.school_id = r.school_id
        where r.trust_id = {{trust}} and r.person_id = p.id and jsonb_exists(rule.stated->'qualifyingKinds', r.kind)
          and (r.school_id is null or a.id is not null) and greatest(r.since, a.since) <= {TODAY}
          and coalesce(least(r.until, a.until) > {TODAY}, true)) then 'NO_RELATIONSHIP' end,
      case when (rule.stated->>'joinAge')::int > 0 and p.date_of_birth is null then 'DATE_OF_BIRTH_NEEDED' end,
      case when p.date_of_birth > {TODAY} - make_interval(years => (rule.stated->>'joinAge')::int) then 'TOO_YOUNG' end,
      case when p.date_of_birth > {TODAY} - make_interval(years => (rules.rules->>'guardianConsentAge')::int)
        and not exists (select from guardian_consent g where g.trust_id = {{trust}} and g.child_id = p.id
          and g.since <= {TODAY} and g.until > {TODAY}) then 'GUARDIAN_CONSENT_NEEDED' end], null) as obstacles
  from person p cross join {RULES_TODAY} rules
  cross join lateral jsonb_array_elements(rules.rules->'constituencies') as rule(stated)
  join constituency c on c.trust_id = {{trust}} and c.code = rule.stated->>'code'
  where p.trust_id = {{trust}} and {people}) judged) claimed)"""


ELIGIBILITY_OF_VIEWER = eligibility("p.id = {viewer.person_id}")
ELIGIBILITY = eligibility("p.died_on is null")
REASONS = "case when {row}.obstacles = '{}' then array['QUALIFIES'] else {row}.obstacles end"
_OF_JOB = "from import_row i{more} where i.trust_id = {trust} and i.job_id = {row}.id"
OUTCOME_COUNTS = (
    "select coalesce(jsonb_object_agg(outcome, rows), '{}') from (select i.outcome, count(*) as rows "
    + _OF_JOB.replace("{more}", "")
    + " and i.outcome is not null group by 1) counted"
)
FINDING_COUNTS = (
    "select coalesce(jsonb_object_agg(finding, rows), '{}') from (select finding, count(*) as rows "
    + _OF_JOB.replace("{more}", " cross join unnest(i.findings) as finding")
    + " group by 1) counted"
)
