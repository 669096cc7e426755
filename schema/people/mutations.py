"""What is known about people, children and organisations."""

import strawberry

from actions.people import contact, guardians, registration, relationships, representatives, school_year

from ..context import Context
from ..mutation_fields import Answer, in_one_transaction, mutation
from ..payloads import UserError, errors
from .types import Organisation, Person


@strawberry.type(description="What the end of the year does at one school.")
class SchoolYearEnd:
    school_urn: int = strawberry.field(description="The school.")
    learners: int = strawberry.field(description="Learners who leave.")
    families: int = strawberry.field(description="Parents, carers and kin whose learner leaves.")
    moved_up: int = strawberry.field(description="Facts about learners who move a year up.")
    stayed: int = strawberry.field(
        description="Learners of the last year group there is, 13, which was not named as a leaving year: they stay in it."
    )


@strawberry.type(description="What the end of the year did, or would do.")
class EndSchoolYearPayload:
    schools: list[SchoolYearEnd] = strawberry.field(default_factory=list, description="School by school.")
    errors: list[UserError] = errors()


@strawberry.type(description="What undoing the end of a school year did.")
class UndoSchoolYearPayload:
    restored: int | None = strawberry.field(default=None, description="How many relationships are as they were before.")
    errors: list[UserError] = errors()


async def _undo_school_year(context: Context, command: school_year.UndoSchoolYear, key: str | None) -> Answer:
    return await in_one_transaction(school_year.undo_school_year, context, command, key)


async def _end_school_year(context: Context, command: school_year.EndSchoolYear, key: str | None) -> Answer:
    answer = await in_one_transaction(school_year.end_school_year, context, command, key)
    return {"schools": [SchoolYearEnd(**each) for each in answer["schools"]]}


MUTATIONS = (
    mutation(registration.register_person, Person),
    mutation(relationships.declare_relationship, Person),
    mutation(relationships.verify_relationship, Person),
    mutation(relationships.end_relationship, Person),
    mutation(relationships.link_learner, Person),
    mutation(contact.change_contact, Person),
    mutation(guardians.record_guardian, Person),
    mutation(guardians.end_guardianship, Person),
    mutation(guardians.give_consent, Person),
    mutation(guardians.withdraw_consent, Person),
    mutation(representatives.authorise_representative, Organisation),
    mutation(representatives.revoke_authorisation, Organisation),
    mutation(school_year.end_school_year, payload=EndSchoolYearPayload, run=_end_school_year),
    mutation(school_year.undo_school_year, payload=UndoSchoolYearPayload, run=_undo_school_year),
)
