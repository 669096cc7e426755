"""A row for every table which the five trusts leave empty and a value for every column, so that migrations are tried on
what they may meet."""

from db.connection import Connection

ONE = """with one as (
  select t.id as trust_id, p.id as person_id, o.id as other_id, s.id as school_id, c.id as constituency_id,
    n.id as partner_id, q.consultation_id, q.id as question_id
  from trust t cross join lateral (select id from person where trust_id = t.id order by id limit 1) p
  cross join lateral (select id from person where trust_id = t.id order by id desc limit 1) o
  cross join lateral (select id from school where trust_id = t.id order by id limit 1) s
  cross join lateral (select id from constituency where trust_id = t.id order by id limit 1) c
  cross join lateral (select id from partner where trust_id = t.id order by id limit 1) n
  cross join lateral (select * from consultation_question where trust_id = t.id order by id limit 1) q)"""
ORGANISATION, MEMBERSHIP, POLL, CONTEST = (
    f"(select id from {table})" for table in ("organisation", "membership", "poll", "contest")
)
# table -> columns beside trust_id, and what is put there
ROWS = {
    "organisation": ("name, kind", "'The Parish Council', 'COUNCIL'"),
    "authorisation": (
        "organisation_id, person_id, since, document",
        f"{ORGANISATION}, person_id, '2026-01-01', 'A minute'",
    ),
    "relationship": (
        "person_id, school_id, kind, since, source",
        "person_id, school_id, 'STAFF', '2020-09-01', 'DECLARED'",
    ),
    "school_year_end": ("school_id, day, ended_at", "school_id, '2026-09-01', '2026-09-01Z'"),
    "school_year_change": (
        "school_id, day, relationship_id, person_id, has_ended, until_before, end_known_on_before, year_group_before,"
        " year_group_on_before",
        "school_id, '2026-09-01', person_id, person_id, true, '2030-01-01', '2026-01-01', 5, '2026-01-01'",
    ),
    "guardianship": (
        "child_id, guardian_id, since, source",
        "person_id, other_id, '2020-01-01', 'DECLARED'",
    ),
    "guardian_consent": (
        "child_id, guardian_id, source, since, until",
        "person_id, other_id, 'FORM', '2020-01-01', '2030-01-01'",
    ),
    "person_identifier": ("system, identifier, person_id", "'oneroster', '17', person_id"),
    "person_merge": (
        "kept_id, merged_id, reason, changes, merged_by_id, undone_by_id, undone_at, undo_reason",
        "person_id, other_id, 'One mailbox', '{}', other_id, other_id, '2026-05-01Z', 'Two sisters'",
    ),
    "people_told_apart": ("one_id, other_id, reason, told_by_id", "person_id, other_id, 'Seen both', other_id"),
    "person_correction": (
        "person_id, what, given_name, family_name, date_of_birth, email, evidence, corrected_by_id",
        "person_id, '{email}', 'Ann', 'Other', '1980-01-02', 'old@example.org', 'A letter', other_id",
    ),
    "membership": (
        "person_id, constituency_id, school_id, status, name, service_address, ruleset_version, number, registered_on",
        "person_id, constituency_id, school_id, 'ADMITTED', 'Ann', '1 High Street', 1, 1, '2026-01-02'",
    ),
    "membership_transition": ("membership_id, status, ruleset_version", f"{MEMBERSHIP}, 'ADMITTED', 1"),
    "register_line": (
        "membership_id, line, change, number, name, service_address, constituency_id, is_company_member,"
        " guarantee_pence, share_pence, registered_on, changed_on",
        f"{MEMBERSHIP}, 1, 'ENTERED', 1, 'Ann', '1 High Street', constituency_id, true,"
        " 100, 0, '2026-01-02', '2026-01-02'",
    ),
    "removal": (
        "membership_id, stage, ground, proposed_by_id, proposed_on, notice_until",
        f"{MEMBERSHIP}, 'PROPOSED', 'Conduct', other_id, '2026-02-01', '2026-02-15'",
    ),
    "failed_duty": (
        "duty, membership_id, since, tried_at, code",
        f"'LAPSED', {MEMBERSHIP}, '2026-02-01Z', '2026-02-02Z', 'NOT_FOUND'",
    ),
    "inspection_request": (
        "name, address, email, purpose, onward_disclosure, asked_on, due_on",
        "'Bob', '2 High Street', 'bob@example.org', 'To write', 'None', '2026-02-01', '2026-02-08'",
    ),
    "poll": (
        "title, secrecy, status, opens_at, closes_at, ruleset_version",
        "'Budget', 'SECRET', 'ROLL_FROZEN', '2026-03-01Z', '2026-03-08Z', 1",
    ),
    "contest": (  # under the id of its poll, as if it had been drafted before there were contests
        "id, poll_id, place, title, kind, method, resolution, resolution_kind",
        f"{POLL}, {POLL}, 1, 'Budget', 'RESOLUTION', 'RESOLUTION', 'That it be', 'ORDINARY'",
    ),
    "contest_constituency": ("contest_id, constituency_id", f"{CONTEST}, constituency_id"),
    "roll_entry": (
        "contest_id, voter_id, membership_id, constituency_id, member_number",
        f"{CONTEST}, person_id, {MEMBERSHIP}, constituency_id, 1",
    ),
    "credential": ("contest_id, voter_id, spent_on", f"{CONTEST}, person_id, '2026-03-02'"),
    "recorded_vote": ("contest_id, voter_id, voter_name, paper", f"{CONTEST}, person_id, 'Ann', '1 FOR'"),
    "ballot_inbox": ("contest_id, store, content", f"{CONTEST}, 'PAPER', '1 FOR'"),
    "ballot_paper": ("contest_id, content", f"{CONTEST}, '1 FOR'"),
    "ballot_receipt": ("contest_id, code", f"{CONTEST}, 'ABCD-EFGH'"),
    "declaration": ("contest_id, returning_officer_id, pack", f"{CONTEST}, person_id, '{{}}'"),
    "consultation_response": ("consultation_id, person_id", "consultation_id, person_id"),
    "consultation_answer": (
        "question_id, response_id, choice",
        "question_id, (select id from consultation_response), 'Yes'",
    ),
    "consultation_total": ("question_id, choice, position, answers", "question_id, 'Yes', 1, 12"),
    "consultation_action": (
        "consultation_id, position, you_said, we_did",
        "consultation_id, 1, 'Open longer', 'We do'",
    ),
    "agreement": (
        "partner_id, purpose, scopes, since, until",
        "partner_id, 'A newsletter', '{schools}', '2026-01-01', '2027-01-01'",
    ),
    "partner_app": ("agreement_id, name, client_id, secret_hash", "(select id from agreement), 'News', 'news', 'hash'"),
    "partner_token": (
        "token_hash, app_id, scopes, expires_at",
        "'hash', (select id from partner_app), '{schools}', '2027-01-01Z'",
    ),
    "idempotency_key": ("caller, idempotency_key, mutation, answer", "'somebody', 'once', 'castVote 7f', '{}'"),
    "session": ("token_hash, email, person_id, expires_at", "'hash', 'ann@example.org', person_id, '2027-01-01Z'"),
    "sign_in_challenge": (
        "email, code_hash, network, expires_at",
        "'ann@example.org', 'hash', '192.0.2.0', '2027-01-01Z'",
    ),
    "outbox": ("priority, recipient, subject, body", "0, 'ann@example.org', 'Welcome', 'You are a member'"),
    "notice": ("kind, channel, person_id, language, subject", "'ADMITTED', 'PRINT', person_id, 'en', 'Welcome'"),
    "data_request": (
        "person_id, asked_by_id, kind, status, due_on",
        "person_id, person_id, 'EXPORT', 'OPEN', '2026-03-01'",
    ),
    "import_job": (
        "kind, file_name, sha256, exported_on, rows, created_by_id",
        "'REGISTRATION', 'people.csv', 'hash', '2026-01-01', 1, person_id",
    ),
    "import_row": ("job_id, line, cells", "(select id from import_job), 1, '{}'"),
}
PERSON = "(select id from person p where p.trust_id = t.trust_id order by id limit 1)"
SCHOOL = "(select id from school s where s.trust_id = t.trust_id order by id limit 1)"
# table -> what its rows say besides, where they may: a value for each column that the above and the five trusts leave empty
SAID = {
    "affiliation": "note = 'Leaves in summer', since = '2020-09-01', until = '2030-09-01', cohort = '2020'",
    "audit_event": f"actor_id = {PERSON}",
    "authorisation": f"until = '2030-01-01', application_id = {MEMBERSHIP}",
    "consultation": "source_key = 'a', opens_at = '2026-03-01Z', closes_at = '2026-03-08Z', respondents = 12,"
    " outcome = 'We open longer', outcome_published_at = '2026-03-09Z'",
    "consultation_action": "owner = 'The head', due_on = '2026-09-01'",
    "consultation_answer": "comment = 'Why not'",
    "consultation_response": "constituency_id = (select id from constituency c where c.trust_id = t.trust_id limit 1)",
    "consultation_total": "constituency_id = (select id from constituency c where c.trust_id = t.trust_id limit 1)",
    "contest": "roll_hash = 'hash', roll_salt = 'salt', roll_count = 1, count = '{}'",
    "contest_constituency": "roll_count = 1",
    "data_request": f"detail = 'All', answered_on = '2026-02-08', answered_by_id = {PERSON}, answer = 'Here', kept = '[]'",
    "failed_duty": f"person_id = {PERSON}",
    "guardianship": "until = '2030-01-01', evidence = 'A letter'",
    "import_job": f"applied_by_id = {PERSON}, applications = 1, tries = 1",
    "import_row": "reading = '{}', given_key = 'ann', family_key = 'other', mailbox = 'ann@example.org', outcome = 'UPDATE',"
    f" of_line = 1, person_id = {PERSON}, alike_people = array[{PERSON}], alike_lines = '{{1}}', corrected = '{{email}}',"
    f" resolution = 'SAME', resolution_reason = 'Asked', resolved_by_id = {PERSON}, resolved_at = '2026-01-02T12:00Z'",
    "inspection_request": f"person_id = {PERSON}, decision = 'COMPLIED', note = 'Sent', answered_on = '2026-02-03',"
    f" answered_by_id = {PERSON}",
    "membership_transition": f"actor_id = {PERSON}, reason = 'Qualifies'",
    "notice": f"membership_id = {MEMBERSHIP}, body = 'You are a member', dispatched_at = '2026-01-03Z',"
    " bounced_at = '2026-01-04Z', bounce = 'Moved'",
    "organisation": "registered_number = '17', dissolved_on = '2030-01-01'",
    "outbox": "html = '<p>You are a member</p>', sent_at = '2026-01-03Z', failure = 'Busy'",
    "partner": "part = 'Founder'",
    "person": "died_on = '2026-05-01', erased_on = '2026-06-01', phone = '01632 960000', contact_address = '1 High Street',"
    " date_of_birth = '1980-01-01',"
    " merged_into_id = (select id from person p where p.trust_id = t.trust_id and p.id <> t.id order by id limit 1)",
    "person_identifier": f"school_id = {SCHOOL}, told_on = '2026-01-01'",
    "poll": "notice_given_at = '2026-02-01Z', qualifying_at = '2026-02-08Z', declared_at = '2026-03-09Z'",
    "register_line": f"ceased_on = '2030-01-01', actor_id = {PERSON}",
    "relationship": "until = '2030-01-01', end_known_on = '2029-01-01', evidence = 'A letter', year_group = 5,"
    " year_group_on = '2026-01-01', verified_on = '2026-01-01',"
    f" learner_id = {PERSON}",
    "removal": "case_stated = 'I was ill', deciding_body = 'The forum', minute = 'Minute 4', votes_for = 5, votes_against = 1,"
    " decided_on = '2026-02-16', appeal_until = '2026-03-16', appeal_ground = 'Unheard', appeal_body = 'The board',"
    " appeal_decided_on = '2026-03-20'",
    "role_grant": "ended_at = '2026-05-01Z'",
    "ruleset": f"resolution = 'Minute 2', resolution_contest_id = {CONTEST}",
    "school": "establishment_status = 'Closed', closed_on = '2026-08-31'",
    "session": "ended_at = '2026-05-01Z'",
    "trust": "contact_email = 'a@example.org', telephone = '01632 960000', address = '1 High Street', website = 'a.example',"
    " articles_url = 'a.example/articles', privacy_notice = 'We keep little', logo_url = 'a.example/logo', languages = '{en}'",
}
# beside the one that all else belongs to: what cannot be said of the same
MEMBERSHIPS = (
    (
        "person_id, constituency_id, status, name, service_address, ruleset_version, number, registered_on, lapses_on",
        "other_id, constituency_id, 'LAPSING', 'Bob', '2 High Street', 1, 2, '2026-01-02', '2026-09-01'",
    ),
    (
        "organisation_id, constituency_id, status, name, service_address, ruleset_version, number, registered_on, ceased_on,"
        " converted_from_id, redacted_on",
        f"{ORGANISATION}, constituency_id, 'RESIGNED', '', '', 1, 3, '2026-01-02', '2026-02-01',"
        " (select id from membership where number = 1), '2036-02-01'",
    ),
)
ACTIONS = ("polls:poll:drafted", "register:register:extracted", "membership:membership:admitted", "identity:role:ended")


async def fill_empty_tables(connection: Connection) -> None:
    """One row each, of one trust, with a value in every column, and an event of every sort of name that has ever changed."""
    for table, (columns, values) in ROWS.items():
        await connection.execute(f"{ONE} insert into {table} (trust_id, {columns}) select trust_id, {values} from one")
    for action in ACTIONS:
        await connection.execute(
            f"{ONE} insert into audit_event (trust_id, action, subject_id) select trust_id, '{action}', person_id from one"
        )
    for table, values in SAID.items():
        its = f"{'id' if table == 'trust' else 'trust_id'} = (select trust_id from contest)"
        await connection.execute(
            f"update {table} t set {values} where ctid = (select ctid from {table} where {its} limit 1)"
        )
    for columns, values in MEMBERSHIPS:
        await connection.execute(
            f"{ONE} insert into membership (trust_id, {columns}) select trust_id, {values} from one"
        )
