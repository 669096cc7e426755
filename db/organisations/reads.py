"""SQL of the read declarations of trusts and schools."""

from ..members.reads import TODAY

CURRENT_RULESET = (
    f"(select r.id from ruleset r where r.trust_id = {{trust}} and r.effective_from <= {TODAY}"
    " order by r.version desc limit 1)"
)
