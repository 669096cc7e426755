"""Ballot files in and out, and what is said of files that are none."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counting import Contest, CountRefused, Fault, read_blt, write_blt

from .contests import ELECTIONS, contests, published, published_contest

PLAIN = "3 1\n4 1 2 0\n2 3 0\n0\nAnn\nBob\nCyd\nForum\n"
names = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(str.strip).filter(bool)


def read(text: str | bytes) -> Contest:
    data = text.encode() if isinstance(text, str) else text
    return read_blt(data.splitlines(keepends=True))


def fault(text: str | bytes) -> tuple[Fault, int | None, int | None]:
    with pytest.raises(CountRefused) as refusal:
        read(text)
    assert refusal.value.line is None or f"Line {refusal.value.line}" in str(refusal.value)
    return refusal.value.fault, refusal.value.line, refusal.value.column


def test_a_file_with_everything_a_file_may_have() -> None:
    contest = read(
        "\ufeff  # from the returning officer\r\n"
        "4 2   # candidates, seats\r\n"
        "-2 -4\r\n"
        "\r\n"
        "   3 1 2 0\r\n"
        "1\t1 2 0  # again, so it is four\r\n"
        "2 1=3 - 2 0\r\n"
        "5 0\r\n"
        "0\r\n"
        'Ann "Nan" O’Neill\r\n'
        '  "Bob ""Bobby"" # Łoś"  # a comment\r\n'
        "\u202bسارة # not a comment\r\n"
        '"D=E, [F]"\r\n'
        '"Forum ""2026"""'
    )

    assert contest.candidates == ('Ann "Nan" O’Neill', 'Bob "Bobby" # Łoś', "\u202bسارة # not a comment", "D=E, [F]")
    assert contest.title == 'Forum "2026"'
    assert (contest.seats, contest.withdrawn) == (2, frozenset({1, 3}))
    assert contest.papers == {(0, 1): 4, ((0, 2), (), 1): 2, (): 5}


def test_a_description_in_quotes_behind_the_name_is_left_out_where_names_differ() -> None:
    file = '2 1\n1 1 0\n0\n"Ann LEE ""Labour"""\n"{}"\n"Ward"\n'

    assert read(file.format('Bob RAY ""Green""')).names == ("Ann LEE", "Bob RAY")
    assert read(file.format('Ann LEE ""Green""')).names == ('Ann LEE "Labour"', 'Ann LEE "Green"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (Fault.FILE_TRUNCATED, 1, 1)),
        ("# nothing\n\n", (Fault.FILE_TRUNCATED, 3, 1)),
        ("three 1\n", (Fault.NUMBER_EXPECTED, 1, 1)),
        ("3 one\n", (Fault.NUMBER_EXPECTED, 1, 3)),
        ("3\n", (Fault.NUMBER_EXPECTED, 1, 1)),
        ("0 1\n0\nForum\n", (Fault.NO_CANDIDATES, 1, 1)),
        ("3 0\n", (Fault.NO_SEATS, 1, 1)),
        ("3 -1\n", (Fault.NO_SEATS, 1, 1)),
        ("3 1\n-4\n0\n", (Fault.CANDIDATE_UNKNOWN, 2, 1)),
        ("3 1\n1 4 0\n", (Fault.CANDIDATE_UNKNOWN, 2, 3)),
        ("3 1\n1 1 2=9 0\n", (Fault.CANDIDATE_UNKNOWN, 2, 5)),
        ("3 1\n1 1 -2 0\n", (Fault.CANDIDATE_UNKNOWN, 2, 5)),
        ("3 1\n1 1 x 0\n", (Fault.NUMBER_EXPECTED, 2, 5)),
        ("3 1\n    1 x 0\n", (Fault.NUMBER_EXPECTED, 2, 7)),
        ("3 1\n-1 -9\n", (Fault.CANDIDATE_UNKNOWN, 2, 4)),
        ('2 1\n1 1 0\n0\n"A\x1b[1m"\n', (Fault.NAME_MALFORMED, 4, 1)),
        ("3 1\n1 " + "1 " * 60_000 + "0\n", (Fault.NUMBER_EXPECTED, 2, 1)),
        (b"2 1\n1 1 0\n0\n\xc5\x81\xc5\x81\xf6\n", (Fault.FILE_ENCODING, 4, 3)),
        ("3 1\n1.5 1 0\n", (Fault.NUMBER_EXPECTED, 2, 1)),
        ("3 1\n1 1 0\n-2\n", (Fault.NUMBER_EXPECTED, 3, 1)),
        ("3 1\n0 1 0\n", (Fault.NUMBER_EXPECTED, 2, 1)),
        ("3 1\n1 1 2\n", (Fault.FILE_TRUNCATED, 2, 6)),
        ("3 1\n1 1 2 0\n1 3", (Fault.FILE_TRUNCATED, 3, 4)),
        ("3 1\n1 1 2 0\n", (Fault.FILE_TRUNCATED, 3, 1)),
        ("3 1\n1 1 0\n0\nAnn\nBob\n", (Fault.FILE_TRUNCATED, 6, 1)),
        ("3 1\n1 1 0\n0\nAnn\nBob\nCyd\n", (Fault.FILE_TRUNCATED, 7, 1)),
        ('2 1\n1 1 0\n0\n"Ann\nBob\nForum\n', (Fault.NAME_MALFORMED, 4, 4)),
        ('2 1\n1 1 0\n0\n""\nBob\nForum\n', (Fault.NAME_MALFORMED, 4, 1)),
        ("2 1\n1 1 0\n0\nAnn\nAnn\nForum\n", (Fault.NAME_TWICE, None, None)),
        ("2 1\n1 1 0\n0\nAnn\nBob\nCyd\nForum\n", (Fault.NAMES_TOO_MANY, 7, 1)),
        (b"2 1\n1 1 0\n0\nAnn\nBj\xf6rn\nForum\n", (Fault.FILE_ENCODING, 5, 3)),
        (b"2 1\n1 1 0\n\x00\n", (Fault.NUMBER_EXPECTED, 3, 1)),
        ("2 1\n9999999999999999999999999999999 1 0\n", (Fault.NUMBER_EXPECTED, 2, 1)),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(
    text: str | bytes, expected: tuple[Fault, int | None, int | None]
) -> None:
    assert fault(text) == expected


@pytest.mark.parametrize("file", published())
def test_a_file_cut_off_anywhere_is_never_taken_for_a_whole_one(file: str) -> None:
    whole = (ELECTIONS / file).read_bytes()
    title = published_contest(file).title

    for end in range(0, len(whole) - len(title.encode()) - 3, max(len(whole) // 300, 1)):
        assert fault(whole[:end])[0] in (Fault.FILE_TRUNCATED, Fault.NAME_MALFORMED, Fault.NUMBER_EXPECTED)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_contest_or_a_fault(data: bytes) -> None:
    try:
        read(data)
    except CountRefused as refusal:
        assert refusal.fault in Fault


@given(st.text('0123 -=#\n"A', max_size=60))
def test_anything_like_a_file_is_a_contest_that_comes_back_or_a_fault(tail: str) -> None:
    try:
        contest = read("2 1\n" + tail)
    except CountRefused:
        return
    assert read(write_blt(contest)) == contest


@given(contests(), st.lists(names, min_size=7, max_size=7, unique=True))
def test_a_contest_written_and_read_is_the_same_whatever_the_names(contest: Contest, texts: list[str]) -> None:
    named = Contest(texts[6], contest.seats, tuple(texts[: len(contest.candidates)]), contest.papers, contest.withdrawn)

    assert read(write_blt(named)) == named


@given(contests(), st.lists(names, min_size=6, max_size=6, unique=True), st.lists(names, max_size=3))
def test_remarks_come_back_as_well(contest: Contest, texts: list[str], remarks: list[str]) -> None:
    named = replace(contest, candidates=tuple(texts[: len(contest.candidates)]), remarks=tuple(remarks))

    assert read(write_blt(named)) == named


@pytest.mark.parametrize("file", published())
def test_published_files_come_back_the_same(file: str) -> None:
    contest = published_contest(file)

    assert read(write_blt(contest)) == contest
    assert write_blt(read(write_blt(contest))) == write_blt(contest)


@pytest.mark.parametrize("name", ['"Ann"', '"Ann" "Labour"', '""Ann""', '"Ann" # Labour', "# 1: Ann", '"'])
def test_a_name_that_looks_like_another_form_comes_back(name: str) -> None:
    contest = Contest("Forum", 1, (name, "Cyd"), {(0,): 1}, remarks=(name,))

    assert read(write_blt(contest)) == contest


@pytest.mark.parametrize("name", ["", " Ann", "Ann\nBob", "Ann\r"])
def test_a_name_that_would_not_come_back_is_not_written(name: str) -> None:
    for contest in (
        Contest("Forum", 1, (name, "Cyd"), {(0,): 1}),
        Contest("Forum", 1, ("Ann", "Cyd"), {(0,): 1}, remarks=(name,)),
        Contest('Forum "of the North"', 1, ("Ann", "Cyd"), {(0,): 1}, remarks=("a remark",)),
    ):
        with pytest.raises(CountRefused) as refusal:
            write_blt(contest)
        assert refusal.value.fault is Fault.NAME_MALFORMED


def test_a_large_file_is_read_line_by_line() -> None:
    def lines() -> Iterator[bytes]:  # never all there at once
        yield b"3 1\n"
        for number in range(200_000):
            yield b"1 1 2 3 0\n" if number % 2 else b"1 3 1 0\n"
        yield from b"0\nAnn\nBob\nCyd\nForum\n".splitlines(keepends=True)

    tracemalloc.start()
    contest = read_blt(lines())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert contest.papers == {(2, 0): 100_000, (0, 1, 2): 100_000}
    assert peak < 1_000_000, "200,000 lines at once would be ten times as much"
