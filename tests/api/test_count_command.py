"""`python -m api count`, as a process."""

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from counting import draw

from .test_commands import command, sentence

MARYFIELD = "counting/elections/dundee_2022_ward5_maryfield.blt"
TIED = '2 1\n5 1 0\n5 2 0\n0\n<Ann> [bold]\n=Bob\n"A ""small"" <b>poll</b>"\n"[by] post"\n'


@pytest.fixture
def tied(tmp_path: Path) -> str:
    file = tmp_path / "tied.blt"
    file.write_text(TIED, encoding="utf-8")
    return str(file)


def output(*arguments: str) -> str:
    done = command("count", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_table_the_sentences_and_the_result() -> None:
    shown = output("counting/elections/ers97_model.blt", "--rule", "ers97")

    assert "107.58" in shown
    assert "Monk had the fewest votes and was excluded; 14 papers went to Vicar" in " ".join(shown.split())
    assert shown.rstrip().endswith("Elected: Smith, Duke, Carpenter, Prince, Vicar, Freeman")


def test_json_is_what_was_published() -> None:
    told = json.loads(output(MARYFIELD, "--rule", "scottish", "--json"))

    assert [told[key] for key in ("rule", "quota", "seats", "valid", "blank")] == ["scottish", "1054.00000", 3, 4213, 0]
    assert told["elected"] == ["Ken LYNN", "Georgia CRUICKSHANK", "Lynne SHORT"]
    last = told["stages"][-1]
    assert (last["stage"], last["event"]) == (7, "exclusion of Danielle MARR")
    assert (last["votes"]["Lynne SHORT"], last["non_transferable"]) == ("1058.95252", "448.47125")


def test_csv_has_a_line_a_candidate_and_no_formula(tied: str) -> None:
    rows = list(csv.reader(io.StringIO(output(tied, "--rule", "scottish", "--seed", "s", "--csv"))))

    assert [row[0] for row in rows] == ["Candidate", "<Ann> [bold]", "'=Bob", "Non-transferable", "Quota", "Elected"]
    assert rows[1][1] == "5.00000"


def test_the_page_needs_nothing_else_and_escapes_names(tied: str) -> None:
    page = output(tied, "--rule", "alternative_vote", "--seed", "s", "--html")

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in ("script", "link", "img", "b")
            assert not {"src", "href"} & dict(attrs).keys()

    Links().feed(page)
    assert "<svg" in page
    assert "&lt;Ann&gt; [bold]" in page
    assert "Lots were drawn from the seed <code>s</code>" in page


def test_a_tie_needs_a_seed_and_says_what_the_lot_decided(tied: str) -> None:
    names = ["<Ann> [bold]", "=Bob"]

    assert sentence(command("count", tied, "--rule", "scottish")) == (
        "<Ann> [bold] and =Bob are equal at every stage: a lot has to be drawn, give a seed."
    )
    shown = output(tied, "--rule", "scottish", "--seed", "s")
    assert f"Elected: {draw('s', names)[0]}" in shown
    assert "the lot decided" in " ".join(shown.split())
    assert "  [by] post\n" in shown


def test_seats_withdrawals_reserved_seats_and_vacancies() -> None:
    def elected(*more: str) -> list[str]:
        return list(json.loads(output(MARYFIELD, "--rule", "meek", "--json", *more))["elected"])

    assert len(elected("--seats", "2")) == 2
    assert "Ken LYNN" not in elected("--withdrawn", "Ken LYNN", "Ewan GURR")
    assert "Ewan GURR" in elected("--at-least", "1", "Ewan GURR", "Rebecca DEWAR", "--withdrawn", "Rebecca DEWAR")
    vacancy = json.loads(output(MARYFIELD, "--rule", "meek", "--json", "--vacancy", "Ken LYNN"))
    assert set(vacancy["elected"]) > {"Georgia CRUICKSHANK", "Lynne SHORT"}
    assert vacancy["vacancy"] == {"leaver": "Ken LYNN", "filled_by": "Martha Elizabeth SMART"}
    shown = output(MARYFIELD, "--rule", "meek", "--vacancy", "Ken LYNN")
    assert shown.rstrip().endswith("In the seat of Ken LYNN: Martha Elizabeth SMART")


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.blt"
    broken.write_text("3 1\n1 4 0\n", encoding="utf-8")

    assert sentence(command("count", "no.blt", "--rule", "meek")) == "no.blt can't be read: No such file or directory."
    assert "can't be read" in sentence(command("count", "data", "--rule", "meek"))
    assert sentence(command("count", str(broken), "--rule", "meek")) == (
        "Line 2, column 3: There is no candidate 4: they are numbered 1 to 3."
    )
    assert "no candidate Nobody" in sentence(command("count", MARYFIELD, "--rule", "meek", "--withdrawn", "Nobody"))
    assert "takes a number" in sentence(command("count", MARYFIELD, "--rule", "meek", "--at-least", "one", "Ken LYNN"))
    assert "no seats" in sentence(command("count", MARYFIELD, "--rule", "meek", "--seats", "0"))
    assert "fills one seat" in sentence(command("count", MARYFIELD, "--rule", "alternative_vote"))
    assert "was elected leaves" in sentence(command("count", MARYFIELD, "--rule", "meek", "--vacancy", "Ewan GURR"))
