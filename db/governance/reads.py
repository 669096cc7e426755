"""SQL of the read declarations of rulesets: what a version says of each constituency, as rows."""

CONSTITUENCY_RULES = (
    "(select r.trust_id, r.id as ruleset_id, r.id||'/'||e.place as key, e.item as document, e.place from ruleset r"
    " cross join lateral jsonb_array_elements(r.rules->'constituencies') with ordinality as e(item, place)"
    " where r.trust_id = {trust})"
)
OF_RULESET = "{other}.ruleset_id = {row}.id"
