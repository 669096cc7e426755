"""Changes of names and addresses on the register, and requests to inspect it."""

from actions.register import changes, corrections, inspections

from ..membership.types import Member
from ..mutation_fields import mutation
from ..people.types import Person
from .types import InspectionRequest

MUTATIONS = (
    mutation(changes.change_service_address, Member),
    mutation(changes.change_name, Person),
    mutation(corrections.correct_person, Person),
    mutation(inspections.request_inspection, InspectionRequest),
    mutation(inspections.answer_inspection, InspectionRequest),
)
