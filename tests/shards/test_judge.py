"""Each rule with a statement that breaks it and its near-miss that doesn't, on tables made up for this."""

import pytest

from tests.shards.catalogue import Catalogue, Time, catalogue_of
from tests.shards.findings import Rule
from tests.shards.judge import judge

TOY = Catalogue(
    frozenset({"person", "visit", "letter"}),
    {"letter": frozenset({"id"}), "person": frozenset({"id"}), "visit": frozenset()},
    {"came_at": Time.MOMENT, "born_on": Time.DAY},
)

BREAKS = [
    # every table says the trust where it is named
    (Rule.UNCONSTRAINED, "select id from person"),
    (Rule.UNCONSTRAINED, "select id from person where trust_id = $1 or id = $2"),
    (Rule.UNCONSTRAINED, "select 1 from person p join visit v on v.trust_id = p.trust_id where p.trust_id = $1"),
    (Rule.UNCONSTRAINED, "select 1 from person p left join visit v on p.trust_id = $1 and v.trust_id = $1"),
    (Rule.UNCONSTRAINED, "select 1 from person p full join visit v on p.trust_id = $1 and v.trust_id = $1"),
    (
        Rule.UNCONSTRAINED,
        "select 1 from person p where p.trust_id = $1 and exists (select from visit v where v.id = p.id)",
    ),
    (Rule.UNCONSTRAINED, "with v as (select id from visit) select 1 from v join person p on p.trust_id = $1"),
    (Rule.UNCONSTRAINED, "select 1 from (select trust_id from person) p where p.trust_id = $1"),
    (
        Rule.UNCONSTRAINED,
        "select 1 from person p left join lateral (select from visit v where v.trust_id = p.trust_id) l on true where p.trust_id = $1",
    ),
    (Rule.UNCONSTRAINED, "select id from person where trust_id = $1 union select id from visit"),
    (Rule.UNCONSTRAINED, "with person as (select 1) select 1 from public.person"),
    (Rule.UNCONSTRAINED, "update person set name = $2 where id = $1"),
    (Rule.UNCONSTRAINED, "update person p set name = v.name from visit v where p.trust_id = $1 and v.id = p.id"),
    (Rule.UNCONSTRAINED, "delete from person where id = $1"),
    (Rule.UNCONSTRAINED, "delete from person p using visit v where p.trust_id = $1 and v.id = p.id"),
    (Rule.TWO_TRUSTS, "select 1 from person p join visit v on v.trust_id = $2 where p.trust_id = $1"),
    (
        Rule.TWO_TRUSTS,
        "with a as (delete from visit where trust_id = $1) insert into visit (trust_id, name) values ($2, $3)",
    ),
    (Rule.LOCKED_ACROSS_TRUSTS, "select id from letter order by id limit 1 for update skip locked"),
    (Rule.WHOLE_TABLE, "lock table letter in access exclusive mode"),
    (Rule.WHOLE_TABLE, "truncate letter"),
    (Rule.WHOLE_TABLE, "copy letter (id) from stdin"),
    (Rule.TEMPORARY_COPY, "create temporary table chosen as select id from letter where trust_id = $1"),
    # what is inserted
    (Rule.INSERT_WITHOUT_TRUST, "insert into letter (id) values ($1)"),
    (Rule.INSERT_WITHOUT_TRUST, "insert into letter values ($1, $2)"),
    (Rule.INSERT_WITHOUT_TRUST, "insert into letter (trust_id, id) values (default, $1)"),
    (Rule.INSERT_WITHOUT_TRUST, "insert into letter default values"),
    (
        Rule.INSERT_FROM_ELSEWHERE,
        "insert into visit (trust_id, id) select l.trust_id, l.id from letter l, unnest($2::int[]) where l.trust_id = $1",
    ),
    (Rule.INSERT_FROM_ELSEWHERE, "with a as (select 1) insert into visit (trust_id, id) select trust_id, id from a"),
    (Rule.INSERT_FROM_ELSEWHERE, "insert into visit (trust_id, id) select trust_id, id from chosen"),
    (
        Rule.INSERT_FROM_ELSEWHERE,
        "insert into visit (trust_id, id) select $1, $2 where not exists (select from chosen)",
    ),
    (Rule.INSERT_CONSTANT_TRUST, "insert into visit (trust_id, id) select $1, id from letter where trust_id = $1"),
    (
        Rule.INSERT_UNNAMED_DEFAULT,
        "insert into letter (trust_id, name) select trust_id, name from person where trust_id = $1",
    ),
    (
        Rule.INSERT_UNSTABLE_SELECT,
        "insert into letter (trust_id, id) select trust_id, uuidv7() from person where trust_id = $1",
    ),
    (
        Rule.INSERT_UNSTABLE_SELECT,
        "insert into letter (trust_id, id) select trust_id, id from person where trust_id = $1 limit 5",
    ),
    (
        Rule.CONFLICT_NOT_IMMUTABLE,
        "insert into visit (trust_id, id) values ($1, $2) on conflict (trust_id, id) do update set came_at = now()",
    ),
    (
        Rule.CONFLICT_NOT_IMMUTABLE,
        "insert into visit (trust_id, id) values ($1, $2) on conflict (trust_id, id) do update set born_on = current_date",
    ),
    # what is changed
    (Rule.CONDITIONAL_NOT_IMMUTABLE, "update visit set came_at = coalesce(came_at, now()) where trust_id = $1"),
    (Rule.CONDITIONAL_NOT_IMMUTABLE, "update visit set came_at = greatest(came_at, app_now()) where trust_id = $1"),
    (Rule.CONDITIONAL_NOT_IMMUTABLE, "update visit set name = case when now() > $2 then 'a' end where trust_id = $1"),
    (Rule.CONDITIONAL_NOT_IMMUTABLE, "delete from visit where trust_id = $1 and coalesce(came_at, now()) < $2"),
    (Rule.STABLE_OF_COLUMN, "update visit v set born_on = v.facts::date where v.trust_id = $1"),
    (Rule.STABLE_OF_COLUMN, "update visit set name = born_on::text where trust_id = $1"),
    (Rule.STABLE_OF_COLUMN, "update visit set name = to_char(came_at, 'YYYY') where trust_id = $1"),
    (Rule.STABLE_OF_COLUMN, "update visit set came_at = now() + interval '1 day' * tries where trust_id = $1"),
    (Rule.STABLE_OF_COLUMN, "delete from visit where trust_id = $1 and came_at < current_date - 30"),
    (Rule.STABLE_OF_COLUMN, "delete from visit where trust_id = $1 and came_at + interval '1 day' < $2"),
    (Rule.VOLATILE_CHANGE, "update visit set id = uuidv7() where trust_id = $1"),
    # what is joined and called
    (Rule.READS_TABLES, "select id from person where trust_id = $1 and id in (select members_named($2))"),
    (Rule.FALSE_JOIN, "select 1 from person p left join visit v on v.trust_id = $1 and (false) where p.trust_id = $1"),
    (
        Rule.CORRELATED_WITH_CTE,
        "with a as (select $2::int as id) select (select count(*) from visit v where v.trust_id = $1 and v.id = a.id) from a",
    ),
    (Rule.NOT_UNDERSTOOD, "merge into person p using (values (1)) v(id) on p.id = v.id when matched then delete"),
    (Rule.NOT_UNDERSTOOD, "alter table person add column nickname text"),
]

PASSES = [
    "select id from person where trust_id = $1",
    "select id from person where $1::uuid = trust_id and (name = $2 or id = $3)",
    'select id from "person" p where p."trust_id" = $1::uuid and not p.hidden',
    "select 1 from person p join visit v on v.trust_id = $1 and v.id = p.id where p.trust_id = $1",
    "select 1 from person p, visit v where p.trust_id = $1 and v.trust_id = $1",
    "select 1 from person p left join visit v on v.trust_id = $1 where p.trust_id = $1",
    "select 1 from visit v right join person p on v.trust_id = $1 where p.trust_id = $1",
    "select 1 from person p where p.trust_id = $1 and exists (select from visit v where v.trust_id = $1 and v.id = p.id)",
    "with v as (select id from visit where trust_id = $1) select 1 from v join person p on p.trust_id = $1",
    "select 1 from (select trust_id from person where trust_id = $1) p",
    "select id from person where trust_id = $1 union select id from visit where trust_id = $1",
    "with person as (select 1 as id) select id from person",
    "update person set name = $3 where trust_id = $1 and id = $2",
    "update person p set name = v.name from visit v where p.trust_id = $1 and v.trust_id = $1 and v.id = p.id",
    "update person p set name = f.name from unnest($2::int[], $3::text[]) f(id, name) where p.trust_id = $1 and p.id = f.id",
    "delete from person p using visit v where p.trust_id = $1 and v.trust_id = $1 and v.id = p.id",
    "select id from letter where trust_id = $1 order by id limit 1 for update skip locked",
    "lock table trust in share mode",
    "create temporary table chosen as select id from trust",
    "insert into letter (trust_id, id) values ($1, coalesce($2, uuidv7()))",
    "insert into letter (trust_id, name) values ($1, $2), ($1, $3)",
    "insert into visit (trust_id, id) select trust_id, id from letter where trust_id = $1",
    "insert into letter (id, trust_id) select p.visitor_id, p.trust_id from person p where p.trust_id = $1",
    "insert into visit (trust_id, id, came_at) values ($1, $2, now()) on conflict (trust_id, id)"
    " do update set came_at = excluded.came_at",
    "update visit set came_at = now() where trust_id = $1",
    "update visit set came_at = greatest(came_at, $2) where trust_id = $1",
    "update visit set until = least(until, current_date) where trust_id = $1",
    "update visit set came_at = now() + interval '2 minutes' where trust_id = $1",
    "update visit set year = (facts->>'year')::int, born_on = $2::date where trust_id = $1",
    "update visit v set born_on = f.day from (select facts::date as day from letter where trust_id = $1) f where v.trust_id = $1",
    "update visit set born_on = (came_at at time zone 'Europe/London')::date where trust_id = $1",
    "delete from visit where trust_id = $1 and came_at < now() - interval '1 hour'",
    "delete from visit where trust_id = $1 and born_on < current_date - 30",
    "select coalesce(came_at, now()) from visit where trust_id = $1",
    "select count(*) from visit where trust_id = $1 and (false)",
    "select 1 from person p left join visit v on v.trust_id = $1 and v.id = $2 where p.trust_id = $1",
    "with a as (select $2::int as id) select v.id from a join visit v on v.trust_id = $1 and v.id = a.id",
    # what touches no tenant table
    "begin; select set_config('app.trust', 'b3c1', true)",
    "select pg_advisory_xact_lock(hashtextextended($1, 0))",
    "select slug, id from trust",
    "select 1",
    "select now()",
    "commit",
    "analyze letter",
]


@pytest.mark.parametrize(("rule", "sql"), BREAKS, ids=[f"{rule.name}-{sql}" for rule, sql in BREAKS])
def test_a_statement_that_breaks_the_rule_is_found(rule: Rule, sql: str) -> None:
    assert rule in {finding.rule for finding in judge(sql, TOY)}


@pytest.mark.parametrize("sql", PASSES)
def test_its_near_miss_is_let_pass(sql: str) -> None:
    assert judge(sql, TOY) == []


def test_every_rule_has_a_statement_that_breaks_it() -> None:
    assert {rule for rule, _ in BREAKS} == set(Rule)


def test_the_catalogue_is_read_from_the_models() -> None:
    from db.tables import METADATA

    catalogue = catalogue_of(METADATA)

    assert "trust" not in catalogue.tenants
    assert catalogue.volatile["person"] == {"id"}
    assert catalogue.times["created_at"] is Time.MOMENT
    assert catalogue.times["date_of_birth"] is Time.DAY


def test_a_long_concatenation_does_not_exhaust_the_stack() -> None:
    assert judge("select " + "||".join(["'x'"] * 800), TOY) == []
