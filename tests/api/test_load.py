"""Loading the five trusts: complete, repeatable, and clear about what it refuses."""

import asyncio
import shutil
from pathlib import Path

import pytest

from api.cli.load import DataError, load, read_packs
from api.settings import ROOT
from db.connection import connect
from domain.trusts.loading import Change

DATA = ROOT / "data"


def test_the_five_trusts_have_their_schools_and_a_second_load_changes_nothing(database: str) -> None:
    async def story() -> None:
        connection = await connect(database)
        schools = await connection.fetch(
            "select t.slug, a.kind, count(*) as schools from trust t join school s on s.trust_id = t.id"
            " join affiliation a on a.trust_id = t.id and a.school_id = s.id group by 1, 2"
        )
        audits = await connection.fetchval("select count(*) from audit_event")
        report = await load(database, with_people=True)
        again = await connection.fetchval("select count(*) from audit_event")
        await connection.close()

        assert {(row["slug"], row["kind"]): row["schools"] for row in schools} == {
            ("leek-learning-trust", "ACADEMY"): 9,
            ("leek-learning-trust", "ASSOCIATE"): 1,
            ("collegiate-trust", "ACADEMY"): 7,
            ("uttoxeter-learning-trust", "ACADEMY"): 8,
            ("uttoxeter-learning-trust", "ASSOCIATE"): 3,
            ("care-foundation-trust", "FOUNDATION"): 7,
            ("care-foundation-trust", "PARTNERSHIP_MEMBER"): 3,
            ("wessex-learning-trust", "ACADEMY"): 18,
        }
        assert all(change is Change.UNCHANGED for _, change in report.changes)
        assert not report.refused
        assert again == audits

    asyncio.run(story())


def test_a_changed_fact_is_changed_and_a_bad_row_is_refused_with_its_reason(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    file = folder / "establishments.csv"
    text = file.read_text(encoding="utf-8")
    text = text.replace(",198,Roman Road", ",200,Roman Road").replace("118373,Brook", "11837X,Brook")
    file.write_text(
        text + '999999,New School,,Primary,,,Kent,,,"1,000",,,,,,CARE Foundation Trust,,x\n', encoding="utf-8"
    )

    async def story() -> None:
        report = await load(database, folder)
        connection = await connect(database)
        pupils = await connection.fetchval("select pupils from school where urn = 118365")
        await connection.close()

        assert report.changes["school", Change.CHANGED] == 1
        assert pupils == 200
        assert any("11837X" in refusal and "whole number" in refusal for refusal in report.refused)
        assert any("999999" in refusal and "whole number" in refusal for refusal in report.refused)

    asyncio.run(story())


@pytest.mark.parametrize("name", ["trusts.json", "establishments.csv", "rulesets.json"])
def test_a_missing_or_broken_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)

    (folder / name).write_bytes(b'\xff\xfe"')
    with pytest.raises(DataError, match=name):
        list(read_packs(folder, with_people=False))
    (folder / name).unlink()
    with pytest.raises(DataError, match=name):
        list(read_packs(folder, with_people=False))
