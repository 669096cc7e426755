"""The library `counting` is whole: it works, and its own tests pass, where nothing else of the project can be imported."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# the suite tries all: here one block of the random elections will do, and ten cases of each property
FEW = ("-k", "not ([1] or [2] or [3])", "--hypothesis-profile=few")
REST_OF_THE_PROJECT = ("api", "schema", "actions", "db", "domain", "planner", "bench", "tests")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with a copy of counting and nothing else."""
    shutil.copytree(ROOT / "counting", tmp_path / "counting", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def python(folder: Path, *arguments: str) -> str:
    """What Python says, run in the folder."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_own_tests_pass_with_nothing_else_of_the_project(elsewhere: Path) -> None:
    found = f"from importlib.util import find_spec; print([n for n in {REST_OF_THE_PROJECT} if find_spec(n)])"
    assert python(elsewhere, "-c", found) == "[]\n"

    told = python(
        elsewhere, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", *FEW, "counting/tests"
    )

    assert " passed" in told


def test_it_counts_with_nothing_installed(elsewhere: Path) -> None:
    told = python(
        elsewhere,
        "-I",  # neither this folder nor anything of the user's
        "-S",  # nor what is installed
        "-c",
        "import sys; sys.path.insert(0, '.')\n"
        "import counting\n"
        "with open('counting/elections/ers97_model.blt', 'rb') as file:\n"
        "    count = counting.count_election(counting.read_blt(file), counting.CountingMethod.ERS97)\n"
        "print(*counting.report(count)['elected'])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))",
    )

    assert told.splitlines() == ["Smith Duke Carpenter Prince Vicar Freeman", "__main__ counting"]
