"""What the planner needs: Python, graphql-core, Strawberry and orjson."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
ALLOWED = {"graphql", "strawberry", "orjson"}


def test_the_planner_needs_nothing_else() -> None:
    found = {
        (name.partition(".")[0], path.name)
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
    }

    assert {(name, path) for name, path in found if name not in ALLOWED | sys.stdlib_module_names} == set()
    assert {name for name, _ in found} >= ALLOWED


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module else []
