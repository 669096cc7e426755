"""Ballot files in the BLT form (I. D. Hill's; what OpenSTV, OpaVote and others read), in and out.

    3 2                 three candidates, two seats
    -2                  the second has withdrawn
    4 1 3 0             four papers: first preference 1, second 3
    2 1=2 - 3 0         1 and 2 share the first place, the second is left out, 3 is third
    1 0                 a blank paper
    0                   no more papers
    "Ann Bell"          the names, with or without quotes, a quote within quotes doubled
    ...
    "Forum 2026"        the title

One paper or group a line; `#` begins a comment, except within a name that has no quotes.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from .contest import Contest, CountRefused, Fault, Marks, check_contest

LONGEST_LINE = 100_000  # bytes
MOST_KNOWN = 100_000  # lines remembered, so that equal ones are read once
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?:\s*|\s+#.*)')


def read_blt(lines: Iterable[bytes]) -> Contest:
    """The contest of a file, read line by line; equal papers are counted together, so memory grows with different ones.

    Faults, with line and column: FILE_ENCODING, FILE_TRUNCATED, NUMBER_EXPECTED, CANDIDATE_UNKNOWN, NAME_MALFORMED,
    NAMES_TOO_MANY; and those of check_contest.
    """
    return _Reader(lines).contest()


def write_blt(contest: Contest) -> str:
    """The file of a contest; `read_blt` gives the same contest back, but for reserved seats, which a file can't say.

    Faults: NAME_MALFORMED for a name that would not come back: empty, of several lines, or with spaces around it.
    """
    for text in (*contest.candidates, contest.title):
        if text != text.strip() or _has_control(text) or (not text and text in contest.candidates):
            raise CountRefused(
                Fault.NAME_MALFORMED, f"{text!r} can't be written as the name of a candidate or contest."
            )
    withdrawn = " ".join(str(-candidate - 1) for candidate in sorted(contest.withdrawn))
    return "\n".join(
        [
            f"{len(contest.candidates)} {contest.seats}",
            *([withdrawn] if withdrawn else []),
            *(" ".join([str(number), *map(_written, marks), "0"]) for marks, number in contest.papers.items()),
            "0",
            *('"' + text.replace('"', '""') + '"' for text in (*contest.candidates, contest.title)),
            "",
        ]
    )


def _has_control(text: str) -> bool:
    """Whether a character would end a line or move a terminal's cursor."""
    return any(unicodedata.category(letter) == "Cc" for letter in text)


def _words(text: str) -> list[tuple[str, int]]:
    """The words before a comment, each with its column."""
    return [(word.group(), word.start() + 1) for word in _WORD.finditer(text.split("#")[0])]


def _written(mark: int | tuple[int, ...]) -> str:
    if isinstance(mark, int):
        return str(mark + 1)
    return "=".join(str(candidate + 1) for candidate in mark) or "-"


class _Reader:
    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._line = 0
        self._indent = 0
        self._candidates = 0

    def contest(self) -> Contest:
        first = self._numbers(_words(self._next("the numbers of candidates and seats")))
        if len(first) != 2:
            raise self._fault(Fault.NUMBER_EXPECTED, "The first line says how many candidates and seats there are.")
        (self._candidates, _), (seats, _) = first
        if self._candidates < 1:
            raise self._fault(Fault.NO_CANDIDATES)
        if seats < 1:
            raise self._fault(Fault.NO_SEATS)
        withdrawn, papers = self._papers()
        *candidates, title = [self._name(number) for number in range(self._candidates + 1)]
        if any(map(self._text, self._lines)):
            raise self._fault(Fault.NAMES_TOO_MANY)
        contest = Contest(title, seats, tuple(candidates), papers, frozenset(withdrawn))
        check_contest(contest)
        return contest

    def _text(self, line: bytes) -> str:
        """The next line as text without white space around it; empty if it is a comment."""
        self._line += 1
        if len(line) > LONGEST_LINE:
            raise CountRefused(Fault.NUMBER_EXPECTED, "The line is too long for a paper or a name.", self._line)
        try:
            text = line.decode("utf-8-sig" if self._line == 1 else "utf-8").rstrip()
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8", "replace")) + 1
            raise CountRefused(Fault.FILE_ENCODING, None, self._line, column) from error
        self._indent = len(text) - len(text.lstrip())
        return "" if text.lstrip().startswith("#") else text.lstrip()

    def _next(self, what: str) -> str:
        """The next line that says something."""
        for line in self._lines:
            if text := self._text(line):
                return text
        raise CountRefused(Fault.FILE_TRUNCATED, f"The file ends where {what} should follow.", self._line + 1)

    def _papers(self) -> tuple[set[int], dict[Marks, int]]:
        """Withdrawals and papers, up to the line that is 0. Equal lines are read once: there may be millions."""
        withdrawn: set[int] = set()
        papers: Counter[Marks] = Counter()
        known: dict[bytes, tuple[Marks, int]] = {}
        for line in self._lines:
            if line in known:
                self._line += 1
            else:
                words = _words(self._text(line))
                if not words:
                    continue
                if [word for word, _ in words] == ["0"]:
                    return withdrawn, dict(papers)
                if words[0][0].startswith("-") and not papers:
                    withdrawn |= {self._candidate(-number, column) for number, column in self._numbers(words)}
                    continue
                paper = self._paper(words)
                if len(known) == MOST_KNOWN:
                    known.clear()
                known[line] = paper
            marks, number = known[line]
            papers[marks] += number
        raise CountRefused(Fault.FILE_TRUNCATED, "The file ends before the 0 that ends the papers.", self._line + 1)

    def _paper(self, words: list[tuple[str, int]]) -> tuple[Marks, int]:
        number = self._number(*words[0])
        last, column = words[-1]
        if number < 1:
            raise self._fault(Fault.NUMBER_EXPECTED, "A paper begins with how often it came, 1 or more.")
        if last != "0" or len(words) == 1:
            raise self._fault(Fault.FILE_TRUNCATED, "A paper ends with 0.", column + len(last))
        return tuple(self._mark(*word) for word in words[1:-1]), number

    def _mark(self, word: str, column: int) -> int | tuple[int, ...]:
        if word == "-":
            return ()
        if "=" in word:
            return tuple(self._candidate(self._number(part, column), column) for part in word.split("="))
        return self._candidate(self._number(word, column), column)

    def _numbers(self, words: list[tuple[str, int]]) -> list[tuple[int, int]]:
        """Numbers and their columns."""
        return [(self._number(word, column), column) for word, column in words]

    def _number(self, word: str, column: int) -> int:
        if not re.fullmatch("-?[0-9]{1,30}", word):
            raise self._fault(Fault.NUMBER_EXPECTED, f"{word[:40] or 'Nothing'} is no number.", column)
        return int(word)

    def _candidate(self, number: int, column: int) -> int:
        if not 1 <= number <= self._candidates:
            message = f"There is no candidate {abs(number)}: they are numbered 1 to {self._candidates}."
            raise self._fault(Fault.CANDIDATE_UNKNOWN, message, column)
        return number - 1

    def _name(self, number: int) -> str:
        text = self._next("the title" if number == self._candidates else f"the name of candidate {number + 1}")
        if text.startswith('"'):
            quoted = _QUOTED.fullmatch(text)
            if quoted is None:
                raise self._fault(
                    Fault.NAME_MALFORMED,
                    "A name in quotes ends with a quote, and nothing but a comment follows.",
                    len(text),
                )
            text = quoted.group(1).replace('""', '"').strip()
        if (not text and number < self._candidates) or _has_control(text):
            raise self._fault(Fault.NAME_MALFORMED)
        return text

    def _fault(self, fault: Fault, message: str | None = None, column: int = 1) -> CountRefused:
        return CountRefused(fault, message, self._line, column + self._indent)
