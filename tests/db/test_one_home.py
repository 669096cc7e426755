"""A rule has one home: no layer above the domain compares by hand what conditions compare.

Whoever writes `until > $3` or `status = 'DECLARED'` writes a rule a second time: declare a condition in the domain and
render it (CONTRIBUTING.md, "A condition"). What compares a day and is no rule about people, members or polls is listed
to the letter, and why.
"""

import re
from enum import Enum
from pathlib import Path

import counting
import db
import domain
from db.timetable import TIMETABLE
from domain.conditions import Reached, Unknown

from .test_conditions import declarations, modules, within

ALL_CONDITIONS = [part for _, declared in declarations() for part in within(declared)]

ROOT = Path(__file__).parents[2]
# the days and moments that conditions compare, and those by which something happens
FACTS = "|".join(
    sorted(
        {each.column for each in TIMETABLE}
        | {each.fact for each in ALL_CONDITIONS if isinstance(each, Reached | Unknown)}
        | {"date_of_birth", "born"}
    )
)
COMPARED = re.compile(
    rf"\b(?:{FACTS})\b\)?\s*(?:<=?|>=?|is (?:not )?null|between\b)"
    rf"|(?:<=?|(?<!-)>=?|\bbetween)\s*(?:[\w{{}}]+\.)*(?:{FACTS})\b(?!\()"
    r"|\b(?:until|opens_at|closes_at|lapses_on) is (?:not )?None"
    rf"|\bcoalesce\((?:\w+\.)?(?:{FACTS})\b[^)]*\)\s*[<>]|\bdaterange\(|\btstzrange\("  # the same, by other means
    r"|\b(?:if|and|or|not) \w+\.(?:until|spent_on)\b(?!\s*is\b)",
    re.IGNORECASE,
)
# of statuses, `set status = '{…}'` writes one, and a list rendered of the domain's, `in ({OPEN})`, has its home there
STATUSES = re.compile(
    r"(?<!set )\b(?:status|stage)\b\s*(?:(?:=|<>|!=)\s*(?:any\s*\(\s*)?'|(?:not )?in\b\s*\(\s*')", re.IGNORECASE
)
AGES = re.compile(r"\bage\(|\bdate_part\b|\bextract\(\s*year|\.year\s*-|-\s*\w+\.year\b", re.IGNORECASE)
HOMES = {  # what stands in these files, and in no other
    r"(?i)(?:\bfrom|\bjoin|\bfrom \w+ \w+,)\s+(?:only\s+)?ruleset\b": {
        "db/fragments/rulesets.py",
        "db/governance/rulesets.py",
        "db/governance/reads.py",  # what one of them says, whichever
    },
    r"(?i)\binsert into (?:public\.)?membership\b(?!_)": {"db/membership/applications.py"},
    r"(?i)\bdied_on is (?:not )?null\b": set(),
    # who may join: eligibility() renders it; at which school that is; and what clients are told of it
    r"qualifying_kinds|qualifyingKinds": {
        "db/fragments/rulesets.py",
        "actions/membership/submission.py",
        "schema/governance/types.py",
    },
    # who bears the name of somebody: candidates are looked up here, and judged in domain/people/matching.py
    r"(?i)\bfamily_key\s*(?:=(?! null| folded)|in\b)": {"db/intake/matching.py"},
    # small groups: hidden in the domain, and in SQL for figures of every day, which a test compares
    r"\bsmallest\b\s*[<>)]|[<>]=?\s*\w*\.?smallest\b|\bsmall_group\b\s*[<>]|[<>]=?\s*\w*\.?small_group\b": {
        "db/trusts/reads.py"
    },
    # names of GraphQL: fields are named as the command names them, and translated in schema/payloads.py
    r"""\bfield=f?["'][a-z.{}]*[a-z][A-Z]""": set(),
    r"(?i)interval\s+'\d+ years?'|make_interval\(years => \d": set(),
    # what ages the rules ask for: told to clients, and rendered from the stored rules
    r"\bjoin_age\b|\bvote_age\b": {"schema/governance/types.py", "db/fragments/rulesets.py"},
    # whose entry of a roll somebody may use: domain/polls/casting.py
    r"\bvoter_id\s*=\s*'?\{viewer": set(),
    # the day and the moment: transaction.today(), transaction.now(), db/clock.py
    r"(?i)\bstatement_timestamp\b|\btransaction_timestamp\b|'(?:today|now)'::|\b(?:datetime|date)\.(?:today|now|utcnow)\(": {
        # the demo is a client, with a clock of its own
        "api/cli/demo.py",
        "api/cli/demo_client.py",
        "api/cli/demo_poll.py",
    },
}
WORDS_OF_A_STATEMENT = {"ELIGIBLE", "MEMBER", "PUBLIC"}  # it counts by them, or asks the catalogue
# file -> why it compares, and what
NO_RULE: dict[str, tuple[str, list[str]]] = {
    "actions/register/changes.py": (
        "a correction is not dated before the entry: a check of what was typed",
        ["< registered_on"],
    ),
    "db/fragments/rulesets.py": (
        "the ruleset in force, and those for later days: their home",
        ["effective_from <=", "effective_from <", "effective_from >", "effective_from <="],
    ),
    "db/people/relationships.py": ("whether as much is known of it already; asked in SQL alone", ["since <="]),
    "db/people/school_year.py": (
        "what the end of a school year takes; asked in SQL alone",
        ["since <", "since >="],
    ),
    "db/privacy/personal_data.py": (
        "the days on which entries ceased, to be told in an export",
        ["ceased_on is not null"],
    ),
    "schema/membership/lists.py": (
        "filters: a client's own bounds",
        ["registered_on >=", "registered_on <", "ceased_on >=", "lapses_on <"],
    ),
}
CONSTRAINTS = "tables.py"  # what the database itself refuses, and by which day records are forgotten


def compared_by_hand(text: str) -> list[str]:
    return [" ".join(found.group().split()) for found in COMPARED.finditer(text)]


def files_above_the_domain() -> dict[str, str]:
    """What stands in every file, by its path."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for layer in ("api", "schema", "actions", "db")
        for path in sorted((ROOT / layer).rglob("*.py"))
        if "migrations" not in path.parts and path.name != CONSTRAINTS
    }


def test_no_rule_is_written_a_second_time() -> None:
    found = {path: compared_by_hand(text) for path, text in files_above_the_domain().items()}
    listed = {path: comparisons for path, (_, comparisons) in NO_RULE.items()}

    assert {path: comparisons for path, comparisons in found.items() if comparisons} == listed, (
        "declare a condition and render it"
    )


def test_no_status_and_no_age_is_compared_by_hand() -> None:
    assert {
        path for path, text in files_above_the_domain().items() if STATUSES.search(text) or AGES.search(text)
    } == set()


def test_what_has_one_home_stands_in_no_other_file() -> None:
    found = {
        pattern: {path for path, text in files_above_the_domain().items() if re.search(pattern, text)}
        for pattern in HOMES
    }
    assert found == HOMES


def closed_lists() -> set[str]:
    """Every value of every closed list of the domain, of counting, and of the database's own."""
    lists = {
        found
        for module in (*modules(domain), *modules(db), counting)
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Enum)
    }
    return {str(member.value) for each in lists for member in each}


def test_a_word_in_sql_is_a_value_of_a_closed_list() -> None:
    """So that a value renamed in the domain is renamed everywhere, or noticed."""
    assert "polls:paper:received" in closed_lists()
    found = {
        word
        for path, text in files_above_the_domain().items()
        if path.startswith("db/")
        for word in re.findall(r"'([A-Z][A-Z_]{2,}|[a-z]+:[a-z_]+:[a-z_]+)'", text)
    }
    assert found - closed_lists() == WORDS_OF_A_STATEMENT


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
        "coalesce(g.until, 'infinity') > legal_today()",
        "daterange(g.since, g.until) @> legal_today()",
        "if not each.until:",
        "if credential.spent_on:",
    ):
        assert compared_by_hand(twin), twin
    for twin in (
        "and c.status <> 'DRAFT'",
        "t.status in ('REFUSED', 'WITHDRAWN')",
        "stage='DECIDED'",
        "b.status = '{PollStatus.DECLARED}'",
        "p.status = any('{COUNTED,DECLARED}')",
    ):
        assert STATUSES.search(twin), twin
    for pattern, twin in (
        ("ruleset", "JOIN Ruleset r ON r.trust_id = $1"),
        ("qualifying", "jsonb_exists(c->'qualifyingKinds', r.kind)"),
        ("family_key", "where p.email = $2 and p.family_key = $3"),
        ("smallest", "None if 0 < count < smallest"),
        ("field=", 'Invalid(RefusalCode.NOT_FOUND, field="guardianId")'),
        ("years", "p.date_of_birth + interval '13 years'"),
        ("years", "p.date_of_birth + make_interval(years => 13)"),
        ("ruleset", "from poll p, ruleset r where r.trust_id = $1"),
        ("join_age", "if rule.join_age > years:"),
        ("voter_id", "where r.voter_id = {viewer.person_id}"),
        ("timestamp", "statement_timestamp()::date"),
        ("today", "datetime.today()"),
    ):
        assert any(pattern in home and re.search(home, twin) for home in HOMES), twin
    for harmless in (
        "set until = $3",
        "def born(day: date) -> date",
        "facts->>'until' is null",
        "order by r.since desc",
    ):
        assert compared_by_hand(harmless) == [], harmless
