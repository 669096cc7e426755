"""No room is crowded: what is written by hand is short."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 350  # lines
LAYERS = ("api", "schema", "actions", "db", "domain", "planner", "counting", "tests", "bench")


def test_no_file_is_longer_than_a_newcomer_reads() -> None:
    """Two migrations of old are: nobody changes them."""
    pages = (path for pattern in ("*.md", "docs/**/*.md", "data/*.md") for path in ROOT.glob(pattern))
    code = (path for layer in LAYERS for kind in ("py", "md") for path in (ROOT / layer).rglob(f"*.{kind}"))
    long = {
        str(path.relative_to(ROOT))
        for path in (*pages, *code)
        if "node_modules" not in path.parts and len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }
    old = {f"db/migrations/versions/{name}.py" for name in ("0001_first_tables", "0002_membership_in_full")}
    assert long == old
