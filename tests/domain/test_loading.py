from datetime import date

import pytest

from domain.refusals import Refusal
from domain.trusts.loading import day_from_gias, link_from_gias, school_from_gias, trust_columns

ROW = {
    "URN": "118365",
    "EstablishmentName": "Aldington Primary School",
    "PhaseOfEducation (name)": "Middle deemed secondary",
    "LA (name)": "Kent",
    "NumberOfPupils": "198",
    "OpenDate": "01-09-2013",
}


def test_a_gias_row_becomes_a_school() -> None:
    school = school_from_gias(ROW)

    assert school["urn"] == 118365
    assert school["phase"] == "MIDDLE_DEEMED_SECONDARY"
    assert school["opened_on"] == date(2013, 9, 1)
    assert school["town"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"URN": ""},
        {"URN": "12"},
        {"URN": "=1+1"},
        {"EstablishmentName": " "},
        {"PhaseOfEducation (name)": "Nursery ship"},
        {"NumberOfPupils": "-1"},
        {"OpenDate": "31-02-2014"},
        {"OpenDate": "2014-02-01"},
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_a_sentence(change: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        school_from_gias(ROW | change)

    assert refusal.value.message


def test_a_link_needs_both_ends_and_a_known_kind() -> None:
    row = {
        "URN": "143952",
        "LinkURN": "124142",
        "LinkName": "Picknalls",
        "LinkType": "Predecessor",
        "LinkEstablishedDate": "01-04-2017",
    }

    assert link_from_gias(row)["kind"] == "PREDECESSOR"
    with pytest.raises(Refusal):
        link_from_gias(row | {"LinkType": "Cousin"})


def test_no_date_is_no_date() -> None:
    assert day_from_gias(None) is None


TRUST = {
    "slug": "a-trust",
    "name": "A trust",
    "legalForm": "MULTI_ACADEMY_TRUST",
    "area": "Kent",
    "vision": "To learn.",
    "values": {"stated": ["Care"]},
    "aims": [],
    "localAuthority": "Kent",
}


def test_what_a_trust_has_not_told_is_null() -> None:
    told = trust_columns(
        TRUST | {"contact": {"email": "Office@Example.org", "website": None}, "languages": ["en", "cy"]}
    )

    assert told["contact_email"] == "office@example.org"
    assert told["languages"] == ["en", "cy"]
    for name in ("telephone", "address", "website", "articles_url", "privacy_notice", "logo_url"):
        assert told[name] is None
    assert trust_columns(TRUST)["languages"] is None


@pytest.mark.parametrize(
    "told",
    [
        {"contact": {"email": "no mailbox"}},
        {"contact": {"website": "javascript:alert(1)"}},
        {"articles": "file:///etc/passwd"},
        {"logo": "https://example.org/a logo.svg"},
        {"languages": ["English please"]},
    ],
)
def test_what_a_browser_or_a_mail_could_not_use_is_not_taken(told: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        trust_columns(TRUST | told)
