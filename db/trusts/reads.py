"""SQL of the figures a trust publishes. Groups too small to publish are null, and never to be worked out from the others."""

from domain.trusts.figures import MemberChange

from ..columns import listed
from ..fragments.clock import TODAY
from ..fragments.rulesets import RULES_TODAY, ruleset_in_force
from ..fragments.statuses import CURRENT
from ..membership.reads import ELIGIBILITY

CURRENT_RULESET = f"({ruleset_in_force('r.id')})"
_SMALLEST = f"({RULES_TODAY}->>'smallGroup')::int"


def _suppressed(counted: str, keep: str, within: str = "") -> str:
    """`counted` has the columns of `keep`, `code` and `members`; one set of groups, or one for each value of `within`.

    The same rule as domain/privacy/small_groups.py, for figures that change every day; a test compares the two.
    """
    by = f"partition by {within} " if within else ""
    return f"""(
select {keep}, case when not hidden then members end as members from (
  select *, members > 0 and (members < smallest or (min(nullif(members, 0)) over ({by}) < smallest
    and coalesce(sum(members) filter (where members > 0) over before, 0) < smallest)) as hidden
  from (select counted.*, {_SMALLEST} as smallest from ({counted} offset 0) counted) with_smallest  -- counted once, whatever uses it
  window before as ({by}order by members, code rows between unbounded preceding and 1 preceding)) judged)"""


def _members_by(column: str) -> str:
    """Members today by a column of their membership: counted once, and not once for each group and use."""
    return (
        f"(select {column} as group_id, count(*) as members from membership where trust_id = {{trust}}"
        f" and status in ({CURRENT}) group by 1) n"
    )


MEMBER_COUNTS = _suppressed(
    "select c.trust_id, c.id, c.code, c.position, coalesce(n.members, 0) as members from constituency c"
    f" left join {_members_by('constituency_id')} on n.group_id = c.id where c.trust_id = {{trust}}",
    "trust_id, id, position",
)
SCHOOL_COUNTS = _suppressed(
    "select s.trust_id, s.id, s.name, s.name as code, coalesce(n.members, 0) as members from school s"
    f" left join {_members_by('school_id')} on n.group_id = s.id where s.trust_id = {{trust}}",
    "trust_id, id, name",
)
_FIRST_MONTH = f"(date_trunc('month', {TODAY}::timestamp) - interval '23 months')::date"


def _by_month(kind: MemberChange, day: str) -> str:
    return (
        f"select constituency_id, date_trunc('month', {day}::timestamp)::date as month, '{kind}' as kind, count(*) as members"
        f" from membership where trust_id = {{trust}} and {day} >= {_FIRST_MONTH} group by 1, 2"
    )


# who joined and who left, by month and constituency, in the last two years
MONTHLY_COUNTS = _suppressed(
    "select c.trust_id, md5(c.id::text || months.month || kinds.kind)::uuid as id, c.id as constituency_id, months.month,"
    " c.position, kinds.kind, c.code, kinds.kind || months.month as one_set, coalesce(n.members, 0) as members"
    f" from constituency c cross join (select generate_series({_FIRST_MONTH}::timestamp, {TODAY}::timestamp, '1 month')::date"
    f" as month) months cross join (select unnest(array[{listed(MemberChange)}]) as kind) kinds left join"
    f" ({_by_month(MemberChange.JOINED, 'registered_on')} union all {_by_month(MemberChange.LEFT, 'ceased_on')}) n"
    " on n.constituency_id = c.id and n.month = months.month and n.kind = kinds.kind where c.trust_id = {trust}",
    "trust_id, id, constituency_id, month, position, kind",
    within="one_set",
)
# of the people on record who are eligible, how many are members
ELIGIBLE_COUNTS = _suppressed(
    "select c.trust_id, c.id, c.code, c.position, sets.kind, sets.members from constituency c join (select e.constituency_id,"
    " kinds.kind, count(*) filter (where kinds.kind = 'ELIGIBLE' or exists (select from membership m"
    f" where m.trust_id = {{trust}} and m.person_id = e.person_id and m.status in ({CURRENT}))) as members"
    f" from {ELIGIBILITY} e cross join (values ('ELIGIBLE'), ('MEMBER')) as kinds(kind) where e.obstacles = '{{}}'"
    " group by 1, 2) sets on sets.constituency_id = c.id where c.trust_id = {trust}",
    "trust_id, id, position, kind",
    within="kind",
)
ELIGIBLE_SHARES = (
    "(select c.trust_id, c.id, c.position, max(n.members) filter (where n.kind = 'ELIGIBLE') as eligible,"
    " max(n.members) filter (where n.kind = 'MEMBER') as members from constituency c left join "
    + ELIGIBLE_COUNTS
    + " n on n.id = c.id where c.trust_id = {trust} group by 1, 2, 3)"
)
