"""Telling people apart: names, and what else is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.matching import DeclaredFact, Likeness, Name, Particulars, likeness, same_name

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


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (somebody(**HOUSE), somebody(**HOUSE), Likeness.SAME),
        (somebody(**HOUSE, born="1979-06-02"), somebody(**HOUSE, born="2008-11-19"), Likeness.DIFFERENT),
        (somebody(**HOUSE), somebody(**HOUSE, kinds="LEARNER", born="2008-11-19"), Likeness.UNSURE),
        (somebody(**HOUSE), somebody(kinds="LEARNER", born="2008-11-19"), Likeness.DIFFERENT),
        (somebody(email="salt@example.org"), somebody(email="salt@example.org"), Likeness.UNSURE),
        (somebody(email="a@example.org", phone="1"), somebody(email="b@example.org", phone="2"), Likeness.DIFFERENT),
        (
            somebody(phone="1", postcode="TN25 6AA", email="a"),
            somebody(phone="1", postcode="TN25 6AA", email="b"),
            Likeness.SAME,
        ),
        (somebody(), somebody(), Likeness.UNSURE),
        (
            somebody(born="1979-06-02", postcode="TN25 6AA"),
            somebody(born="1979-06-02", postcode="TN25 6AA"),
            Likeness.SAME,
        ),
        (somebody(**HOUSE, kinds="STAFF"), somebody(**HOUSE, kinds="LEARNER", born="2013-01-01"), Likeness.UNSURE),
        (somebody(**HOUSE, kinds="STAFF"), somebody(**HOUSE, kinds="PARENT_CARER"), Likeness.SAME),  # one mobile
        (
            somebody(email="a", postcode="TN25 6AA", kinds="COMMUNITY"),
            somebody(email="a", postcode="TN25 6AA", kinds="PARENT_CARER"),
            Likeness.UNSURE,  # a grandfather and a father may share both
        ),
        (
            somebody(**HOUSE, declared="phone contact_address"),
            somebody(**HOUSE),
            Likeness.SAME,
        ),  # the mailbox is proved
        (
            somebody(phone="1", postcode="TN25 6AA", email="a", declared="phone contact_address"),
            somebody(phone="1", postcode="TN25 6AA", email="b"),
            Likeness.UNSURE,  # everybody can say so of themself
        ),
        (
            somebody(phone="1", postcode="TN25 6AA", declared="contact_address"),
            somebody(phone="1", postcode="TN25 6AA"),
            Likeness.UNSURE,
        ),
        (
            somebody(phone="1", postcode="TN25 6AA", born="1979-06-02", declared="contact_address"),
            somebody(phone="1", postcode="TN25 6AA", born="1979-06-02"),
            Likeness.SAME,
        ),
        (
            somebody(email="a", phone="1", born="1979-06-02", declared="phone date_of_birth"),
            somebody(email="b", phone="1", born="1979-06-02"),
            Likeness.UNSURE,
        ),
        (somebody(born="1979-06-02", declared="date_of_birth"), somebody(born="1980-06-02"), Likeness.DIFFERENT),
    ],
)
def test_two_facts_make_one_person_and_a_birth_date_tells_two_apart(
    one: Particulars, other: Particulars, expected: Likeness
) -> None:
    """Rules 3d and 3e: father and son, twins, or a shared mailbox are never merged."""
    assert likeness(one, other) is likeness(other, one) is expected


_TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b"]))
_POSTCODES = st.sampled_from([None, "TN25 6AA", "TN25 6AB"])
_PEOPLE = st.builds(
    Particulars, st.just(("john", "salt")), st.one_of(st.none(), st.sampled_from(["1979-06-02", "2008-11-19"])),
    _TEXTS, _TEXTS, _POSTCODES, st.frozensets(st.sampled_from(["LEARNER", "PARENT_CARER", "STAFF"]), min_size=1),
    st.frozensets(st.sampled_from(DeclaredFact)),
)  # fmt: skip


@given(_PEOPLE, _PEOPLE)
def test_nobody_is_merged_against_a_birth_date_or_by_one_fact(one: Particulars, other: Particulars) -> None:
    found = likeness(one, other)

    assert found is likeness(other, one)
    if one.born and other.born and one.born != other.born:
        assert found is Likeness.DIFFERENT
    if found is Likeness.SAME:
        facts = {
            DeclaredFact.PHONE: (one.phone, other.phone),
            DeclaredFact.ADDRESS: (one.postcode, other.postcode),
            DeclaredFact.BORN: (one.born, other.born),
        }
        agree = {fact for fact, (mine, theirs) in facts.items() if mine is not None and mine == theirs}
        is_proved = one.email is not None and one.email == other.email
        assert len(agree if is_proved else agree - one.declared - other.declared) + is_proved >= 2


def test_an_initial_or_a_swapped_name_is_for_a_human() -> None:
    """J. Smith may be James, or his twin Jack; Ali Hassan and Hassan Ali may be brothers."""

    def of(given: str, family: str, born: str | None = "2013-01-01") -> Particulars:
        return Particulars((given, family), born, "a@example.org", None, "TN25 6AA", frozenset({"LEARNER"}))

    assert likeness(of("james", "smith"), of("j", "smith")) is Likeness.LIKELY
    assert likeness(of("james", "smith"), of("smith", "james")) is Likeness.SAME, "of one birthday"
    assert likeness(of("ali", "hassan", None), of("hassan", "ali", None)) is Likeness.LIKELY
