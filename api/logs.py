"""Structured logs: one JSON object a line, ids and numbers only."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson


class JsonLines(logging.Formatter):
    """Formats a record whose message is a mapping, or a plain message."""

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
        }
        facts |= record.msg if isinstance(record.msg, dict) else {"message": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            # where it happened, not what it held: messages of exceptions may quote data
            frames, trace = [], record.exc_info[2]
            while trace is not None:
                frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
                trace = trace.tb_next
            facts |= {"exception": record.exc_info[0].__name__, "trace": frames[-8:]}
        return orjson.dumps(facts, default=str).decode()


def configure() -> None:
    """Sends every log of this process to standard error in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("uvicorn.access", "alembic", "mail.log", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
