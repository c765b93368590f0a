"""
Structured logs: one JSON object a line, with whatever could identify or unlock somebody taken out.

The list is of key names, matched by part, since a forgotten `session_token_2`
must be caught as well. Values are never searched: what should not be logged
must not be handed over in the first place, and free text is not. Of an error
whose message may quote what somebody wrote, only its kind and place are kept.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from infra.errors import HouseError


@contextmanager
def _without(package: str) -> Iterator[None]:
    """As if a package were not installed, for one that takes up whatever it finds."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # what stops an import, as the import system defines it
    try:
        yield
    finally:
        del sys.modules[package]


# For tracebacks in colour, which nobody reads here, it would load 80 modules into each process.
with _without("rich"):
    import structlog

REDACTED = "[redacted]"
REDACT = (
    "password", "secret", "token", "cookie", "authorization", "code", "email", "phone", "address",
    "name", "note", "answer", "motivation", "context", "signature", "body", "keyring", "plaintext",
)  # fmt: skip
SAFE = ("event_name", "error_code", "status_code", "kind_name", "process_name")
# Their messages quote values: "invalid literal for int(): 'ana@...'". So does everything of the libraries named.
QUOTING = (ValueError, LookupError)
QUOTING_LIBRARIES = ("sqlalchemy", "psycopg", "msgspec", "litestar", "email_validator")


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


def told(error: BaseException) -> str:
    """The kind of an error, with its message where that quotes nothing of what people wrote."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    library = type(error).__module__.partition(".")[0]
    state = getattr(error, "sqlstate", None)
    if isinstance(error, HouseError):
        return f"{kind}: {error.code}"  # its facts are for the one reader whom it concerns
    if isinstance(error, QUOTING) or library in QUOTING_LIBRARIES:
        return f"{kind} {state}" if state else kind
    return f"{kind}: {error}"


def _trace(error: BaseException | None, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """As Python prints it, the cause first; of each error what may be told."""
    if error is None or id(error) in seen:
        return
    seen |= {id(error)}
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from _trace(before, seen)
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _trace(inner, seen)
    yield from traceback.format_tb(error.__traceback__)
    yield told(error) + "\n"


def trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: where an error happened and of what kind, in place of `exc_info`."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if given is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = "".join(_trace(error))
    return event


def configure(process: str, level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            trace,
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
