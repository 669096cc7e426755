"""Folkmoot as it ships; only the allowance of the one signed-in caller is larger than one caller's would be."""

import os

import uvicorn

from api import logs
from api.http.app import Application
from api.http.server import BehindProxy, options_of
from api.settings import Settings

if __name__ == "__main__":
    logs.configure()
    settings = Settings(
        database_url=os.environ["BENCH_URL"],
        port=int(os.environ["PORT"]),
        allowance=10**12,
        allowance_per_second=10**12,
    )
    uvicorn.run(BehindProxy(Application(settings, os.environ["BENCH_URL"]), settings), **options_of(settings))
