"""The ruleset in force, in SQL."""

from .clock import TODAY

RULES_TODAY = (
    "(select r.rules from ruleset r where r.trust_id = {trust} and r.effective_from <= "
    + TODAY
    + " order by r.version desc limit 1)"
)
