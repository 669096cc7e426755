"""Ballot files in the BLT form (I. D. Hill's; what OpenSTV, OpaVote and others read), in and out.

    3 2                 three candidates, two seats
    -2                  the second has withdrawn
    4 1 3 0             four papers: first preference 1, second 3
    2 1=2 - 3 0         1 and 2 share the first place, the second is left out, 3 is third
    1 0                 a blank paper
    0                   no more papers
    "Ann Bell"          the names, with or without quotes (blt_names.py says in which forms)
    ...
    "Forum 2026"        the title
    "By post"           remarks, if any: these are in quotes

One paper or group a line; `#` begins a comment, except within a name that has no quotes. Names are read as they are
written in practice; of papers nothing is guessed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from .blt_names import is_described, is_quoted, line_of, name_of, named_in_comment
from .contest import Contest, CountRefused, Fault, Marks, check_contest

LONGEST_LINE = 100_000  # bytes
MOST_KNOWN = 100_000  # lines remembered, so that equal ones are read once
MOST_REMARKS = 100  # lines
_WORD = re.compile(r"\S+")


def read_blt(lines: Iterable[bytes]) -> Contest:
    """The contest of a file, read line by line; equal papers are counted together, so memory grows with different ones.

    Faults, with line and column: FILE_ENCODING, FILE_TRUNCATED, NUMBER_EXPECTED, CANDIDATE_UNKNOWN, NAME_MALFORMED,
    NAMES_TOO_MANY; and those of check_contest.
    """
    return _Reader(lines).contest()


def write_blt(contest: Contest) -> str:
    """The file of a contest; `read_blt` gives the same contest back, but for reserved seats, which a file can't say.

    Faults: NAME_MALFORMED for a text that would not come back: empty, of several lines, with spaces around it, or a
    title that looks like one more candidate because remarks follow.
    """
    for text in (*contest.candidates, contest.title, *contest.remarks):
        empty = not text and (text in contest.candidates or text in contest.remarks)
        if empty or text != text.strip() or _has_control(text):
            raise CountRefused(Fault.NAME_MALFORMED, f"{text!r} can't be written into a file.")
    if contest.remarks and is_described(contest.title):
        raise CountRefused(Fault.NAME_MALFORMED, f"{contest.title!r} can't be written as a title with remarks.")
    withdrawn = " ".join(str(-candidate - 1) for candidate in sorted(contest.withdrawn))
    return "\n".join(
        [
            f"{len(contest.candidates)} {contest.seats}",
            *([withdrawn] if withdrawn else []),
            *(" ".join([str(number), *map(_written, marks), "0"]) for marks, number in contest.papers.items()),
            "0",
            *map(line_of, (*contest.candidates, contest.title, *contest.remarks)),
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
        first = self._numbers(_words(self._first()))
        if len(first) != 2:
            raise self._fault(Fault.NUMBER_EXPECTED, "The first line says how many candidates and seats there are.")
        (self._candidates, _), (seats, _) = first
        if self._candidates < 1:
            raise self._fault(Fault.NO_CANDIDATES)
        if seats < 1:
            raise self._fault(Fault.NO_SEATS)
        withdrawn, papers = self._papers()
        candidates, title, remarks = self._names()
        contest = Contest(title, seats, tuple(candidates), papers, frozenset(withdrawn), remarks=tuple(remarks))
        check_contest(contest)
        return contest

    def _text(self, line: bytes) -> str:
        """The line as text without white space around it."""
        self._line += 1
        if len(line) > LONGEST_LINE:
            raise CountRefused(Fault.NUMBER_EXPECTED, "The line is too long for a paper or a name.", self._line)
        try:
            text = line.decode("utf-8-sig" if self._line == 1 else "utf-8").rstrip()
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8", "replace")) + 1
            raise CountRefused(Fault.FILE_ENCODING, None, self._line, column) from error
        self._indent = len(text) - len(text.lstrip())
        return text.lstrip()

    def _first(self) -> str:
        """The first line that says something."""
        for line in self._lines:
            text = self._text(line)
            if text and not text.startswith("#"):
                return text
        raise self._ends("the numbers of candidates and seats")

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
        raise self._ends("the 0 that ends the papers")

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

    def _names(self) -> tuple[list[str], str, list[str]]:
        """Candidates, title and remarks: the rest of the file."""
        texts: list[str] = []
        commented: list[str] = []
        for line in self._lines:
            text = self._text(line)
            if text.startswith("#"):
                name = None if texts else named_in_comment(text, len(commented) + 1)
                commented += [] if name is None else [self._name(name)]
            elif text:
                if len(texts) > self._candidates:
                    self._check_remark(text, texts)
                texts.append(self._name(text, may_be_empty=len(texts) >= self._candidates))
        # a title that begins as a name does may be a name cut off, of a file that has names as well as such comments
        if (
            len(commented) == self._candidates
            and len(texts) == 1
            and not any(n.startswith(texts[0]) for n in commented)
        ):
            texts = commented + texts
        if len(texts) <= self._candidates:
            missing = "the title" if len(texts) == self._candidates else f"the name of candidate {len(texts) + 1}"
            raise self._ends(missing)
        title, *remarks = texts[self._candidates :]
        return texts[: self._candidates], title, [remark for remark in remarks if remark]

    def _check_remark(self, text: str, texts: list[str]) -> None:
        """A remark is in quotes, and no remark if the title before it looks like one more candidate."""
        title = texts[self._candidates]
        if not is_quoted(text) or is_described(title) or len(texts) > self._candidates + MOST_REMARKS:
            raise self._fault(Fault.NAMES_TOO_MANY)

    def _name(self, text: str, may_be_empty: bool = False) -> str:
        name = name_of(text)
        if name is None:
            message = "A name in quotes ends with a quote, and nothing but more in quotes or a comment follows."
            raise self._fault(Fault.NAME_MALFORMED, message, len(text))
        if _has_control(name) or not (name or may_be_empty):
            raise self._fault(Fault.NAME_MALFORMED)
        return name

    def _ends(self, missing: str) -> CountRefused:
        return CountRefused(Fault.FILE_TRUNCATED, f"The file ends where {missing} should follow.", self._line + 1)

    def _fault(self, fault: Fault, message: str | None = None, column: int = 1) -> CountRefused:
        return CountRefused(fault, message, self._line, column + self._indent)
