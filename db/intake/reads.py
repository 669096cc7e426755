"""SQL of the read declarations of imports."""

_OF_JOB = "from import_row i{more} where i.trust_id = {trust} and i.job_id = {row}.id"
OUTCOME_COUNTS = (
    "select coalesce(jsonb_object_agg(outcome, rows), '{}') from (select i.outcome, count(*) as rows "
    + _OF_JOB.replace("{more}", "")
    + " and i.outcome is not null group by 1) counted"
)
FINDING_COUNTS = (
    "select coalesce(jsonb_object_agg(finding, rows), '{}') from (select finding, count(*) as rows "
    + _OF_JOB.replace("{more}", " cross join unnest(i.findings) as finding")
    + " group by 1) counted"
)
