"""SQL of the read declarations of consultations."""

IS_OPEN = "{row}.status = 'PUBLISHED' and coalesce({row}.opens_at <= app_now(), true) and coalesce(app_now() < {row}.closes_at, true)"
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
