"""SQL of the read declarations of members."""

# The same rule as domain/privacy/small_groups.py, for figures that change every day: groups under the ruleset's size
# are hidden, and with a single hidden one the next smallest as well.
MEMBER_COUNTS = """(
select trust_id, id, position, case when not hidden then members end as members from (
  select *, (members between 1 and smallest - 1) or (count(*) filter (where members between 1 and smallest - 1) over () = 1
    and members >= smallest and row_number() over (partition by members >= smallest order by members, code) = 1) as hidden
  from (select c.trust_id, c.id, c.code, c.position,
          (select count(*) from membership m
           where m.trust_id = {trust} and m.constituency_id = c.id and m.status = 'ADMITTED') as members,
          (select (r.rules->>'smallGroup')::int from ruleset r where r.trust_id = {trust}
           and r.effective_from <= current_date order by r.version desc limit 1) as smallest
        from constituency c where c.trust_id = {trust}) counted) judged)"""

OWN_PERSON = "{row}.id = {viewer.person_id}"
OF_OWN_PERSON = "{row}.person_id = {viewer.person_id}"
REGISTERED_AS_AT = "{row}.registered_on <= {value} and ({row}.ceased_on is null or {row}.ceased_on > {value})"
OPEN_MEMBERSHIP = (
    "(select m.id from membership m where m.trust_id = {trust} and m.person_id = {row}.id"
    " and m.status in ('SUBMITTED', 'ADMITTED'))"
)
