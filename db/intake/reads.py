"""SQL of the read declarations of imports."""


def _counted(what: str, rows: str) -> str:
    return (
        f"(select i.trust_id, i.job_id, i.job_id||'/'||{what} as key, {what} as counted, count(*)::int as rows"
        f" from import_row i{rows} where i.trust_id = {{trust}} and {what} is not null"
        f" group by i.trust_id, i.job_id, {what})"
    )


OUTCOME_COUNTS = _counted("i.outcome", "")
FINDING_COUNTS = _counted("finding", " cross join unnest(i.findings) as finding")
OF_JOB = "{other}.job_id = {row}.id"
