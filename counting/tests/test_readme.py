"""What the README shows is what happens."""

import doctest
from pathlib import Path


def test_the_example_of_the_readme() -> None:
    page = Path(__file__).parents[1] / "README.md"

    failed, tried = doctest.testfile(str(page), module_relative=False)

    assert tried > 4
    assert not failed
