"""The timetable knows every date by which something happens, and reads one trust's alone."""

import re

from sqlalchemy import Date, DateTime

from db.tables import METADATA
from db.timetable import NEXT, TIMETABLE

# when something was done, or is to be done by somebody, or how long something secret is good: nothing happens by these
RECORDED = """
audit_event.at authorisation.since consultation.outcome_published_at consultation_action.due_on
consultation_response.submitted_at consultation_response.updated_at data_request.asked_at data_request.due_on
data_request.answered_on declaration.declared_at failed_duty.since failed_duty.tried_at guardian_consent.since guardian_consent.given_at person_correction.corrected_at person_correction.date_of_birth guardianship.since
idempotency_key.used_at import_job.exported_on import_job.created_at import_job.last_used_at import_job.claimed_until import_row.resolved_at membership.applied_at
membership.registered_on membership.ceased_on membership.redacted_on membership_transition.at notice.queued_at
inspection_request.answered_on inspection_request.asked_on inspection_request.due_on register_line.ceased_on
register_line.changed_on register_line.entered_at register_line.registered_on notice.dispatched_at notice.withdrawn_at notice.bounced_at organisation.created_at organisation.dissolved_on outbox.queued_at
outbox.try_at outbox.sent_at partner_app.created_at partner_token.expires_at person.created_at
person.died_on person.erased_on person_merge.merged_at person_merge.undone_at people_told_apart.at relationship.end_known_on relationship.verified_on relationship.year_group_on poll.notice_given_at poll.qualifying_at poll.declared_at removal.proposed_on removal.decided_on
removal.appeal_decided_on role_grant.granted_at role_grant.ended_at credential.spent_on ruleset.adopted_at
school.opened_on school.closed_on school_link.established_on session.started_at session.last_used_at
person_identifier.told_on school_year_end.day school_year_end.ended_at school_year_change.day school_year_change.until_before
school_year_change.end_known_on_before school_year_change.year_group_on_before
session.expires_at session.ended_at sign_in_challenge.created_at sign_in_challenge.expires_at
"""


def test_every_table_of_the_question_is_the_trusts() -> None:
    tables = re.findall(r" from (\w+) t where (t\.trust_id = \$1)?", NEXT)

    assert [table for table, _ in tables] == [each.table for each in TIMETABLE]
    assert all(tenant for _, tenant in tables)


def test_every_event_is_of_a_dated_column_and_has_its_word() -> None:
    for each in TIMETABLE:
        assert isinstance(METADATA.tables[each.table].columns[each.column].type, Date | DateTime)
    assert len({each.word for each in TIMETABLE}) == len(TIMETABLE)


def test_a_new_dated_column_is_on_the_timetable_or_said_to_be_a_record() -> None:
    dated = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, Date | DateTime)
    }
    due = {f"{each.table}.{each.column}" for each in TIMETABLE}

    assert dated == due | set(RECORDED.split()), "put it into TIMETABLE (db/timetable.py), or into RECORDED here"
    assert not due & set(RECORDED.split())
