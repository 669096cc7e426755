"""What a user of the command line can get wrong."""

from collections.abc import Collection


class CommandError(Exception):
    """Nothing was done; the message is one sentence that says what to do."""


def no_such_trust(slug: str, known: Collection[str]) -> CommandError:
    """`known`: the slugs of the trusts there are."""
    if known:
        return CommandError(
            f"There is no trust {slug!r}: name it as in its address, one of {', '.join(sorted(known))}."
        )
    return CommandError(
        f"There is no trust {slug!r}, nor any other in this database: name the one in use by DATABASE_URL or VAR."
    )
