"""`make bench`: counts papers, then seeds a database, starts the contenders and measures them in turns."""

import sys

import uvloop
from rich.console import Console

from .count import bench_counting
from .load import BenchError
from .run import run_bench

if __name__ == "__main__":
    only = sys.argv[1:]
    try:
        if not only or "count" in only:
            bench_counting(Console())
        if only != ["count"]:
            uvloop.run(run_bench(Console(), only=[each for each in only if each != "count"]))
    except BenchError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
