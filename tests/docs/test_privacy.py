"""docs/privacy.md says what the tables declare."""

from .privacy import PAGE, page


def test_the_page_on_privacy_says_what_the_tables_declare() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.docs.privacy` and read the difference"
