"""SQL of the read declarations of counts: what a declaration's pack says, as rows.

It is stored once, as the document that was declared; every level of it is a set of rows here.
"""

from counting import Choice

_OF_TRUST = "d.trust_id = {trust}"
COUNTS = (
    "(select d.trust_id, d.contest_id, d.pack->'count' as document from declaration d"
    " where d.trust_id = {trust} and jsonb_typeof(d.pack->'count') = 'object')"
)
_STAGES = (
    "declaration d cross join lateral jsonb_array_elements(d.pack->'count'->'stages') with ordinality"
    " as s(document, number)"
)
STAGES = f"(select d.trust_id, d.contest_id, s.document, s.number from {_STAGES} where {_OF_TRUST})"


def _of_stage(rows: str, columns: str) -> str:
    return (
        f"(select d.trust_id, d.contest_id, s.number as stage, e.place, {columns} from {_STAGES}"
        f" cross join lateral {rows} with ordinality as e(item, place) where {_OF_TRUST})"
    )


VOTES = _of_stage(
    "jsonb_array_elements_text(d.pack->'count'->'candidates')", "e.item as name, s.document->'votes'->>e.item as votes"
)
TRANSFERS = _of_stage("jsonb_array_elements(s.document->'transfers')", "e.item as document")
TIES = _of_stage("jsonb_array_elements(s.document->'ties')", "e.item as document")


def _of_count(path: str) -> str:
    return (
        "(select d.trust_id, d.contest_id, e.item as document, e.place from declaration d"
        f" cross join lateral jsonb_array_elements({path}) with ordinality as e(item, place) where {_OF_TRUST})"
    )


COMPARISONS = _of_count("d.pack->'count'->'comparisons'")
REJECTED = (
    "(select d.trust_id, d.contest_id, e.heading, e.papers::int as papers from declaration d"
    " cross join lateral jsonb_each_text(d.pack->'count'->'rejected') as e(heading, papers)"
    f" where {_OF_TRUST})"
)
SAME_COUNT = "{other}.contest_id = {row}.contest_id"
SAME_STAGE = SAME_COUNT + " and {other}.stage = {row}.number"
# the choices in the order of their list, which a JSON object does not keep
_CHOICES = ",".join(each.value for each in Choice)
TOTALS = (
    "(select d.trust_id, d.contest_id, d.contest_id||'/'||e.choice as key, e.choice, e.place,"
    " (d.pack->'totals'->>e.choice)::int as papers from declaration d"
    f" cross join unnest('{{{_CHOICES}}}'::text[]) with ordinality as e(choice, place)"
    f" where {_OF_TRUST} and d.pack->'totals'->>e.choice is not null)"
)
HAS_TOTALS = "jsonb_typeof({row}.pack->'totals') = 'object'"
TURNOUT = (
    "(select d.trust_id, d.contest_id, d.contest_id||'/'||e.place as key, e.item as document, e.place from declaration d"
    " cross join lateral jsonb_array_elements(d.pack->'turnout') with ordinality as e(item, place)"
    f" where {_OF_TRUST})"
)
