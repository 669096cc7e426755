"""SQL of the read declarations of members."""

TODAY = "(now() at time zone 'Europe/London')::date"  # a day of law begins at midnight in England
# The same rule as domain/privacy/small_groups.py, for figures that change every day; a test compares the two.
MEMBER_COUNTS = (
    """(
select trust_id, id, position, case when not hidden then members end as members from (
  select *, members > 0 and (members < smallest or (min(nullif(members, 0)) over () < smallest
    and (count(*) filter (where members > 0) over before < 2
      or coalesce(sum(members) filter (where members > 0) over before, 0) < smallest))) as hidden
  from (select c.trust_id, c.id, c.code, c.position,
          (select count(*) from membership m
           where m.trust_id = {trust} and m.constituency_id = c.id and m.status = 'ADMITTED') as members,
          (select (r.rules->>'smallGroup')::int from ruleset r where r.trust_id = {trust}
           and r.effective_from <= """
    + TODAY
    + """ order by r.version desc limit 1) as smallest
        from constituency c where c.trust_id = {trust}) counted
  window before as (order by members, code rows between unbounded preceding and 1 preceding)) judged)"""
)

OWN_PERSON = "{row}.id = {viewer.person_id}"
OF_OWN_PERSON = "{row}.person_id = {viewer.person_id}"
REGISTERED_AS_AT = "{row}.registered_on <= {value} and ({row}.ceased_on is null or {row}.ceased_on > {value})"
OPEN_MEMBERSHIP = (
    "(select m.id from membership m where m.trust_id = {trust} and m.person_id = {row}.id"
    " and m.status in ('SUBMITTED', 'ADMITTED'))"
)
