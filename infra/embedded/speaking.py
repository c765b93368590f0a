"""As much HTTP as the mail catcher and the sample accounts need: one request, one answer, for this machine alone."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

ADDRESS = "127.0.0.1"
REQUEST_LIMIT = 16 * 1024  # bytes of a request's head, and of its body
REQUEST_TIMEOUT_S = 10
REASONS = {
    200: "OK", 303: "See Other", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed",
}  # fmt: skip
PAGE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    asked: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str = ""
    kind: str = PAGE
    headers: dict[str, str] = field(default_factory=dict)

    def raw(self, policy: str) -> bytes:
        content = self.body.encode("utf-8", "replace")
        lines = {
            "Content-Type": self.kind, "Content-Length": str(len(content)), "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
            "Connection": "close", **self.headers,
        }  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"HTTP/1.1 {self.status} {REASONS[self.status]}\r\n{head}\r\n".encode("latin-1") + content


Answering = Callable[[Request], Answer]


async def speak(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answering: Answering, policy: str
) -> None:
    """Read one request and answer it; whoever has gone, or never spoke HTTP, is told nothing."""
    try:
        async with asyncio.timeout(REQUEST_TIMEOUT_S):
            request = await _read(reader)
            answer = await asyncio.to_thread(answering, request)
            writer.write(answer.raw(policy))
            await writer.drain()
    except (
        TimeoutError,
        asyncio.IncompleteReadError,
        asyncio.LimitOverrunError,
        ConnectionError,
        ValueError,
    ):
        pass  # there is nobody to tell
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, _, rest = first.partition(" ")
    parts = urlsplit(rest.partition(" ")[0])
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= REQUEST_LIMIT:
        raise ValueError(length)
    body = await reader.readexactly(length)
    return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, _form(headers, body))


def _form(headers: dict[str, str], body: bytes) -> dict[str, str]:
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def is_local(host: str) -> bool:
    """Whether a request names this machine: a foreign site whose name is pointed here must not read it."""
    name = host.partition(":")[0].lower()
    return name in {"localhost", ADDRESS} or name.endswith(".localhost")
