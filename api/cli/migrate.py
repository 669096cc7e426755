"""`python -m api migrate`: tables brought up to date, compared, or a new migration of them."""

import argparse
import asyncio

from db import catalogue, migrate

from ..errors import CommandError
from ..settings import Settings
from .database import check_clock_of, check_server, database_of, prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    migrating = parser.add_mutually_exclusive_group()
    migrating.add_argument("--revision", help="write a new migration with this message")
    migrating.add_argument(
        "--check", action="store_true", help="only compare tables, grants and policies with the code"
    )


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    if arguments.check:
        return _compare(settings)
    url, _server = prepare(settings)
    if arguments.revision:
        asyncio.run(migrate.write_revision(url, arguments.revision))


def _compare(settings: Settings) -> None:
    url, _server = database_of(settings)
    asyncio.run(check_server(url))
    try:
        found, acting = asyncio.run(catalogue.differences(url)), asyncio.run(catalogue.acting(url))
    except Exception as error:  # whatever SQLAlchemy and asyncpg call it
        raise CommandError(
            f"The database can't be compared ({type(error).__name__}: {str(error).splitlines()[0]})."
        ) from error
    if found:
        advice = "run `python -m api migrate` if the database is older than the code, and undo what was done by hand:"
        raise CommandError("\n".join([f"The database is not what the code says; {advice}", *found]))
    asyncio.run(check_clock_of(settings, url))
    for role, logins in acting.items():  # what only people can judge
        print(f"May act as {role}: {logins}")
