"""SQL of the report on records that are kept too long."""

from domain.governance.rulesets import RecordType

from ..fragments.clock import TODAY
from ..fragments.retention import OVERDUE, days_kept, overdue


def _counted(kind: RecordType) -> str:
    table, _ = OVERDUE[kind]
    days = days_kept(kind)
    return (
        f"select '{kind.value}' as kind, (select count(*) from {table} t where t.trust_id = {{trust}}"
        f" and ({overdue(kind, '{trust}', f'{TODAY} - {days}')})) as overdue, {days} as days"
    )


# what the report of overdue records reads
OVERDUE_COUNTS = (
    "(select {trust} as trust_id, md5(kind)::uuid as id, kind, overdue, days from ("
    + " union all ".join(_counted(kind) for kind in OVERDUE)
    + ") counted)"
)
