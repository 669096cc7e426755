"""Seeds the bench database: 200,000 people, 250,000 memberships, 200 consultations, 50 votes and more to cast.

Written as the owner, past row-level security, in set-wise SQL.
"""

from collections.abc import Callable

from db.connection import Connection

TRUST = "wessex-learning-trust"
OFFICER_TOKEN = "fms_bench-officer-0123456789abcdef0123456789abcdef"
OPEN_POLLS = 5  # of one contest each; one per contender, so that nobody's votes are another's double votes
VOTERS = 40_000  # per open contest


def voter_token(number: int) -> str:
    return f"fms_bench-voter-{number:026d}"


_PEOPLE = """
insert into person (trust_id, given_name, family_name, email, date_of_birth)
select t.id, (array['Amina','Bryn','Chidi','Dilys','Edith','Farid','Gwen','Hamza','Isla','Jakub'])[1 + n % 10],
  (array['Ashdown','Bello','Carrow','Dunn','Evans','Fell','Gough','Hussain','Ivory','Joyce','Kaur'])[1 + n % 11] || n % 97,
  'person' || n || '@example.org', date '1950-01-01' + (n * 7919) % 20000
from trust t, generate_series(1, 40000) n
"""
# every person has one open membership; one in four has a former one as well
_MEMBERSHIPS = """
with numbered as (
  select p.trust_id, p.id as person_id, p.given_name || ' ' || p.family_name as name, row_number() over (partition by p.trust_id order by p.id) as n
  from person p where p.email like 'person%'
), schools as (select trust_id, array_agg(id order by id) as ids from school group by 1),
constituencies as (select trust_id, array_agg(id order by id) as ids from constituency group by 1)
insert into membership (trust_id, person_id, constituency_id, school_id, status, name, service_address, ruleset_version,
  number, registered_on, ceased_on)
select n.trust_id, n.person_id, c.ids[1 + n.n % cardinality(c.ids)], s.ids[1 + n.n % cardinality(s.ids)],
  case when former then 'RESIGNED' else 'ADMITTED' end, n.name, n.n || ' High Street', 1,
  n.n + case when former then 0 else 50000 end, date '2018-01-01' + (n.n % 2000)::int,
  case when former then date '2024-01-01' end
from numbered n join schools s using (trust_id) join constituencies c using (trust_id)
cross join (values (true), (false)) as kind(former) where not former or n.n % 4 = 0
"""
# what each member's membership rests on, so that nobody lapses overnight; and their lines on the register
_RELATIONSHIPS = """
insert into relationship (trust_id, person_id, school_id, kind, since, source)
select m.trust_id, m.person_id, m.school_id, case c.code when 'PARTNER' then 'PARTNER_REPRESENTATIVE'
  when 'SUPPORTER' then 'PARTNER_REPRESENTATIVE' else c.code end, m.registered_on, 'DECLARED'
from membership m join constituency c on c.trust_id = m.trust_id and c.id = m.constituency_id where m.status = 'ADMITTED'
"""
_LINES = """
insert into register_line (trust_id, membership_id, line, change, number, name, service_address, constituency_id,
  is_company_member, guarantee_pence, share_pence, registered_on, changed_on)
select trust_id, id, 1, 'ENTERED', number, name, service_address, constituency_id, false, 0, 0, registered_on, registered_on
from membership
"""
_CONSULTATIONS = """
with added as (
  insert into consultation (trust_id, title, purpose, kind, proposer, decision_maker, audience, status, opens_at, closes_at)
  select t.id, 'Consultation ' || n, 'To hear what people think.', 'ENGAGEMENT', 'The board', 'The board', '{}',
    'PUBLISHED', now() - interval '1 day', now() + interval '30 days' from trust t, generate_series(1, 40) n
  returning trust_id, id)
insert into consultation_question (trust_id, consultation_id, position, prompt, kind, required, options, guidance)
select trust_id, id, n, 'What do you think of proposal ' || n || '?', 'OPINION', false, '{}', '{}'
from added, generate_series(1, 5) n
"""
# 200,000 responses, each to one of the 1,000 questions
_RESPONSES = """
with consultations as (
  select trust_id, id, row_number() over (partition by trust_id order by id) - 1 as n from consultation where status = 'PUBLISHED'
), people as (
  select trust_id, id, row_number() over (partition by trust_id order by id) - 1 as n from person where email like 'person%'
), added as (
  insert into consultation_response (trust_id, consultation_id, person_id)
  select c.trust_id, c.id, p.id from consultations c join people p on p.trust_id = c.trust_id and p.n / 1000 = c.n
  returning trust_id, id, consultation_id
)
insert into consultation_answer (trust_id, question_id, response_id, choice)
select a.trust_id, q.id, a.id, 'FOR' from (select *, row_number() over (partition by consultation_id) as n from added) a
join consultation_question q on q.trust_id = a.trust_id and q.consultation_id = a.consultation_id and q.position = 1 + a.n % 5
"""
_COUNTS = """
update consultation_question q set response_count = (select count(*) from consultation_answer a
  where a.trust_id = q.trust_id and a.question_id = q.id)
"""
_PAST_POLLS = """
insert into poll (trust_id, title, secrecy, status, opens_at, closes_at, ruleset_version)
select t.id, 'Resolution ' || n, 'CONFIDENTIAL', 'COUNTED', now() - interval '9 days',
  now() - interval '2 days', 1 from trust t, generate_series(1, 10) n
"""
_CONTESTS = """
insert into contest (trust_id, poll_id, place, title, kind, method, resolution, resolution_kind)
select trust_id, id, 1, title, 'RESOLUTION', 'RESOLUTION', 'That it be so.', 'ORDINARY' from poll
where status = '{status}'
"""
_PAST_ROLLS = """
insert into roll_entry (trust_id, contest_id, voter_id, membership_id, constituency_id, member_number)
select k.trust_id, k.id, m.person_id, m.id, m.constituency_id, m.number from contest k
join membership m on m.trust_id = k.trust_id and m.status = 'ADMITTED' and m.number between 50001 and 60000
"""
_PAST_CREDENTIALS = """
insert into credential (trust_id, contest_id, voter_id, spent_on)
select trust_id, contest_id, voter_id, current_date - 3 from roll_entry
"""
_PAST_PAPERS = """
insert into ballot_paper (trust_id, contest_id, content)
select trust_id, contest_id, '1 ' || (array['FOR','AGAINST','ABSTAIN'])[1 + (random() * 2)::int] from roll_entry
"""
_OPEN_POLLS = f"""
insert into poll (trust_id, title, secrecy, status, opens_at, closes_at, ruleset_version)
select t.id, 'Open ' || n, 'CONFIDENTIAL', 'ROLL_FROZEN', now() - interval '1 hour',
  now() + interval '1 day', 1 from trust t, generate_series(1, {OPEN_POLLS}) n where t.slug = '{TRUST}'
"""
_OPEN_ROLLS = """
insert into roll_entry (trust_id, contest_id, voter_id, membership_id, constituency_id, member_number)
select k.trust_id, k.id, m.person_id, m.id, m.constituency_id, m.number from poll b
join contest k on k.trust_id = b.trust_id and k.poll_id = b.id
join membership m on m.trust_id = b.trust_id and m.status = 'ADMITTED' where b.status = 'ROLL_FROZEN'
"""
_OPEN_CREDENTIALS = """
insert into credential (trust_id, contest_id, voter_id)
select r.trust_id, r.contest_id, r.voter_id from poll b
join contest k on k.trust_id = b.trust_id and k.poll_id = b.id
join roll_entry r on r.trust_id = k.trust_id and r.contest_id = k.id where b.status = 'ROLL_FROZEN'
"""
_VOTER_SESSIONS = """
insert into session (trust_id, token_hash, email, person_id, expires_at)
select p.trust_id, encode(sha256(convert_to('fms_bench-voter-' || lpad(p.n::text, 26, '0'), 'UTF8')), 'hex'), p.email, p.id,
  now() + interval '1 day'
from (select p.*, row_number() over (order by p.id) - 1 as n from person p join trust t on t.id = p.trust_id
      where t.slug = $1 and p.email like 'person%') p
"""
_OFFICER_SESSION = """
insert into session (trust_id, token_hash, email, person_id, expires_at)
select p.trust_id, encode(sha256(convert_to($2, 'UTF8')), 'hex'), p.email, p.id, now() + interval '1 day'
from person p join trust t on t.id = p.trust_id where t.slug = $1 and p.email = 'clerk@' || $1 || '.example.org'
"""
# what PostGraphile exposes as a mutation: the same single statement the bare handler runs
CAST_STATEMENT = """
with marked as (
  update credential c set spent_on = current_date from contest k, poll b
  where k.trust_id = {trust} and k.id = {contest} and b.trust_id = {trust} and b.id = k.poll_id
    and c.trust_id = {trust} and c.contest_id = {contest} and c.voter_id = {person} and c.spent_on is null and b.status = 'ROLL_FROZEN' and now() between b.opens_at and b.closes_at
  returning 1
), receipt as (select encode(uuid_send(gen_random_uuid()), 'hex') as code from marked),
posted as (
  insert into ballot_inbox (trust_id, contest_id, store, content)
  select {trust}, {contest}, post.store, post.content
  from receipt, lateral (values ('PAPER', {paper}), ('RECEIPT', receipt.code)) as post(store, content)
)
select code from receipt
"""
_CAST_FUNCTION = (
    "create function cast_vote(trust uuid, contest uuid, person uuid, paper text) returns text"
    " language sql volatile as $$"
    + CAST_STATEMENT.format(trust="trust", contest="contest", person="person", paper="paper")
    + "$$"
)

STEPS: tuple[tuple[str, str], ...] = (
    ("200,000 people", _PEOPLE),
    ("250,000 memberships", _MEMBERSHIPS),
    ("200,000 relationships", _RELATIONSHIPS),
    ("250,000 lines of the register", _LINES),
    ("200 consultations with 1,000 questions", _CONSULTATIONS),
    ("200,000 responses", _RESPONSES),
    ("counts of responses", _COUNTS),
    ("50 votes", _PAST_POLLS),
    ("their contests", _CONTESTS.format(status="COUNTED")),
    ("500,000 voters", _PAST_ROLLS),
    ("500,000 credentials", _PAST_CREDENTIALS),
    ("500,000 papers", _PAST_PAPERS),
    ("open votes", _OPEN_POLLS),
    ("contests of the open votes", _CONTESTS.format(status="ROLL_FROZEN")),
    ("rolls of the open votes", _OPEN_ROLLS),
    ("credentials of the open votes", _OPEN_CREDENTIALS),
)


async def is_seeded(connection: Connection) -> bool:
    return bool(await connection.fetchval("select exists (select from person where email = 'person1@example.org')"))


async def seed(connection: Connection, advance: Callable[[str], None]) -> None:
    """Runs every step in one transaction; `advance` is told each."""
    async with connection.transaction():
        for name, statement in STEPS:
            await connection.execute(statement)
            advance(name)
        await connection.execute(_VOTER_SESSIONS, TRUST)
        await connection.execute(_OFFICER_SESSION, TRUST, OFFICER_TOKEN)
    await connection.execute("vacuum analyze")


async def reset_votes(connection: Connection) -> None:
    """Makes every open vote castable again."""
    await connection.execute("truncate ballot_inbox")
    await connection.execute(
        "delete from ballot_paper p using contest k, poll b where k.trust_id = p.trust_id and k.id = p.contest_id"
        " and b.trust_id = k.trust_id and b.id = k.poll_id and b.status = 'ROLL_FROZEN'"
    )
    await connection.execute("truncate ballot_receipt")
    await connection.execute(
        "update credential c set spent_on = null from contest k, poll b where k.trust_id = c.trust_id"
        " and k.id = c.contest_id and b.trust_id = k.trust_id and b.id = k.poll_id"
        " and b.status = 'ROLL_FROZEN' and c.spent_on is not null"
    )
    await connection.execute("update poll set closes_at = now() + interval '1 day' where status = 'ROLL_FROZEN'")
    await connection.execute("vacuum analyze")


async def age_sessions(connection: Connection, idle: str) -> None:
    """Every session was last used so long ago: what is older than a minute is noted when it is used."""
    await connection.execute("update session set last_used_at = now() - $1::text::interval", idle)
    await connection.execute("vacuum session")


async def tally(connection: Connection, contest: str) -> tuple[int, int, int]:
    """Of a contest: credentials spent, papers and receipts, in their boxes or still on the way."""
    found = await connection.fetchrow(
        "select (select count(*) from credential where contest_id = $1::uuid and spent_on is not null),"
        " (select count(*) from ballot_paper where contest_id = $1::uuid)"
        "   + (select count(*) from ballot_inbox where contest_id = $1::uuid and store = 'PAPER'),"
        " (select count(*) from ballot_receipt where contest_id = $1::uuid)"
        "   + (select count(*) from ballot_inbox where contest_id = $1::uuid and store = 'RECEIPT')",
        contest,
    )
    return found[0], found[1], found[2]


async def renew(connection: Connection) -> None:
    """Makes a database seeded some time ago as good as new."""
    await connection.execute("drop function if exists cast_vote")
    await connection.execute(_CAST_FUNCTION)
    await connection.execute("update session set expires_at = now() + interval '1 day', last_used_at = now()")
