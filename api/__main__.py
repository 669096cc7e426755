"""`python -m api …`: the command line. Whatever a user can get wrong is answered by one sentence and exit status 1."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from counting import CountRefused
from db.clock import ClockShifted
from db.embedded import EmbeddedServerError
from domain.refusals import Refusal

from .errors import CommandError
from .settings import read_settings

# name: module in cli/ (with `act`, and `add_arguments` where it takes any), and what it is for
COMMANDS = {
    "run": ("run", "Everything at once: database, tables, trusts, demo people, worker, server."),
    "serve": ("serve", "The server alone, on DATABASE_URL: for containers."),
    "worker": ("worker", "The worker alone."),
    "migrate": ("migrate", "Newest tables, or a new migration from what the tables in the code say."),
    "load": ("load", "The five trusts, repeatably."),
    "gias": ("gias", "Schools brought up to date from Get Information About Schools."),
    "import": ("import_people", "People from a school's file: a dry run, unless --apply."),
    "schema": ("schema", "Writes or checks schema/schema.graphql."),
    "count": ("count", "Papers counted, from a ballot file."),
    "rehearse": ("rehearse", "A trust moved through its timetable, on a copy whose clock is shifted."),
    "demo": ("demo", "The whole story, against a running server."),
}


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Knows every command, and what the one asked for takes: only its module is imported, for reading a ballot file
    should not wait for the whole schema."""
    parser = argparse.ArgumentParser(prog="python -m api", description="Folkmoot")
    commands = parser.add_subparsers(required=True)
    for name, (module_name, purpose) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        if arguments[:1] == [name]:
            module = import_module(f"api.cli.{module_name}")
            command.set_defaults(act=module.act)
            if hasattr(module, "add_arguments"):
                module.add_arguments(command)
    return parser


def main() -> int:
    arguments = parser_for(sys.argv[1:]).parse_args()
    try:
        arguments.act(read_settings(), arguments)
    except (ClockShifted, CommandError, CountRefused, Refusal, EmbeddedServerError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
