"""The files of migrations: in one line of descent, each with its number and one subject."""

import asyncio
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from db import migrate
from tests.api.rehearsals import execute

SCRIPTS = ScriptDirectory.from_config(migrate.config())
NEWEST_FIRST = list(SCRIPTS.walk_revisions())


def test_migrations_are_one_line_of_descent_and_state_their_subject() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    for script in NEWEST_FIRST:
        check_form(script)


def check_form(script: Script) -> None:
    subject, _, rest = str(script.module.__doc__).partition("\n")
    assert subject.endswith("."), script.path
    assert not rest.strip(), f"{script.path}: one subject, one line"
    assert Path(script.path).name.startswith(f"{script.revision}_"), script.path


def test_a_new_revision_has_the_next_number_and_the_limits_of_all(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = shutil.copytree(SCRIPTS.dir, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    made = migrate.config

    def elsewhere(connection: sa.Connection | None = None) -> Config:
        copied = made(connection)
        copied.set_main_option("script_location", str(scripts))
        return copied

    monkeypatch.setattr(migrate, "config", elsewhere)
    asyncio.run(execute(database, "alter table trust drop column website", "select 1"))

    asyncio.run(migrate.write_revision(database, "Seats of governing bodies."))

    revisions = list(ScriptDirectory.from_config(elsewhere()).walk_revisions())
    assert (revisions[0].revision, revisions[0].down_revision) == (f"{len(revisions):04}", NEWEST_FIRST[0].revision)
    check_form(revisions[0])
    written = Path(revisions[0].path).read_text(encoding="utf-8")
    assert "website" in written
    assert "timeout" not in written
