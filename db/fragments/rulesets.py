"""The ruleset in force, in SQL: the newest of the versions that are effective on the day (rule 1).

A fragment and not a function of the database: a function that reads tables can't be sent to the one shard of a trust.
"""

from .clock import TODAY


def ruleset_in_force(columns: str, trust: str = "{trust}", day: str = TODAY) -> str:
    """A query for `columns` of that ruleset `r`."""
    return (
        f"select {columns} from ruleset r where r.trust_id = {trust} and r.effective_from <= {day}"
        " order by r.version desc limit 1"
    )


RULES_TODAY = f"({ruleset_in_force('r.rules')})"
