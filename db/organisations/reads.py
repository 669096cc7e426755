"""SQL of the read declarations of trusts and schools."""

CURRENT_RULESET = (
    "(select r.id from ruleset r where r.trust_id = {trust} and r.effective_from <= current_date"
    " order by r.version desc limit 1)"
)
