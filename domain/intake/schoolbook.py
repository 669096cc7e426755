"""Finding the school somebody means by what an office wrote in a cell."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..text import folded
from .importing import Finding

_URN = re.compile(r"[0-9]{6}")
_LAESTAB = re.compile(r"[0-9]{3}/?[0-9]{4}")
_SEVERAL = re.compile(r"\s*[;|]\s*")


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """A school of the list: its number, names and places, and whether it is of the trust the file is for."""

    urn: int
    name: str
    places: str
    is_own: bool


def words(text: str) -> list[str]:
    """The words of a name, without apostrophes and accents."""
    return re.findall(r"[a-z0-9]+", folded(text).replace("'", "").replace("’", ""))


@dataclass(slots=True)
class SchoolBook:
    """Every school that is known, by number and name. `successors` leads from a closed school to the one after it."""

    schools: Iterable[KnownSchool]
    successors: Mapping[int, int]
    common_words: frozenset[str]
    _by_urn: dict[int, KnownSchool] = field(init=False)
    _by_name: dict[str, KnownSchool] = field(init=False)
    _remembered: dict[str, tuple[list[KnownSchool], Finding]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        listed = list(self.schools)
        self._by_urn = {school.urn: school for school in listed}
        self._by_name = {" ".join(words(school.name)): school for school in listed}

    def find(self, cell: str) -> tuple[list[KnownSchool], Finding]:
        """The schools a cell names, and how; none, with the reason, where that is not clear."""
        if cell not in self._remembered:
            if len(self._remembered) > 10_000:  # a file may hold anything
                self._remembered.clear()
            self._remembered[cell] = self._find(cell)
        return self._remembered[cell]

    def _find(self, cell: str) -> tuple[list[KnownSchool], Finding]:
        parts = [part for part in _SEVERAL.split(cell.strip()) if part]
        if len(parts) > 1:
            found = [self._one(part) for part in parts]
            missing = next((finding for school, finding in found if school is None), None)
            if missing is not None:
                return [], missing
            return [school for school, _ in found if school is not None], Finding.SCHOOL_SEVERAL
        school, finding = self._one(cell.strip())
        return ([] if school is None else [school]), finding

    def _one(self, text: str) -> tuple[KnownSchool | None, Finding]:
        if _URN.fullmatch(text):
            return self._numbered(int(text))
        if _LAESTAB.fullmatch(text):
            return None, Finding.SCHOOL_LAESTAB
        exact = self._by_name.get(" ".join(words(text)))
        if exact is not None:
            return exact, Finding.SCHOOL_BY_NAME
        return self._shortened(text)

    def _numbered(self, urn: int) -> tuple[KnownSchool | None, Finding]:
        if urn in self._by_urn:
            return self._by_urn[urn], Finding.SCHOOL_BY_URN
        seen = set()
        while urn in self.successors and urn not in seen:
            seen.add(urn)
            urn = self.successors[urn]
            if urn in self._by_urn:
                return self._by_urn[urn], Finding.SCHOOL_PREDECESSOR
        return None, Finding.SCHOOL_UNKNOWN_URN

    def _shortened(self, text: str) -> tuple[KnownSchool | None, Finding]:
        """By the beginnings of its words, its initials, or the words written together; own schools first."""
        asked = words(text)
        for own_first in (True, False):
            listed = [school for school in self._by_urn.values() if school.is_own is own_first]
            for likeness in (_has_words, _has_initials, _has_together):
                found = [school for school in listed if likeness(asked, school, self.common_words)]
                if len(found) == 1:
                    return found[0], Finding.SCHOOL_ABBREVIATED
        return None, Finding.SCHOOL_UNKNOWN


def _has_words(asked: list[str], school: KnownSchool, common: frozenset[str]) -> bool:
    telling = [word for word in asked if word not in common]
    name = [*words(school.name), *words(school.places)]
    return bool(telling) and all(any(word.startswith(each) for word in name) for each in telling)


def _has_initials(asked: list[str], school: KnownSchool, _: frozenset[str]) -> bool:
    initials = "".join(word[0] for word in words(school.name))
    return len(asked) == 1 and len(asked[0]) >= 3 and initials.startswith(asked[0])


def _has_together(asked: list[str], school: KnownSchool, _: frozenset[str]) -> bool:
    together = "".join(asked)
    return len(together) >= 5 and "".join(words(school.name)).startswith(together)
