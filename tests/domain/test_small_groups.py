from hypothesis import given
from hypothesis import strategies as st

from domain.consultations.totals import publishable_totals
from domain.privacy.small_groups import suppress_small_groups

COUNTS = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 40))


@given(COUNTS, st.integers(2, 12), st.booleans())
def test_nothing_small_is_shown_and_nothing_hidden_is_a_difference(
    counts: dict[str, int], smallest: int, others: bool
) -> None:
    shown = suppress_small_groups(counts, smallest, others=others)

    assert shown.keys() == counts.keys()
    for group, count in shown.items():
        assert count is None or count == counts[group]
        assert count is None or count == 0 or count >= smallest
    hidden = [group for group, count in shown.items() if count is None]
    everybody_is_hidden = all(count in (0, None) for count in shown.values())
    if others and not everybody_is_hidden:
        assert sum(counts[group] for group in hidden) >= smallest, "the others are the total less the rest"
    elif hidden and not everybody_is_hidden:
        assert len(hidden) >= 2, "the total less the rest gives it away"
        assert sum(counts[group] for group in hidden) >= smallest, "the rest is a small group itself"


@given(COUNTS)
def test_groups_that_are_all_large_are_all_shown(counts: dict[str, int]) -> None:
    large = {group: count + 12 for group, count in counts.items()}

    assert suppress_small_groups(large, 10) == large


def test_a_constituency_with_few_respondents_is_hidden_as_a_whole() -> None:
    totals = publishable_totals(
        ("YES", "NO"),
        {"PARENT": {"YES": 15, "NO": 5}, "STAFF": {"NO": 3}, "COMMUNITY": {"YES": 12}},
        10,
    )

    assert totals.everybody == {"YES": 27, "NO": 8}
    assert totals.by_group["STAFF"] == {"YES": None, "NO": None}
    assert totals.by_group["COMMUNITY"] == {"YES": None, "NO": None}, "or staff would be the difference"
    assert totals.by_group["PARENT"] == {"YES": 15, "NO": 5}


def test_fewer_respondents_than_the_smallest_group_hide_everything() -> None:
    totals = publishable_totals(("YES",), {"PARENT": {"YES": 9}, None: {"YES": 30}}, 10)

    assert totals.everybody == {"YES": None}
