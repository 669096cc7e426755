"""SQL of the read declarations of consultations."""

from domain.consultations import consultation

from ..fragments.conditions import Places, columns, predicate, value

PLACES: Places = columns("{row}", "status", "opens_at", "closes_at")
IS_OPEN = value(consultation.IS_OPEN, PLACES)
VIEWERS_RESPONSE = (
    "(select r.id from consultation_response r where r.trust_id = {trust} and r.consultation_id = {row}.id"
    " and r.person_id = {viewer.person_id})"
)
IS_PUBLIC = predicate(consultation.IS_PUBLIC, PLACES)
OF_PUBLIC = (
    "exists (select from consultation c where c.trust_id = {trust} and c.id = {row}.consultation_id"
    f" and {predicate(consultation.IS_PUBLIC, columns('c', 'status'))})"
)
OWN_RESPONSE = "{row}.person_id = {viewer.person_id}"
OF_OWN_RESPONSE = (
    "exists (select from consultation_response r where r.trust_id = {trust} and r.id = {row}.response_id"
    " and r.person_id = {viewer.person_id})"
)
