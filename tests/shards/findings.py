"""What a statement may not do on a cluster distributed by `trust_id`."""

from dataclasses import dataclass
from enum import Enum


class Rule(Enum):
    """Each value says what is wrong and, after the colon, what to write instead."""

    UNCONSTRAINED = "a tenant table without `trust_id = $n` in its own query level: say it for every table"
    TWO_TRUSTS = "tenant tables bound to different parameters: one statement, one trust, one parameter"
    LOCKED_ACROSS_TRUSTS = "rows locked across trusts: claim them trust by trust"
    WHOLE_TABLE = "LOCK, TRUNCATE or COPY of a tenant table: work by rows of one trust"
    TEMPORARY_COPY = "a temporary table made from tenant tables: keep the rows in Python or in a tenant table"
    INSERT_WITHOUT_TRUST = "an INSERT whose trust_id is not `$n`: name the column and bind it"
    INSERT_FROM_ELSEWHERE = (
        "INSERT … SELECT from a CTE, a function, another kind of table or nothing: read first, then INSERT … VALUES"
    )
    INSERT_CONSTANT_TRUST = (
        "INSERT … SELECT with a constant trust_id: select the source table's own trust_id, or VALUES"
    )
    INSERT_UNNAMED_DEFAULT = "INSERT … SELECT that leaves a volatile default to the table: bind the ids, or VALUES"
    INSERT_UNSTABLE_SELECT = "INSERT … SELECT with a volatile function or LIMIT: read first, then INSERT … VALUES"
    CONFLICT_NOT_IMMUTABLE = "a function that is not immutable in ON CONFLICT DO UPDATE: bind the instant"
    CONDITIONAL_NOT_IMMUTABLE = (
        "a function that is not immutable in COALESCE, CASE, GREATEST or LEAST of an UPDATE or DELETE: bind the instant"
    )
    STABLE_OF_COLUMN = (
        "a stable function or cast of a column in an UPDATE or DELETE: compute it in Python, or read first"
    )
    VOLATILE_CHANGE = "a volatile function in an UPDATE or DELETE: bind its value"
    READS_TABLES = "a function that reads tables: the node that runs it sees none of them, so write the sub-select out"
    FALSE_JOIN = "an outer join whose condition is `false`: leave the join out and say null"
    CORRELATED_WITH_CTE = "a sub-select over a tenant table that refers to a CTE of an outer level: use the parameter"
    NOT_UNDERSTOOD = "a tenant table in a statement of a kind this judge doesn't know: teach it"


@dataclass(frozen=True)
class Finding:
    """`detail` names the table, column or expression, in a few words."""

    rule: Rule
    detail: str
