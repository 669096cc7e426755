"""`make story`: `make run` in a folder of its own, `make demo` against it, and nothing left running."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
LONGEST_START = 120  # seconds


def main() -> int:
    """The exit status of the demo; 1 where the server does not start or does not stop."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="folkmoot-story-") as folder:
        environment = {**os.environ, "PORT": str(port), "VAR": folder}
        environment.pop("SMTP_URL", None)  # the demo reads its mails in the folder
        server = subprocess.Popen([sys.executable, "-m", "api", "run"], cwd=ROOT, env=environment)
        try:
            if not _is_ready(server, port):
                print("The server did not start.", file=sys.stderr)
                return 1
            return subprocess.run([sys.executable, "-m", "api", "demo"], cwd=ROOT, env=environment).returncode
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def _is_ready(server: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.3)
    return False


if __name__ == "__main__":
    sys.exit(main())
