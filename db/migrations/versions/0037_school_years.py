"""What the end of a school year changed can be undone; verification stands beside a source, a day beside a year group."""

from alembic import op

from db.migrations.security import every_row, secure

revision = "0037"
down_revision = "0036"

_RELATIONSHIP_DAYS = ("verified_on", "year_group_on")
_CHANGE_DAYS = ("day", "until_before", "end_known_on_before", "year_group_on_before")


def _finite(table: str, *days: str) -> str:
    return ", ".join(f"constraint {table}_{day}_finite_check check (isfinite({day}))" for day in days)


def upgrade() -> None:
    for day in _RELATIONSHIP_DAYS:
        op.execute(f"alter table relationship add column {day} date, add {_finite('relationship', day)}")
    op.execute(
        "create table school_year_end (trust_id uuid not null, school_id uuid not null, day date not null,"
        " ended_at timestamptz, constraint school_year_end_pk primary key (trust_id, school_id, day),"
        " constraint school_year_end_trust_id_school_id_fk foreign key (trust_id, school_id) references school (trust_id, id),"
        f" {_finite('school_year_end', 'day')})"
    )
    op.execute(
        "create table school_year_change (trust_id uuid not null, school_id uuid not null, day date not null,"
        " relationship_id uuid not null, person_id uuid not null, has_ended boolean not null, until_before date,"
        " end_known_on_before date, year_group_before integer, year_group_on_before date,"
        " constraint school_year_change_pk primary key (trust_id, school_id, day, relationship_id),"
        " constraint school_year_change_trust_id_person_id_fk foreign key (trust_id, person_id) references person (trust_id, id),"
        f" {_finite('school_year_change', *_CHANGE_DAYS)})"
    )
    op.execute("create index school_year_change_trust_id_person_id_idx on school_year_change (trust_id, person_id)")
    secure(op, "school_year_end", app="select, insert, update, delete")
    secure(op, "school_year_change", app="select, insert, update, delete")
    with every_row(op, "school_year_end", "relationship", "audit_event", "school"):
        op.execute(
            "insert into school_year_end (trust_id, school_id, day) select distinct e.trust_id, e.subject_id,"
            " (e.details->>'day')::date from audit_event e join school s on s.trust_id = e.trust_id and s.id = e.subject_id"
            " where e.action = 'people:year:ended' and not exists (select from audit_event u where u.trust_id = e.trust_id"
            " and u.action = 'people:year:undone' and u.subject_id = e.subject_id and u.details->>'day' = e.details->>'day'"
            " and u.at > e.at)"
        )
        op.execute(
            "update relationship r set verified_on = e.day from (select trust_id, (details->>'relationship_id')::uuid as id,"
            " max(at)::date as day from audit_event where action = 'people:relationship:verified' group by 1, 2) e"
            " where e.trust_id = r.trust_id and e.id = r.id and r.source = 'VERIFIED'"
        )


def downgrade() -> None:
    op.execute("drop table school_year_change")
    op.execute("drop table school_year_end")
    with every_row(op, "relationship"):
        op.execute("update relationship set source = 'VERIFIED' where verified_on is not null")
    for day in _RELATIONSHIP_DAYS:
        op.execute(f"alter table relationship drop column {day}")
