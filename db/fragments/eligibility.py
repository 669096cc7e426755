"""Eligibility for constituencies, in SQL."""

from .clock import TODAY
from .rulesets import RULES_TODAY


def eligibility(people: str) -> str:
    """domain/membership/eligibility.py for many people at a time; a test compares the two. `people` says which `p`."""
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
