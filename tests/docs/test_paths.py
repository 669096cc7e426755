"""Whoever names a file of ours names one that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
AREAS = r"api|schema|actions|db|domain|planner|counting|portal|bench"
FILE = re.compile(rf"(?<![\w/.-])(?:(?:{AREAS})/[\w/-]+\.py|data/[\w/-]+\.(?:json|csv))\b")


def sources() -> list[Path]:
    """What we write: the pages, and all Python but the tests, whose examples may be of files that are not there."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [
        *pages,
        *(path for area in AREAS.split("|") for kind in ("py", "md") for path in (ROOT / area).rglob(f"*.{kind}")),
    ]


def test_every_file_that_is_named_is_there() -> None:
    missing = {
        f"{path.relative_to(ROOT)}: {named}"
        for path in sources()
        if path.name != "CHANGELOG.md"
        for named in FILE.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / named).exists()
    }

    assert missing == set()


def test_a_missing_file_would_be_noticed() -> None:
    assert FILE.findall("as in `planner/documents.py`, data/schools.csv") == [
        "planner/documents.py",
        "data/schools.csv",
    ]
