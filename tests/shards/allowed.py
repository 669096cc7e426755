"""What a single PostgreSQL may do and a cluster could not, until it is rebuilt."""

from collections.abc import Mapping

from .findings import Finding
from .statements import Statement

# a finding as `RULE detail`, or the place a statement is sent from as `file.py:function` -> why it may stay
ALLOWED: Mapping[str, str] = {
    "ballot_box.py:seal": (
        "Sealing empties one inbox for all trusts, so that nobody sees which paper came from where: it locks the table,"
        " shuffles in a temporary one and truncates. To be rebuilt poll by poll with elections."
    ),
    **dict.fromkeys(
        ("families.py:ties_that_end", "families.py:link_families", "families.py:follow_learners"),
        "Which families leave, or go along, with their learners is found for a whole file by one statement each, over sets"
        " made on the way. To be taken apart into a read and rows (November 2026; not measured on a cluster).",
    ),
    "READS_TABLES members_named": (
        "Names are found by one function in a role of its own, since LIKE may use no index under row-level security"
        " (ADR 14). The cluster measured it as one task; a cluster would need the function on its nodes, over shards."
    ),
}


def permit_of(statement: Statement, finding: Finding) -> str | None:
    """The entry that lets this finding be; what else is found in the same statement needs its own."""
    said = f"{finding.rule.name} {finding.detail}"
    return next((key for key in ALLOWED if key == said or key in statement.place), None)
