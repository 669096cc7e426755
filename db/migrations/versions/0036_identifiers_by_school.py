"""What a school's system calls a person is kept by school: two schools may both count from one."""

from alembic import op

from db.migrations.security import every_row

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute("alter table person_identifier drop constraint person_identifier_pk")
    op.execute(
        "alter table person_identifier add column id uuid not null default uuidv7(), add column school_id uuid,"
        " add column told_on date, add constraint person_identifier_pk primary key (trust_id, id),"
        " add constraint person_identifier_trust_id_school_id_fk foreign key (trust_id, school_id)"
        " references school (trust_id, id), add constraint person_identifier_told_on_finite_check check (isfinite(told_on))"
    )
    op.execute(
        "create unique index person_identifier_key on person_identifier (trust_id, system, identifier, school_id)"
        " nulls not distinct"
    )
    with every_row(op, "person_identifier", "relationship"):
        # at whichever school a system, and not their own word, has told of them; without one it stays of any school
        op.execute(
            "with known as (select distinct r.trust_id, r.person_id, r.school_id from relationship r"
            " where r.school_id is not null and r.source <> 'DECLARED'), added as (insert into person_identifier"
            " (trust_id, system, school_id, identifier, person_id) select i.trust_id, i.system, k.school_id, i.identifier,"
            " i.person_id from person_identifier i join known k on k.trust_id = i.trust_id and k.person_id = i.person_id)"
            " delete from person_identifier i using known k where k.trust_id = i.trust_id and k.person_id = i.person_id"
            " and i.school_id is null"
        )


def downgrade() -> None:
    op.execute("drop index person_identifier_key")
    with every_row(op, "person_identifier"):
        # one name for one person: the first stays
        op.execute(
            "delete from person_identifier i using person_identifier first where first.trust_id = i.trust_id"
            " and first.system = i.system and first.identifier = i.identifier and first.id < i.id"
        )
    op.execute(
        "alter table person_identifier drop constraint person_identifier_pk, drop column school_id, drop column told_on,"
        " drop column id, add constraint person_identifier_pk primary key (trust_id, system, identifier)"
    )
