"""The example of the README does what it says."""

import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from .conftest import Toy

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
ASKED = "{ books(first: 2) { totalCount nodes { title } } }"


def imported(file: Path) -> ModuleType:
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[file.stem] = module  # Strawberry looks for annotations there
    spec.loader.exec_module(module)
    return module


def test_the_example_answers(toy: Toy, tmp_path: Path) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert ASKED in README
    file = tmp_path / "readme_example.py"
    file.write_text(source, encoding="utf-8")

    found = json.loads(toy.run(imported(file).answer(toy.app, toy.here.library_id, ASKED)))

    on_the_shelf = "from book where library_id = $1 and not is_withdrawn"
    assert found["books"]["totalCount"] == toy.run(
        toy.owner.fetchval(f"select count(*) {on_the_shelf}", toy.here.library_id)
    )
    titles = toy.run(toy.owner.fetch(f"select title {on_the_shelf} order by id limit 2", toy.here.library_id))
    assert found["books"]["nodes"] == [dict(row) for row in titles]
