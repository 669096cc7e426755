"""What a paper says (docs/papers.md). Only here is one read or written: what casts, keeps and publishes papers sees a text.

A paper is its version, a space and its marks: `1 FOR`. Each thing that can be said is said in one way, letter for
letter, so that papers which say the same are the same.
"""

from collections.abc import Iterable, Mapping

from counting import Choice

from ..refusals import Invalid, RefusalCode
from .contest import ContestKind

VERSION = 1
UNREADABLE = "UNREADABLE"
# what may be marked in each kind of contest, by how it is written; no election is held yet
_MARKS: Mapping[ContestKind, frozenset[str]] = {ContestKind.RESOLUTION: frozenset(choice.value for choice in Choice)}


def paper_on_resolution(choice: Choice) -> str:
    """The paper that says the choice."""
    return f"{VERSION} {choice.value}"


def check_paper(kind: ContestKind, paper: str) -> None:
    """Whether the paper can be counted in such a contest. The refusal repeats nothing of it.

    Refusals: PAPER_INVALID.
    """
    version, _, marks = paper.partition(" ")
    if version != str(VERSION):
        message = f"This contest takes papers of version {VERSION}."
        raise Invalid(RefusalCode.PAPER_INVALID, message, field="paper", version=VERSION)
    if marks not in _MARKS.get(kind, ()):
        raise Invalid(RefusalCode.PAPER_INVALID, field="paper")


def choices(papers: Iterable[str]) -> list[str]:
    """What papers on a resolution say, for counting; of one that says nothing of the kind, UNREADABLE."""
    written = {paper_on_resolution(choice): choice.value for choice in Choice}
    return [written.get(paper, UNREADABLE) for paper in papers]
