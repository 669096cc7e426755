'''How a line of a ballot file names a candidate, as files are written in practice:

    Ann BELL (Lab)                         no quotes: the line is the name
    "Ann BELL" "Labour Party"              the party in a string of its own: Ann BELL "Labour Party"
    "Ann BELL ""Labour Party"""            a quote within quotes doubled: the same
    """Ann BELL"" ""Labour Party"""        the two strings quoted again, as a cell of a CSV file: the same
    ""Ann BELL"" ""Labour Party""          their quotes doubled, and no more: the same
    # ALTERNATIVE NAME 1: Ann BELL (Lab)   a comment with the candidate's number, in files that have no other names

Several strings behind the name are one description.
'''

import re

_STRING = r'"(?:[^"]|"")*"'
_STRINGS = re.compile(rf"({_STRING}(?:\s+{_STRING})*)(?:\s+#.*)?")
_DOUBLED = re.compile(r'""[^"]+""(?:\s+""[^"]+"")*')
_NUMBERED = re.compile(r"#\s*(?:(?:alternative|candidate)\s+)?(?:name\s+)?(\d{1,3})\s*:\s*(.+)", re.IGNORECASE)
_DESCRIBED = re.compile(r'\s"[^"]*"$')


def is_quoted(line: str) -> bool:
    return line.startswith('"')


def is_described(name: str) -> bool:
    """Whether a description in quotes stands behind it, as the party behind a candidate."""
    return _DESCRIBED.search(name) is not None


def name_of(line: str) -> str | None:
    """What the line names, a description in quotes behind it; None if it is not well formed."""
    if not is_quoted(line):
        return line
    strings = _strings(line.replace('""', '"') if _DOUBLED.fullmatch(line) else line)
    if len(strings) == 1 and _STRINGS.fullmatch(strings[0]):
        strings = _strings(strings[0])
    if not strings:
        return None
    name, *descriptions = strings
    description = ", ".join(each for each in descriptions if each)
    if description and not name:
        return None
    return f'{name} "{description}"' if description else name


def line_of(name: str) -> str:
    """The line that names it: `name_of` gives the same name back."""
    line = _in_quotes(name)
    return line if name_of(line) == name else _in_quotes(line)


def named_in_comment(line: str, number: int) -> str | None:
    """What a comment says the candidate of that number is called, as a line would; None if it says something else."""
    numbered = _NUMBERED.fullmatch(line)
    return numbered[2] if numbered and int(numbered[1]) == number else None


def _strings(line: str) -> list[str]:
    """What its strings say; none if it has anything else but a comment."""
    strings = _STRINGS.fullmatch(line)
    if strings is None:
        return []
    return [string[1:-1].replace('""', '"').strip() for string in re.findall(_STRING, strings[1])]


def _in_quotes(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
