"""What all that is random is made from: other data and documents each run, the same ones for `SEED=…`."""

import os
import secrets

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
