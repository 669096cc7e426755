"""The law is in the repository: every citation of a rule is found in a chapter of docs/rules.md.

A rule is cited as `rule 6`, a part of one as `rule 6a`, several as `rules 3, 8 and 12b` or `rules 2 to 4`; a page as
`docs/<page>.md`, with `#heading` where a part of it is meant.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase

import pytest

ROOT = Path(__file__).parents[2]
RULES = 28
KINDS = {".py", ".md", ".json", ".graphql", ".toml", ".html", ".txt", ".js", ".ts", ".css", ".yaml"}
NOT_OURS = {"node_modules", "var", "graphiql", "package-lock.json"}
OTHER_BOOKS = {
    "counting/methods/scottish.py": "SSI 2011/399",  # its "rule 47" is one of schedule 1 of that Order
}

# numbers with a dot or a bracket ("6.9", "49(2)") and those "of the Order" are other books' as well
_NUMBER = r"\d{1,2}[a-z]?(?![\w(]|\.\d)"
_GAP = r"\s+(?:#\s*)?"
_JOIN = rf"(?:,{_GAP}|,?{_GAP}(?:and|or|to){_GAP})"
CITATION = re.compile(
    rf"\b(?:rule{_GAP}({_NUMBER})|rules{_GAP}((?>{_NUMBER}(?:{_JOIN}{_NUMBER})*)))(?!\s+of\s+the\b)", re.IGNORECASE
)
OLD_FORM = re.compile(
    r"\b(?:domain|design|architecture|security)(?:\.md)?\s+(?:rules?|sections?)\s+\d+|\bdomain\.md\b|\bdesign/\w+"
    r"|\brules?\s+\d+[a-z]?(?:,?\s+and)?\s+section\s+\d+",
    re.IGNORECASE,
)
PAGE = re.compile(r"(?<![\w/])(docs/[\w/-]+\.md)(?:#([\w-]+))?")

_HEADING = re.compile(r"^## Rule (\d+): \S.*$", re.MULTILINE)
_ANY_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LABEL = re.compile(r"^(?:- )?\*\*(\d+[a-z])\*\* ", re.MULTILINE)
_CHAPTER = re.compile(r"^\| (\d+) to (\d+) \| \[[^\]]+\]\((rules/[\w-]+\.md)\) \|", re.MULTILINE)


def cited(text: str) -> list[str]:
    """The rules and parts of rules that `text` cites."""
    found = (one or several for one, several in CITATION.findall(text))
    return [label.lower() for numbers in found for label in re.findall(r"\d+[a-z]?", numbers, re.IGNORECASE)]


def sections(page: str) -> list[tuple[int, str]]:
    """The rules of the page: number and text, up to the next heading."""
    return [
        (int(heading[1]), re.split(r"\n##? ", page[heading.end() :], maxsplit=1)[0].strip())
        for heading in _HEADING.finditer(page)
    ]


def law(root: Path) -> str:
    """The chapters that docs/rules.md lists, one after the other."""
    docs = root / "docs"
    listed = _CHAPTER.findall((docs / "rules.md").read_text(encoding="utf-8"))
    return "\n".join((docs / path).read_text(encoding="utf-8") for _, _, path in listed)


def faults_of_contents(root: Path) -> list[str]:
    """What the list of chapters says that the chapters do not."""
    docs = root / "docs"
    listed = _CHAPTER.findall((docs / "rules.md").read_text(encoding="utf-8"))
    found = [
        f"{path} does not hold the rules {first} to {last}"
        for first, last, path in listed
        if [number for number, _ in sections((docs / path).read_text(encoding="utf-8"))]
        != list(range(int(first), int(last) + 1))
    ]
    unlisted = {str(path.relative_to(docs)) for path in docs.glob("rules/*.md")} - {path for _, _, path in listed}
    return found + [f"{path} is not listed" for path in sorted(unlisted)]


def labels(page: str) -> set[str]:
    """All that can be cited."""
    return {str(number) for number, _ in sections(page)} | set(_LABEL.findall(page))


def anchors(page: str) -> set[str]:
    """The headings, as links name them."""
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in _ANY_HEADING.findall(page)}


def faults_of_page(page: str, rules: int = RULES) -> list[str]:
    """What is wrong with the text of the rules itself."""
    found = []
    if [number for number, _ in sections(page)] != list(range(1, rules + 1)):
        found.append(f"not the rules 1 to {rules} in order")
    for number, text in sections(page):
        *_, last = text.split("\n\n")
        if text.count("Sources: ") != 1 or not re.match(r"Sources: \S", last):
            found.append(f"rule {number} does not end with its sources")
        parts = _LABEL.findall(text)
        if parts != [f"{number}{letter}" for letter in ascii_lowercase[: len(parts)]]:
            found.append(f"the parts of rule {number} are {', '.join(parts)}")
    if len(_LABEL.findall(page)) != sum(len(_LABEL.findall(text)) for _, text in sections(page)):
        found.append("a label stands outside the rules")
    return found


def texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Every text of ours, but for this file, which plants wrong citations."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if each not in NOT_OURS and not each.startswith("."))
        for path in (Path(folder) / name for name in sorted(names) if name not in NOT_OURS):
            if path.suffix in KINDS and path != Path(__file__):
                yield path.relative_to(root), path.read_text(encoding="utf-8")


def faults_of_citations(root: Path) -> list[str]:
    """The citations under `root` that lead nowhere, and those of a form that is no longer used."""
    known = labels(law(root))
    found = []
    for path, text in texts(root):
        found += [f"{path}: old form {old[0]!r}" for old in OLD_FORM.finditer(text)]
        if not path.as_posix().endswith(tuple(OTHER_BOOKS)):
            found += [f"{path}: no rule {label}" for label in cited(text) if label not in known]
        for page, anchor in PAGE.findall(text):
            if not (root / page).is_file():
                found.append(f"{path}: no page {page}")
            elif anchor and anchor not in anchors((root / page).read_text(encoding="utf-8")):
                found.append(f"{path}: no heading {page}#{anchor}")
    return found


def test_every_citation_is_found() -> None:
    assert faults_of_citations(ROOT) == []


def test_the_rules_are_numbered_labelled_and_sourced() -> None:
    assert faults_of_page(law(ROOT)) == []
    assert faults_of_contents(ROOT) == []


@pytest.mark.parametrize("path", OTHER_BOOKS)
def test_the_files_that_cite_other_books_are_there(path: str) -> None:
    (text,) = [text for found, text in texts(ROOT) if found.as_posix().endswith(path)]

    assert OTHER_BOOKS[path] in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rule 6: ages.", ["6"]),
        ("a mailbox (rule 3e)", ["3e"]),
        ("rules 3, 8 and 12b", ["3", "8", "12b"]),
        ("rules 2 to 4; rule 28f.", ["2", "4", "28f"]),
        ("# what ends a membership (rules 1c,\n# 4b and\n    # 22b)", ["1c", "4b", "22b"]),
        ("within rule 22, 10 days of grace", ["22"]),
        ("a ruleset, 28 rules, a rule of 6", []),
        ("rule 49(2), rules 50(2), 52(2) and ERS97's rule 6.9", []),
        ("rules 3 and 47 of the Order", []),
    ],
)
def test_what_a_citation_is(text: str, expected: list[str]) -> None:
    assert cited(text) == expected


SMALL_CONTENTS = "## Shapes\n| 1 to 2 | [Small](rules/small.md) | all |\n"
SMALL_PAGE = "## Rule 1: Data\n- **1a** One.\n- **1b** Two.\n\nSources: none.\n\n## Rule 2: More\n\nSources: none.\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("rule 3", "no rule 3"),
        ("Rules 1, 2 and 1c", "no rule 1c"),
        ("Domain rule 1.", "old form 'Domain rule 1'"),
        ("domain\n    section 0", "old form 'domain\\n    section 0'"),
        ("(design/security.md section 2)", "old form 'design/security'"),
        ("Architecture section 7 names it", "old form 'Architecture section 7'"),
        ("rule 1a and section 4", "old form 'rule 1a and section 4'"),
        ("see docs/none.md", "no page docs/none.md"),
        ("docs/rules.md#nothing", "no heading docs/rules.md#nothing"),
    ],
)
def test_a_wrong_citation_is_found(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "docs/rules").mkdir(parents=True)
    (tmp_path / "docs/rules.md").write_text(SMALL_CONTENTS)
    (tmp_path / "docs/rules/small.md").write_text(SMALL_PAGE)
    (tmp_path / "code.py").write_text("# rules 1, 1b and 2; docs/rules.md#shapes; docs/rules/small.md#rule-2-more\n")
    assert faults_of_citations(tmp_path) == []

    (tmp_path / "code.py").write_text(text)

    assert fault in "\n".join(faults_of_citations(tmp_path))


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("Rule 2:", "Rule 3:", "not the rules 1 to 2 in order"),
        ("\n\nSources: none.\n\n## Rule 2", "\n\n## Rule 2", "rule 1 does not end with its sources"),
        ("**1b**", "**1a**", "the parts of rule 1 are 1a, 1a"),
        ("**1b**", "**2b**", "the parts of rule 1 are 1a, 2b"),
        ("## Rule 2", "## Else\n- **3a** Three.\n\n## Rule 2", "a label stands outside the rules"),
    ],
)
def test_a_wrong_page_is_found(right: str, wrong: str, fault: str) -> None:
    assert faults_of_page(SMALL_PAGE, rules=2) == []
    assert right in SMALL_PAGE
    assert fault in faults_of_page(SMALL_PAGE.replace(right, wrong), rules=2)


@pytest.mark.parametrize(
    ("contents", "fault"),
    [
        (SMALL_CONTENTS.replace("1 to 2", "1 to 3"), "rules/small.md does not hold the rules 1 to 3"),
        ("", "rules/small.md is not listed"),
    ],
)
def test_a_wrong_list_of_chapters_is_found(tmp_path: Path, contents: str, fault: str) -> None:
    (tmp_path / "docs/rules").mkdir(parents=True)
    (tmp_path / "docs/rules.md").write_text(SMALL_CONTENTS)
    (tmp_path / "docs/rules/small.md").write_text(SMALL_PAGE)
    assert faults_of_contents(tmp_path) == []

    (tmp_path / "docs/rules.md").write_text(contents)

    assert faults_of_contents(tmp_path) == [fault]
