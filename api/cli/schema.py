"""`python -m api schema`: schema/schema.graphql, written or compared."""

import argparse

from schema.build import sdl

from ..errors import CommandError
from ..settings import ROOT, Settings

SDL_FILE = ROOT / "schema" / "schema.graphql"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only compare")


def act(_: Settings, arguments: argparse.Namespace) -> None:
    if not arguments.check:
        SDL_FILE.write_text(sdl(), encoding="utf-8")
    elif not SDL_FILE.exists() or SDL_FILE.read_text(encoding="utf-8") != sdl():
        raise CommandError(
            "schema/schema.graphql is not what the code says: run `make schema` and read the difference."
        )
