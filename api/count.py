"""`python -m api count`: counts the papers of a ballot file and shows how."""

import argparse
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from counting import (
    ELECTION_METHODS,
    AtLeast,
    Contest,
    Count,
    CountingMethod,
    CountRefused,
    Fault,
    RejectionHeading,
    check_seed,
    count_election,
    count_vacancy,
    read_blt,
    report,
    report_csv,
)

from .pages import page

RULES = tuple(method.value.lower() for method in ELECTION_METHODS)
SOON_READ = 10_000_000  # bytes
COLUMN = 14  # characters of a stage in a table; NAMES of the names beside them
NAMES = 24
BAR = 36  # pixels: the height of the longest bar of the chart


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a ballot file in the BLT form")
    parser.add_argument("--rule", required=True, choices=RULES, help="how it is counted (docs/counting.md)")
    parser.add_argument("--seats", type=int, help="another number of seats than the file says")
    parser.add_argument("--seed", help="what lots are drawn from, if equal candidates need one")
    parser.add_argument("--commitment", help="what was published of the seed before voting closed, to check it by")
    parser.add_argument("--withdrawn", nargs="+", default=[], metavar="NAME", help="candidates to pass over")
    parser.add_argument(
        "--at-least",
        nargs="+",
        action="append",
        default=[],
        metavar=("NUMBER", "NAME"),
        help="seats kept for a group of candidates, such as 1 Ann Bob; may be given again",
    )
    parser.add_argument("--vacancy", metavar="NAME", help="fill the seat of somebody elected who leaves")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="for machines")
    form.add_argument("--html", dest="form", action="store_const", const="html", help="a page with a chart")
    form.add_argument("--csv", dest="form", action="store_const", const="csv", help="for a spreadsheet")


def count_file(arguments: argparse.Namespace) -> str | None:
    """The count in the form asked for; shown as tables, and None, if none was. Faults: those of reading and counting."""
    contest = _contest(arguments)
    if arguments.seed is not None and not arguments.seed.isprintable():
        raise CountRefused(Fault.SEED_WRONG, "A seed is printable text.")
    if arguments.commitment is not None:
        check_seed(arguments.seed or "", arguments.commitment)
    method = CountingMethod[arguments.rule.upper()]
    count = count_election(contest, method, arguments.seed)
    vacancy: dict[str, Any] = {}
    if arguments.vacancy is not None:
        before = count.elected
        count = count_vacancy(contest, method, before, _candidate(contest, arguments.vacancy), arguments.seed)
        new = [contest.names[each] for each in count.elected if each not in before]
        vacancy = {"vacancy": {"leaver": arguments.vacancy, "filled_by": new[0] if new else None}}
    if arguments.form == "json":
        return json.dumps(report(count, arguments.seed) | vacancy, ensure_ascii=False, indent=1)
    if arguments.form == "csv":
        return report_csv(count).rstrip()
    if arguments.form == "html":
        return count_page(count, arguments.seed, **vacancy)
    console = Console(markup=False, emoji=False, highlight=False)  # names are shown as they are
    _show(console, count)
    for each in vacancy.values():
        console.print(f"In the seat of {each['leaver']}: {each['filled_by'] or 'nobody'}")
    return None


def count_page(count: Count, seed: str | None = None, vacancy: Mapping[str, str | None] | None = None) -> str:
    """The count as one HTML page: result, chart, what happened, table."""
    shown = {"count": report(count, seed), "method": count.method.description, "vacancy": vacancy}
    return page("count.html", {**shown, "headings": _headings(count), "chart": _chart(count)})


def _contest(arguments: argparse.Namespace) -> Contest:
    with arguments.file.open("rb") as file:
        contest = read_blt(_lines(file))
    withdrawn = contest.withdrawn | {_candidate(contest, name) for name in arguments.withdrawn}
    reserved = tuple(_reserved(contest, words) for words in arguments.at_least)
    seats = contest.seats if arguments.seats is None else arguments.seats
    return replace(contest, seats=seats, withdrawn=withdrawn, reserved=reserved)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, with a bar that shows how much is read; it moves now and then, for a line is soon read."""
    size = os.fstat(file.fileno()).st_size
    with Progress(console=Console(stderr=True), transient=True, disable=size < SOON_READ) as progress:
        task = progress.add_task("Reading", total=size)
        while lines := file.readlines(1 << 20):
            yield from lines
            progress.advance(task, sum(map(len, lines)))


def _reserved(contest: Contest, words: Sequence[str]) -> AtLeast:
    number, *names = words
    if not number.isdecimal() or len(number) > 6 or not names:
        raise CountRefused(Fault.NUMBER_EXPECTED, "--at-least takes a number and the names of candidates.")
    return AtLeast(int(number), frozenset(_candidate(contest, name) for name in names), " or ".join(names))


def _candidate(contest: Contest, name: str) -> int:
    try:
        return contest.names.index(name)
    except ValueError:
        known = ", ".join(contest.names)
        raise CountRefused(Fault.CANDIDATE_UNKNOWN, f"There is no candidate {name}, only {known}.") from None


def _headings(count: Count) -> list[tuple[str, int]]:
    return [(heading.description, count.rejected[heading]) for heading in RejectionHeading if heading in count.rejected]


def _chart(count: Count) -> list[dict[str, Any]]:
    """A row of bars for each candidate, one a stage, in pixels; a quota line on each."""
    largest = max([1, *(votes for stage in count.stages for votes in (*stage.votes, stage.quota or 0))])
    elected_at = {each: stage.number for stage in count.stages for each in stage.elected}
    return [
        {
            "name": count.contest.names[candidate],
            "bars": [
                {
                    "height": stage.votes[candidate] * BAR // largest,
                    "quota": None if stage.quota is None else stage.quota * BAR // largest,
                    "elected": elected_at.get(candidate, len(count.stages) + 1) <= stage.number,
                    "votes": count.text(stage.votes[candidate]),
                }
                for stage in count.stages
            ],
        }
        for candidate in (*count.elected, *(each for each in count.contest.standing if each not in elected_at))
    ]


def _show(console: Console, count: Count) -> None:
    told = report(count)
    title = told["title"] or "Count"
    papers, seats = ("paper" if count.valid == 1 else "papers"), ("seat" if told["seats"] == 1 else "seats")
    console.print(f"{title}, {told['rule']}: {count.valid} valid {papers}, {told['seats']} {seats}", style="bold")
    for remark in count.contest.remarks:
        console.print(f"  {remark}")
    for group in told["reserved"]:
        console.print(f"  seats kept: {group['number']} for {', '.join(group['candidates'])}")
    for heading, number in _headings(count):
        console.print(f"  rejected {number}: {heading}")
    across = max((console.width - NAMES) // COLUMN, 1)
    for first in range(0, len(told["stages"]), across):
        console.print(_table(told, told["stages"][first : first + across]))
    for stage in told["stages"]:
        console.print(f"{stage['stage']}. {stage['sentence']}")
    elected = ", ".join(told["elected"]) or "nobody"
    console.print(f"\nElected: {elected}", style="bold")


def _table(told: dict[str, Any], stages: Sequence[dict[str, Any]]) -> Table:
    table = Table()
    table.add_column("", overflow="fold", max_width=NAMES)
    for stage in stages:
        table.add_column(f"{stage['stage']}. {stage['event']}", justify="right", overflow="fold")
    for name in told["candidates"]:
        cells = [stage["votes"][name] for stage in stages]
        table.add_row(name, *cells, style="bold" if name in told["elected"] else None)
    table.add_section()
    table.add_row("Non-transferable", *(stage["non_transferable"] for stage in stages))
    if told["quota"] is not None:
        table.add_row("Quota", *(stage["quota"] for stage in stages))
    return table
