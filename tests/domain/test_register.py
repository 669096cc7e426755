"""The register as at a moment: rule 5e."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from domain.register.lines import RegisterChange, RegisterLine, as_at


def make_line(number: int, hours: int, name: str, ceased: bool = False) -> RegisterLine:
    entered = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    day = entered.date()
    change = RegisterChange.CEASED if ceased else RegisterChange.ENTERED
    return RegisterLine(
        UUID(int=number),
        number,
        change,
        name,
        "1 High Street",
        "STAFF",
        date(2026, 1, 1),
        day if ceased else None,
        day,
        entered,
    )


def test_the_register_as_at_a_moment_is_what_had_been_written_by_then() -> None:
    """Rule 5e."""
    lines = [make_line(2, 3, "Bo"), make_line(1, 1, "Al"), make_line(1, 5, "Alan"), make_line(2, 7, "Bo", ceased=True)]

    def at(hour: int) -> dict[int, tuple[str, bool]]:
        found = as_at(lines, datetime(2026, 1, 1, hour, tzinfo=UTC))
        return {number: (line.name, line.ceased_on is not None) for number, line in found.items()}

    assert at(0) == {}
    assert at(1) == {1: ("Al", False)}
    assert at(4) == {1: ("Al", False), 2: ("Bo", False)}
    assert at(6) == {1: ("Alan", False), 2: ("Bo", False)}
    assert at(8) == {1: ("Alan", False), 2: ("Bo", True)}, "former members stay on the register"
