"""SQL of the read declarations of counts: the count within a declaration's pack, as rows.

A count is stored once, as the document that was declared; every level of it is a set of rows here.
"""

COUNTS = (
    "(select d.trust_id, d.poll_id, d.pack->'count' as facts from declaration d"
    " where jsonb_typeof(d.pack->'count') = 'object')"
)
_STAGES = (
    "declaration d cross join lateral jsonb_array_elements(d.pack->'count'->'stages') with ordinality"
    " as s(facts, number)"
)
STAGES = f"(select d.trust_id, d.poll_id, s.facts, s.number from {_STAGES})"


def _of_stage(rows: str, columns: str) -> str:
    return (
        f"(select d.trust_id, d.poll_id, s.number as stage, e.place, {columns} from {_STAGES}"
        f" cross join lateral {rows} with ordinality as e(item, place))"
    )


VOTES = _of_stage(
    "jsonb_array_elements_text(d.pack->'count'->'candidates')", "e.item as name, s.facts->'votes'->>e.item as votes"
)
TRANSFERS = _of_stage("jsonb_array_elements(s.facts->'transfers')", "e.item as facts")
TIES = _of_stage("jsonb_array_elements(s.facts->'ties')", "e.item as facts")


def _of_count(path: str) -> str:
    return (
        "(select d.trust_id, d.poll_id, e.item as facts, e.place from declaration d"
        f" cross join lateral jsonb_array_elements({path}) with ordinality as e(item, place))"
    )


COMPARISONS = _of_count("d.pack->'count'->'comparisons'")
REJECTED = (
    "(select d.trust_id, d.poll_id, e.heading, e.papers::int as papers from declaration d"
    " cross join lateral jsonb_each_text(d.pack->'count'->'rejected') as e(heading, papers))"
)
SAME_COUNT = "{other}.poll_id = {row}.poll_id"
SAME_STAGE = SAME_COUNT + " and {other}.stage = {row}.number"
