"""Telling people apart: names, and what else is known."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.matching import DeclaredFact, Doubt, Likeness, Name, Particulars, doubts, likeness, same_name

_PARTS = st.text("ab.é ж", max_size=3)
_NAMES = st.tuples(_PARTS, _PARTS)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("thomas", "murphy"), ("murphy", "thomas"), True),
        (("t", "boulden"), ("tomasz", "boulden"), True),
        (("t.", "boulden"), ("tomasz", "boulden"), True),
        (("t.", "boulden"), ("t", "boulden"), True),
        (("ж.", "иванов"), ("жанна", "иванов"), True),
        (("tim", "boulden"), ("tom", "boulden"), False),
        (("to", "boulden"), ("tom", "boulden"), False),
        (("t", "boulden"), ("boulden", "tomasz"), False),
        (("t", "boulden"), ("tomasz", "bolden"), False),
        ((".", "boulden"), ("tomasz", "boulden"), False),
        (("", "boulden"), ("", "boulden"), False),
    ],
)
def test_names_are_the_same_swapped_or_shortened(one: Name, other: Name, is_same: bool) -> None:
    assert same_name(one, other) is same_name(other, one) is is_same


@given(_NAMES, _NAMES)
def test_the_same_names_are_where_the_database_looks_for_them(one: Name, other: Name) -> None:
    assert same_name(one, one) is all(one)
    assert same_name(one, other) is same_name(other, one)
    if same_name(one, other):
        is_swapped = one == (other[1], other[0])
        is_initial = one[0][0] == other[0][0] and min(len(one[0]), len(other[0])) <= 2
        assert is_swapped or (one[1] == other[1] and (one[0] == other[0] or is_initial))


def somebody(**facts: str) -> Particulars:
    kinds, declared = (
        frozenset(facts.pop(name, other).split()) for name, other in (("kinds", "PARENT_CARER"), ("declared", ""))
    )
    born, email, phone, postcode = (facts.get(name) for name in ("born", "email", "phone", "postcode"))
    return Particulars(("john", "salt"), born, email, phone, postcode, kinds, frozenset(map(DeclaredFact, declared)))


HOUSE = {"email": "salt@example.org", "phone": "+447700900001", "postcode": "TN25 6AA"}


BORN = {"born": "1979-06-02"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # a date of birth, and nothing that contradicts
        (somebody(**BORN), somebody(**BORN), Likeness.SAME),
        (somebody(**HOUSE, **BORN), somebody(**BORN), Likeness.SAME),
        (somebody(**HOUSE, **BORN), somebody(**HOUSE | {"email": "other@example.org"}, **BORN), Likeness.SAME),
        (somebody(**HOUSE, **BORN), somebody(**HOUSE | {"phone": "2"}, **BORN), Likeness.LIKELY),
        (somebody(email="a", **BORN), somebody(email="b", **BORN), Likeness.UNSURE),  # nothing else agrees
        (somebody(**BORN, kinds="STAFF"), somebody(**BORN, kinds="PARENT_CARER"), Likeness.SAME),
        (somebody(**BORN, kinds="STAFF"), somebody(**BORN, kinds="LEARNER"), Likeness.UNSURE),
        (somebody(**BORN, kinds="STAFF"), somebody(**BORN, kinds="LEARNER STAFF"), Likeness.SAME),  # an apprentice
        (somebody(**BORN, kinds="ALUMNUS"), somebody(**BORN, kinds="LEARNER"), Likeness.SAME),
        (somebody(**HOUSE, **BORN), somebody(**HOUSE, born="2008-11-19"), Likeness.DIFFERENT),
        # without one, a household shares all the rest
        (somebody(**HOUSE), somebody(**HOUSE), Likeness.LIKELY),
        (somebody(**HOUSE, **BORN), somebody(**HOUSE), Likeness.LIKELY),
        (somebody(**HOUSE), somebody(**HOUSE | {"phone": "2"}), Likeness.LIKELY),
        (somebody(**HOUSE), somebody(**HOUSE, kinds="LEARNER", born="2008-11-19"), Likeness.LIKELY),
        (somebody(**HOUSE), somebody(kinds="LEARNER", born="2008-11-19"), Likeness.DIFFERENT),
        (somebody(**HOUSE, kinds="STAFF"), somebody(**HOUSE, kinds="PARENT_CARER"), Likeness.LIKELY),
        (somebody(email="salt@example.org"), somebody(email="salt@example.org"), Likeness.UNSURE),
        (somebody(email="a@example.org", phone="1"), somebody(email="b@example.org", phone="2"), Likeness.DIFFERENT),
        (somebody(), somebody(), Likeness.UNSURE),
        # one's own word agrees with nothing but a mailbox that agrees
        (somebody(**HOUSE, **BORN, declared="date_of_birth"), somebody(**HOUSE, **BORN), Likeness.SAME),
        (somebody(email="a", **BORN, declared="date_of_birth"), somebody(email="b", **BORN), Likeness.UNSURE),
        (somebody(**BORN, declared="date_of_birth"), somebody(**BORN), Likeness.UNSURE),
        (somebody(**BORN, declared="date_of_birth"), somebody(born="1980-06-02"), Likeness.DIFFERENT),
        (
            somebody(phone="1", email="a", **BORN, declared="phone"),
            somebody(phone="1", email="b", **BORN),
            Likeness.SAME,
        ),
    ],
)
def test_name_and_birth_date_make_one_person_unless_something_contradicts(
    one: Particulars, other: Particulars, expected: Likeness
) -> None:
    """Rules 3d and 3e: father and son, twins, or a shared mailbox are never merged."""
    assert likeness(one, other) is likeness(other, one) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (somebody(**HOUSE), [Doubt.BIRTH_DATE]),
        (somebody(**HOUSE | {"phone": "2"}, **BORN), [Doubt.PHONE]),
        (somebody(**HOUSE, **BORN, kinds="LEARNER"), [Doubt.KIND]),
        (somebody(email="b", postcode="TN25 6AB", **BORN), [Doubt.NOTHING_ELSE]),
        (somebody(**HOUSE, born="1980-06-02"), [Doubt.BIRTH_DATES]),
        (somebody(phone="2", kinds="LEARNER"), [Doubt.BIRTH_DATE, Doubt.PHONE, Doubt.KIND, Doubt.NOTHING_ELSE]),
    ],
)
def test_each_doubt_has_its_reason(other: Particulars, expected: list[Doubt]) -> None:
    assert doubts(somebody(**HOUSE, **BORN), other) == doubts(other, somebody(**HOUSE, **BORN)) == expected


_TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b"]))
_POSTCODES = st.sampled_from([None, "TN25 6AA", "TN25 6AB"])
_PEOPLE = st.builds(
    Particulars, st.just(("john", "salt")), st.one_of(st.none(), st.sampled_from(["1979-06-02", "2008-11-19"])),
    _TEXTS, _TEXTS, _POSTCODES, st.frozensets(st.sampled_from(["LEARNER", "PARENT_CARER", "STAFF"]), min_size=1),
    st.frozensets(st.sampled_from(DeclaredFact)),
)  # fmt: skip


@given(_PEOPLE, _PEOPLE)
def test_nobody_is_merged_without_a_birth_date_or_against_a_fact(one: Particulars, other: Particulars) -> None:
    found = likeness(one, other)

    assert found is likeness(other, one)
    assert (found is Likeness.SAME) <= (not doubts(one, other))
    if one.born and other.born and one.born != other.born:
        assert found is Likeness.DIFFERENT
    if found is Likeness.SAME:
        assert one.born is not None
        assert one.born == other.born
        assert None in (one.phone, other.phone) or one.phone == other.phone
        assert DeclaredFact.BORN not in one.declared | other.declared or one.email == other.email


def test_an_initial_or_a_swapped_name_is_for_a_human() -> None:
    """J. Smith may be James, or his twin Jack; Ali Hassan and Hassan Ali may be brothers."""

    def of(given: str, family: str, born: str | None = "2013-01-01", email: str | None = "a@b.org") -> Particulars:
        return Particulars((given, family), born, email, None, "TN25 6AA", frozenset({"LEARNER"}))

    assert likeness(of("james", "smith"), of("j", "smith")) is Likeness.LIKELY
    assert likeness(of("james", "smith"), of("smith", "james")) is Likeness.SAME, "of one birthday"
    assert likeness(of("ali", "hassan", None), of("hassan", "ali", None)) is Likeness.LIKELY
    alone = Particulars(("ali", "hassan"), "2013-01-01", None, None, None, frozenset())
    assert doubts(alone, replace(alone, name=("hassan", "ali"))) == [Doubt.NAME], "of one birthday, and no more"
