"""SQL of the read declarations of imports."""

from domain.intake.importing import RowOutcome

from ..fragments.people import is_somebody


def _counted(what: str, rows: str) -> str:
    return (
        f"(select i.trust_id, i.job_id, i.job_id||'/'||{what} as key, {what} as counted, count(*)::int as rows"
        f" from import_row i{rows} where i.trust_id = {{trust}} and {what} is not null"
        f" group by i.trust_id, i.job_id, {what})"
    )


OUTCOME_COUNTS = _counted("i.outcome", "")
FINDING_COUNTS = _counted("finding", " cross join unnest(i.findings) as finding")
OF_JOB = "{other}.job_id = {row}.id"
# that a row `c` is of the person of the first row of theirs, and says more than the same again
FOLLOWS = f"c.of_line = {{row}}.line and c.outcome <> '{RowOutcome.DUPLICATE}' and c.given_key <> ''"
# of whom a row may be: on record, and by other rows of its file (db/intake/resolving.py: people_alike)
_ALIKE_ROWS = (
    "c.trust_id = {trust} and c.job_id = {row}.job_id and c.line <> {row}.line"
    " and (c.line = any({row}.alike_lines) or c.line = {row}.of_line or " + FOLLOWS + ")"
)
# or the record under which they go on since (rule 3g)
ALIKE_IDS = (
    "array(select coalesce(p.merged_into_id, p.id) from person p where p.trust_id = {trust} and p.id = any(array("
    "select unnest({row}.alike_people || {row}.person_id)"
    f" union select c.person_id from import_row c where {_ALIKE_ROWS})))"
)
ALIKE_PEOPLE = f"{is_somebody('{other}')} and {{other}}.id = any({ALIKE_IDS})"
ALIKE_ROWS = f"{{other}}.id = any(array(select c.id from import_row c where {_ALIKE_ROWS}))"
