"""The ruleset in force, in SQL: the newest of the versions that are effective on the day (rule 1).

A fragment and not a function of the database: a function that reads tables can't be sent to the one shard of a trust.
"""

from .clock import TODAY


def ruleset_in_force(columns: str, trust: str = "{trust}", day: str = TODAY, having: str = "true") -> str:
    """A query for `columns` of that ruleset `r`; or of the last of which `having` is true."""
    return (
        f"select {columns} from ruleset r where r.trust_id = {trust} and r.effective_from <= {day} and {having}"
        " order by r.version desc limit 1"
    )


def _replaced_on(ruleset: str, trust: str) -> str:
    """The first day on which a newer version replaces this one; null where there is none."""
    return f"(select min(s.effective_from) from ruleset s where s.trust_id = {trust} and s.version > {ruleset}.version)"


def ever_holds(ruleset: str, trust: str = "{trust}") -> str:
    """Whether there is a day on which this version is in force: none replaces it on its first day or before (rule 1b)."""
    return f"({ruleset}.effective_from < {_replaced_on(ruleset, trust)}) is not false"


RULES_TODAY = f"({ruleset_in_force('r.rules')})"

_GUARDIAN_CONSENT_AGE = "(r.rules->>'guardianConsentAge')::int"
GUARDIAN_CONSENT_AGE = f"({ruleset_in_force(_GUARDIAN_CONSENT_AGE)})"


# of the ruleset `r` in force a JSON list of the codes of its constituencies that rules adopted for a later day drop
CLOSING = f"""(select coalesce(jsonb_agg(c.stated->'code'), '[]')
  from jsonb_array_elements(r.rules->'constituencies') as c(stated) join ruleset n on n.trust_id = {{trust}}
  where n.effective_from > {TODAY}
  and not n.rules->'constituencies' @> jsonb_build_array(jsonb_build_object('code', c.stated->'code'))
  and {ever_holds("n")})"""


# the rules that hold for the whole trust, by the names conditions call them, in the stored form of a ruleset `r`
_STATED = {
    "first_claim": "r.rules->'firstClaim'",
    "guardian_consent_age": _GUARDIAN_CONSENT_AGE,
    "constituencies": "r.rules->'constituencies'",
    "closing": CLOSING,
}
# one row `rules`; taken out of the document once, and not once a person
RULES_IN_FORCE = f"({ruleset_in_force(', '.join(f'{stated} as {name}' for name, stated in _STATED.items()))}) rules"
RULES_OF_TRUST = {name: f"rules.{name}" for name in _STATED if name != "constituencies"}


# every version `v` of the rules: the days on which it is in force, none where others were adopted for its first
VERSIONS = (
    f"(select r.effective_from as since, {_replaced_on('r', '{trust}')} as until,"
    f" {_GUARDIAN_CONSENT_AGE} as guardian_consent_age from ruleset r where r.trust_id = {{trust}}) v where true"
)
# one row `rule` a constituency, of all there were until today: as the last rules that held and had it state it
LAST_STATED = f"""(select distinct on (e.stated->>'code') e.stated from ruleset r
  cross join lateral jsonb_array_elements(r.rules->'constituencies') as e(stated)
  where r.trust_id = {{trust}} and r.effective_from <= {TODAY} and {ever_holds("r")} order by e.stated->>'code', r.version desc) rule"""


def rules_of_constituency(stated: str) -> dict[str, str]:
    """Where conditions find the rules of one constituency, in its part of the stored form."""
    return {
        "code": f"({stated}->>'code')",
        "qualifying_kinds": f"{stated}->'qualifyingKinds'",
        "join_age": f"({stated}->>'joinAge')::int",
    }
