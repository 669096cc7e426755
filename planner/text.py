"""SQL that builds JSON text: literal pieces and expressions, joined with as few `||` as possible."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Sql:
    """An SQL expression of type text, never null."""

    text: str


class JsonText:
    """JSON under construction."""

    def __init__(self) -> None:
        self._pieces: list[str | Sql] = []

    def add(self, *pieces: "JsonValue") -> Self:
        for piece in pieces:
            if isinstance(piece, JsonText):
                self.add(*piece._pieces)
            elif isinstance(piece, str) and self._pieces and isinstance(self._pieces[-1], str):
                self._pieces[-1] += piece
            else:
                self._pieces.append(piece)
        return self

    def sql(self) -> str:
        """One expression of type text."""
        rendered = ["'" + p.replace("'", "''") + "'" if isinstance(p, str) else f"{p.text}" for p in self._pieces]
        return "(" + "||".join(rendered or ["''"]) + ")"


JsonValue = str | Sql | JsonText  # a str is JSON as it stands
NULL = Sql("'null'")


def json_object(members: list[tuple[str, JsonValue]]) -> JsonText:
    """Keys are response keys: GraphQL names, which need no escape."""
    text = JsonText().add("{")
    for index, (key, value) in enumerate(members):
        text.add(("," if index else "") + f'"{key}":', value)
    return text.add("}")
