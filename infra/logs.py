"""
Structured logs: one JSON object a line, with whatever could identify or unlock somebody taken out.

The list is of key names, matched by part, since a forgotten `session_token_2`
must be caught as well. Values are never searched: what should not be logged
must not be handed over in the first place, and free text is not.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

REDACTED = "[redacted]"
REDACT = (
    "password", "secret", "token", "cookie", "authorization", "code", "email", "phone", "address",
    "name", "note", "answer", "motivation", "context", "signature", "body", "keyring", "plaintext",
)  # fmt: skip
SAFE = ("event_name", "error_code", "status_code", "kind_name", "process_name")


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that replaces the values of telling keys, at any depth."""
    for key, value in event.items():
        if key == "event" or key in SAFE:
            continue
        if any(part in key.lower() for part in REDACT):
            event[key] = REDACTED
        elif isinstance(value, dict):
            event[key] = redact(None, "", dict(value))
    return event


def configure(process: str, level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def get(room: str) -> Any:
    """A logger that names its room."""
    return structlog.get_logger(room=room)
