"""`make bench`: seeds a database, starts the contenders and measures them in turns."""

import asyncio
import sys

from rich.console import Console

from .load import BenchError
from .run import run_bench

if __name__ == "__main__":
    try:
        asyncio.run(run_bench(Console(), only=sys.argv[1:]))
    except BenchError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
