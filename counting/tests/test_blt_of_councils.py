"""Ballot files as councils write them: names are read in each of their forms, and of papers nothing is guessed."""

import time

import pytest

from counting import Contest, CountingMethod, Fault, count_election

from .test_blt import fault, read

PAPERS = "3 2\n212 2 1 0\n134 1 0\n97 3 2 1 0\n0\n"
STRINGS = """"Mairi CAMPBELL" "Scottish National Party (SNP)"
"Iain MacRAE" "Independent"
"Jérémie O'NEILL" "Labour and Co-operative Party"
"Ward 9 - Glen and Strath"
"""
DOUBLED_WITHIN = """"Mairi CAMPBELL ""Scottish National Party (SNP)\"""
"Iain MacRAE ""Independent\"""
"Jérémie O'NEILL ""Labour and Co-operative Party\"""
Ward 9 - Glen and Strath
"""
CELLS = """\"""Mairi CAMPBELL"" ""Scottish National Party (SNP)\"""
\"""Iain MacRAE"" ""Independent\"""
\"""Jérémie O'NEILL"" ""Labour and Co-operative Party\"""
\"""Ward 9 - Glen and Strath\"""
"""
DOUBLED = """""Mairi CAMPBELL"" ""Scottish National Party (SNP)""
""Iain MacRAE"" ""Independent""
""Jérémie O'NEILL"" ""Labour and Co-operative Party""
""Ward 9 - Glen and Strath""
"""
COMMENTS = """# ALTERNATIVE NAME 1: Mairi CAMPBELL (SNP)
# ALTERNATIVE NAME 2: Iain MacRAE (Ind)
# ALTERNATIVE NAME 3: Jérémie O'NEILL (Lab)
Ward 9 - Glen and Strath
"""
FORMS = (STRINGS, DOUBLED_WITHIN, CELLS, DOUBLED, COMMENTS)
with_each_form = pytest.mark.parametrize("names", FORMS, ids=["strings", "within", "cells", "doubled", "comments"])


def in_pieces(text: str) -> list[str]:
    """The text cut off after each of its characters but for the title, the last line."""
    title = len(text.splitlines()[-1])
    return [text[:end] for end in range(len(text) - title)]


@pytest.mark.parametrize("names", FORMS[:4], ids=["strings", "within", "cells", "doubled"])
def test_the_party_stands_behind_the_name_however_it_is_quoted(names: str) -> None:
    contest = read(PAPERS + names)

    assert contest.candidates == (
        'Mairi CAMPBELL "Scottish National Party (SNP)"',
        'Iain MacRAE "Independent"',
        'Jérémie O\'NEILL "Labour and Co-operative Party"',
    )
    assert contest.names == ("Mairi CAMPBELL", "Iain MacRAE", "Jérémie O'NEILL")
    assert contest.title == "Ward 9 - Glen and Strath"


def test_names_given_only_in_comments_are_names() -> None:
    contest = read(PAPERS + COMMENTS)

    assert contest.names == ("Mairi CAMPBELL (SNP)", "Iain MacRAE (Ind)", "Jérémie O'NEILL (Lab)")
    assert contest.title == "Ward 9 - Glen and Strath"


@pytest.mark.parametrize("comment", ["# Candidate 2: Iain", "#2: Iain", '# candidate name 2: "Iain"'])
def test_comments_that_number_names(comment: str) -> None:
    assert read(f"2 1\n1 1 0\n0\n# Candidate 1: Ann\n{comment}\nForum\n").candidates == ("Ann", "Iain")


@pytest.mark.parametrize(
    "comments",
    [
        "# Ann\n# Iain",  # not numbered
        "# 1: Ann",
        "# 2: Iain\n# 1: Ann",
        "# 1: Ann\n# 3: Iain",
        "# Ward 1: Ann\n# Ward 2: Iain",
        "# 1: Ann\nForum\n# 2: Iain",  # after the title
    ],
)
def test_other_comments_are_no_names(comments: str) -> None:
    assert fault(f"2 1\n1 1 0\n0\n{comments}\nForum\n")[0] is Fault.FILE_TRUNCATED


def test_a_file_that_has_names_does_not_need_those_in_comments() -> None:
    whole = "2 1\n1 1 0\n0\n# 1: Ann\n# 2: Iain\nAnn\nIain\nForum\n"

    assert (read(whole).candidates, read(whole).title) == (("Ann", "Iain"), "Forum")
    for piece in in_pieces(whole):
        assert fault(piece)[0] in (Fault.FILE_TRUNCATED, Fault.NUMBER_EXPECTED)


def test_quoted_lines_after_the_title_are_remarks_and_change_no_count() -> None:
    plain = read(PAPERS + STRINGS)
    contest = read(PAPERS + STRINGS + '\n"Count of 6 May, ""final"""\n# a comment\n""\n"By" "post"\n')

    assert contest.title == plain.title
    assert contest.remarks == ('Count of 6 May, "final"', 'By "post"')
    assert (
        count_election(contest, CountingMethod.SCOTTISH).stages == count_election(plain, CountingMethod.SCOTTISH).stages
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("By post\n", (Fault.NAMES_TOO_MANY, 10, 1)),  # without quotes it may be anything
        ('"By post\n', (Fault.NAME_MALFORMED, 10, 8)),
        ('"' + '"\n"'.join(["again"] * 102) + '"\n', (Fault.NAMES_TOO_MANY, 110, 1)),
    ],
)
def test_what_is_no_remark(after: str, expected: tuple[Fault, int, int]) -> None:
    assert fault(PAPERS + STRINGS + after) == expected


def test_one_candidate_more_than_the_file_says_is_no_title() -> None:
    assert fault(PAPERS.replace("3 2", "2 2", 1).replace("97 3 2 1 0\n", "") + STRINGS) == (Fault.NAMES_TOO_MANY, 8, 1)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ('"Ann" Labour', 12),
        ('"Ann" "Labour', 13),
        ('"Ann", "Labour"', 15),
        ('""Ann"" ""Labour"', 17),
        ('"" "Labour"', 11),
    ],
)
def test_a_name_that_is_none_of_these_is_refused(name: str, column: int) -> None:
    assert fault(f"2 1\n1 1 0\n0\n{name}\nIain\nForum\n") == (Fault.NAME_MALFORMED, 4, column)


@pytest.mark.parametrize(
    "line", ["#" + " " * 99_000 + "x", '"a"' + " " * 99_000 + "x", '"a" ' * 24_000 + "x", '""' * 49_999 + "a"]
)
def test_a_long_line_that_names_nobody_takes_no_time(line: str) -> None:
    before = time.process_time()

    assert fault(f"2 1\n1 1 0\n0\n{line}\n")[0] in (Fault.FILE_TRUNCATED, Fault.NAME_MALFORMED)

    assert time.process_time() - before < 1


@with_each_form
def test_a_file_cut_off_anywhere_is_never_taken_for_a_whole_one(names: str) -> None:
    for piece in in_pieces(PAPERS + names):
        assert fault(piece)[0] in (Fault.FILE_TRUNCATED, Fault.NAME_MALFORMED, Fault.NUMBER_EXPECTED), piece


@with_each_form
@pytest.mark.parametrize(
    "paper", ['"212" 2 1 0', "212,2,1,0", "212 2 1", "212 2 1 0 # 3\n# 5 3 0\n7 4 0", "212 2. 1 0", '""212 2 1 0""']
)
def test_of_papers_nothing_is_guessed(names: str, paper: str) -> None:
    said = fault(PAPERS.replace("212 2 1 0", paper) + names)[0]

    assert said in (Fault.NUMBER_EXPECTED, Fault.FILE_TRUNCATED, Fault.CANDIDATE_UNKNOWN)


def test_the_count_is_that_of_the_plain_file() -> None:
    def counted(contest: Contest) -> object:
        return count_election(contest, CountingMethod.SCOTTISH).stages

    assert len({repr(counted(read(PAPERS + names))) for names in FORMS}) == 1
