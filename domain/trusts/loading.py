"""Reading the facts of trusts and schools as they are published, and saying what became of each."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from ..refusals import Invalid, RefusalCode
from ..text import email_address
from .schools import AffiliationKind, LegalForm, LinkKind, SchoolPhase

_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\s<>\"]*)?")  # a browser opens it: no other scheme
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
SMALLEST_URN, LARGEST_URN = 100_000, 999_999
GIAS = "GIAS"  # the source of a row that names none: an extract of Get Information About Schools


class Change(Enum):
    """What loading did to one thing."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class LoadReport:
    """What was added, changed and left, by kind of thing, and what was refused and why."""

    changes: Counter[tuple[str, Change]] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def note(self, kind: str, change: Change) -> None:
        self.changes[kind, change] += 1


def _text(row: Mapping[str, str], name: str) -> str | None:
    return (row.get(name) or "").strip() or None


def _refuse(what: str) -> Invalid:
    return Invalid(RefusalCode.INPUT_INVALID, what)


def day_from_gias(text: str | None) -> date | None:
    """A date written dd-mm-yyyy. Refusals: INPUT_INVALID."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        raise _refuse(f"{text!r} is no date of the form dd-mm-yyyy") from None


def _whole_number(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not text.isdigit() or len(text) > 9:
        raise _refuse(f"{name} {text!r} is no whole number")
    return int(text)


def school_from_gias(row: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a school from a row with GIAS column names. Refusals: INPUT_INVALID saying which cell."""
    urn = _whole_number(_text(row, "URN"), "URN")
    name, phase = _text(row, "EstablishmentName"), _text(row, "PhaseOfEducation (name)")
    local_authority = _text(row, "LA (name)")
    if urn is None or not SMALLEST_URN <= urn <= LARGEST_URN:
        raise _refuse(f"URN {row.get('URN')!r} has not six digits")
    if name is None or local_authority is None:
        raise _refuse("name or local authority is missing")
    known = (phase or "").upper().replace(" ", "_").replace("-", "_")
    if known not in SchoolPhase.values():
        raise _refuse(f"phase {phase!r} is unknown")
    return {
        "urn": urn,
        "name": name,
        "phase": known,
        "establishment_type": _text(row, "TypeOfEstablishment (name)"),
        "religious_character": _text(row, "ReligiousCharacter (name)"),
        "diocese": _text(row, "Diocese (name)"),
        "local_authority": local_authority,
        "lowest_age": _whole_number(_text(row, "StatutoryLowAge"), "StatutoryLowAge"),
        "highest_age": _whole_number(_text(row, "StatutoryHighAge"), "StatutoryHighAge"),
        "pupils": _whole_number(_text(row, "NumberOfPupils"), "NumberOfPupils"),
        "street": _text(row, "Street"),
        "locality": _text(row, "Locality"),
        "town": _text(row, "Town"),
        "postcode": _text(row, "Postcode"),
        "website": _text(row, "SchoolWebsite"),
        "opened_on": day_from_gias(_text(row, "OpenDate")),
        "establishment_status": _text(row, "EstablishmentStatus (name)"),
        "closed_on": day_from_gias(_text(row, "CloseDate")),
        "source": _text(row, "Source") or GIAS,
    }


def link_from_gias(row: Mapping[str, str]) -> dict[str, Any]:
    """A link row; `urn` is the school it belongs to. Refusals: INPUT_INVALID."""
    urn, linked = _whole_number(_text(row, "URN"), "URN"), _whole_number(_text(row, "LinkURN"), "LinkURN")
    kind, name = (_text(row, "LinkType") or "").upper(), _text(row, "LinkName")
    if urn is None or linked is None or name is None or kind not in LinkKind.values():
        raise _refuse("URN, LinkURN, LinkName or LinkType is missing or unknown")
    established = day_from_gias(_text(row, "LinkEstablishedDate"))
    return {"urn": urn, "kind": kind, "linked_urn": linked, "linked_name": name, "established_on": established}


def trust_columns(published: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a trust from its entry in trusts.json. Refusals: INPUT_INVALID."""
    try:
        values = published["values"]
        authorities = published["localAuthority"]
        gias = published.get("gias") or {}
        return {
            "slug": published["slug"],
            "name": published["name"],
            "legal_form": LegalForm.named(published["legalForm"]).value,
            "area": published["area"],
            "vision": published["vision"],
            "values": [text for group in ("coOperative", "ethical", "stated") for text in values.get(group, [])],
            "aims": list(published["aims"]),
            "local_authorities": [authorities] if isinstance(authorities, str) else list(authorities),
            "companies_house_number": gias.get("companiesHouse"),
            "ukprn": gias.get("ukprn"),
            **_details(published),
        }
    except (KeyError, ValueError) as error:
        raise _refuse(f"the trust's entry lacks or misstates {error}") from None


def _details(published: Mapping[str, Any]) -> dict[str, Any]:
    """What a trust may or may not tell of itself. Refusals: INPUT_INVALID, EMAIL_INVALID."""
    contact = published.get("contact") or {}
    languages = published.get("languages")
    if languages is not None and not all(_LANGUAGE.fullmatch(each) for each in languages):
        raise _refuse(f"{languages!r} are no languages, such as en or pl")
    return {
        "contact_email": contact.get("email") and email_address(contact["email"]),
        "telephone": contact.get("telephone"),
        "address": contact.get("address"),
        "website": _web_address(contact.get("website")),
        "articles_url": _web_address(published.get("articles")),
        "privacy_notice": published.get("privacyNotice"),
        "logo_url": _web_address(published.get("logo")),
        "languages": languages,
    }


def _web_address(text: str | None) -> str | None:
    if text is not None and not _WEB_ADDRESS.fullmatch(text):
        raise _refuse(f"{text!r} is no web address")
    return text


def affiliation_columns(published: Mapping[str, Any], school_name: str, is_member: bool) -> dict[str, Any]:
    """How a school belongs to the trust of this entry: kind, cohort and day, as far as the sources tell."""
    kind = AffiliationKind.ASSOCIATE
    if is_member:
        classes = {
            name: entry["class"] for entry in published.get("membershipClasses", []) for name in entry["schools"]
        }
        if school_name in classes:
            full = classes[school_name].startswith("full")
            kind = AffiliationKind.FOUNDATION if full else AffiliationKind.PARTNERSHIP_MEMBER
        else:
            kind = AffiliationKind.ACADEMY
    cohort: Mapping[str, Any] = next(
        (
            entry
            for entry in reversed(published["cohorts"])
            if any(name.split(" (")[0] == school_name for name in entry.get("schools", []))
        ),
        {},
    )
    day = cohort.get("date")
    return {
        "kind": kind.value,
        "cohort": cohort.get("phase"),
        "since": date.fromisoformat(day) if day and len(day) == 10 and is_member else None,
        "note": None if is_member else "Works with the trust; membership is not shown by any source used.",
    }
