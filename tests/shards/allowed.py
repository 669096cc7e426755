"""What a single PostgreSQL may do and a cluster could not, until it is rebuilt."""

from collections.abc import Mapping

from .statements import Statement

# a piece of the statement's text, or of the place it is sent from as `file.py:function` -> why it may stay
ALLOWED: Mapping[str, str] = {
    "ballot_box.py:seal": (
        "Sealing empties one inbox for all trusts, so that nobody sees which paper came from where: it locks the table,"
        " shuffles in a temporary one and truncates. To be rebuilt poll by poll with elections."
    ),
    "members_named(": (
        "Names are found by one function in a role of its own, since LIKE may use no index under row-level security"
        " (ADR 14). The cluster measured it as one task; a cluster would need the function on its nodes, over shards."
    ),
}


def permit_of(statement: Statement) -> str | None:
    """The entry that lets a statement be."""
    return next((key for key in ALLOWED if key in statement.sql or key in statement.place), None)
