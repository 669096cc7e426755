"""A rule has one home: nothing in `db` or `actions` compares by hand what conditions compare.

Whoever writes `until > $3` writes a rule a second time: declare a condition in the domain and render it
(CONTRIBUTING.md, "A condition"). What compares a day and is no rule about people, members or polls is listed, and why.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FACTS = "since|until|date_of_birth|born|opens_at|closes_at|lapses_on|registered_on|ceased_on|voted_on"
COMPARED = re.compile(
    rf"\b(?:{FACTS})\b\)?\s*(?:<=?|>=?|is (?:not )?null|between\b)"
    rf"|(?:<=?|(?<!-)>=?|\bbetween)\s*(?:[\w{{}}]+\.)*(?:{FACTS})\b(?!\()"
    r"|\b(?:until|opens_at|closes_at|lapses_on) is (?:not )?None",
    re.IGNORECASE,
)
NO_RULE = {
    "actions/register/changes.py": "a correction is not dated before the entry: a check of what was typed",
    "db/fragments/retention.py": "how long records are kept, in days of the ruleset; asked in SQL alone",
    "db/intake/applying.py": "what a file says against what is on record",
    "db/intake/matching.py": "what a file says against what is on record",
    "db/people/school_year.py": "what the end of a school year takes; asked in SQL alone",
    "db/privacy/personal_data.py": "the days on which entries ceased, to be told in an export",
    "db/trusts/schools.py": "an affiliation that was ended begins anew",
}
CONSTRAINTS = "tables.py"  # what the database itself refuses


def compared_by_hand(text: str) -> list[str]:
    return [" ".join(found.group().split()) for found in COMPARED.finditer(text)]


def test_no_rule_is_written_a_second_time() -> None:
    found = {
        str(path.relative_to(ROOT)): compared_by_hand(path.read_text(encoding="utf-8"))
        for room in ("db", "actions")
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts and path.name != CONSTRAINTS
    }
    twins = {path: comparisons for path, comparisons in found.items() if comparisons and path not in NO_RULE}
    assert twins == {}, "declare a condition and render it"
    assert [path for path in NO_RULE if not found.get(path)] == [], "nothing is compared there any more"


def test_ages_are_compared_by_conditions() -> None:
    """Beside them only what is no rule: a birth nobody can have had, and what is odd about a row of a file."""
    found = {
        str(path.relative_to(ROOT))
        for room in ("domain", "db", "actions")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\bage_on\(", path.read_text(encoding="utf-8"))
    }
    assert found - {"domain/ages.py", "domain/conditions.py"} == {
        "domain/intake/registration.py",
        "domain/people/relationships.py",
    }


def test_a_second_home_is_noticed() -> None:
    for twin in (
        "and a.since <= legal_today() and (a.until is null or a.until > legal_today())",
        "p.date_of_birth > legal_today() - interval '18 years'",
        "app_now() < {row}.closes_at",
        "legal_today() between g.since and g.until",
        "if poll.closes_at <= now:",
        "if authorisation.until is not None",
        "m.lapses_on <= $2",
    ):
        assert compared_by_hand(twin), twin
    for harmless in (
        "set until = $3",
        "def born(day: date) -> date",
        "facts->>'until' is null",
        "order by r.since desc",
    ):
        assert compared_by_hand(harmless) == [], harmless
