"""Drafting, publishing, answering, closing a consultation and publishing what came of it."""

from actions.consultations import consultations

from ..mutation_fields import mutation
from .types import Consultation, ConsultationResponse

MUTATIONS = (
    mutation(consultations.draft_consultation, Consultation),
    mutation(consultations.change_consultation, Consultation),
    mutation(consultations.publish_consultation, Consultation),
    mutation(consultations.answer_consultation, ConsultationResponse),
    mutation(consultations.close_consultation, Consultation),
    mutation(consultations.publish_outcome, Consultation),
)
