"""SQL of the read declarations of consultations."""

IS_OPEN = (
    "{row}.status = 'PUBLISHED' and coalesce({row}.opens_at <= now(), true) and coalesce(now() < {row}.closes_at, true)"
)
ANSWERS_TO_QUESTION = (
    "select count(*) from consultation_answer a where a.trust_id = {trust} and a.question_id = {row}.id"
)
VIEWERS_RESPONSE = (
    "(select r.id from consultation_response r where r.trust_id = {trust} and r.consultation_id = {row}.id"
    " and r.person_id = {viewer.person_id})"
)
PUBLISHED = "{row}.status <> 'DRAFT'"
OF_PUBLISHED = (
    "exists (select from consultation c where c.trust_id = {trust} and c.id = {row}.consultation_id"
    " and c.status <> 'DRAFT')"
)
OWN_RESPONSE = "{row}.person_id = {viewer.person_id}"
OF_OWN_RESPONSE = (
    "exists (select from consultation_response r where r.trust_id = {trust} and r.id = {row}.response_id"
    " and r.person_id = {viewer.person_id})"
)
