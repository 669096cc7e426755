"""SQL of the read declarations of requests about data, and of the report on records that are kept too long."""

from domain.governance.rulesets import RecordType

from ..fragments.clock import TODAY
from ..fragments.retention import days_kept, overdue
from .declarations import OVERDUE


def _counted(kind: RecordType) -> str:
    table, time = OVERDUE[kind]
    days = days_kept(kind)
    return (
        f"select '{kind.value}' as kind, (select count(*) from {table} t where t.trust_id = {{trust}}"
        f" and ({overdue(time, '{trust}', f'{TODAY} - {days}')})) as overdue, {days} as days"
    )


# what the report of overdue records reads
OVERDUE_COUNTS = (
    "(select {trust} as trust_id, md5(kind)::uuid as id, kind, overdue, days from ("
    + " union all ".join(_counted(kind) for kind in OVERDUE)
    + ") counted)"
)
# what an erasure left, unfolded from the request it answered
KEPT_RECORDS = (
    "(select r.trust_id, r.id as request_id, r.person_id, r.id||'/'||e.place as key, e.item as document,"
    " e.place from data_request r cross join lateral jsonb_array_elements(r.kept) with ordinality as e(item, place)"
    " where r.trust_id = {trust})"
)
