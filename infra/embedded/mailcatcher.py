"""
A mail server that delivers nothing: it keeps each message and shows them on a page.

The inbox holds links that sign people in, so both doors open on 127.0.0.1 only,
and the page answers only to the machine's own names: a foreign site whose name
is pointed at 127.0.0.1 must not read it through the visitor's browser.
"""

import asyncio
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from infra.embedded import inbox_pages
from infra.embedded.inbox import Inbox

ADDRESS = "127.0.0.1"
REQUEST_LIMIT = 16 * 1024  # bytes of a request's head
REQUEST_TIMEOUT_S = 10
REASONS = {200: "OK", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}


class _Keeper:
    """What aiosmtpd calls when a message is complete; it answers the sender only once the file is there."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.to_thread(self.inbox.keep, envelope.content, list(envelope.rcpt_tos))
        return "250 Kept"


class MailCatcher:
    """The two doors: SMTP in, HTTP out. Use as an async context manager."""

    def __init__(self, folder: Path, *, smtp_port: int, http_port: int) -> None:
        self.inbox = Inbox(folder)
        self.smtp_port = smtp_port
        self.http_port = http_port
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> "MailCatcher":
        loop = asyncio.get_running_loop()
        keeper = _Keeper(self.inbox)

        def speaker() -> SMTP:
            return SMTP(
                keeper,
                hostname="localhost",
                ident="Mentorweave mail catcher",
                enable_SMTPUTF8=True,
                loop=loop,
            )

        self._servers.append(await loop.create_server(speaker, ADDRESS, self.smtp_port))
        self._servers.append(
            await asyncio.start_server(self._serve, ADDRESS, self.http_port, limit=REQUEST_LIMIT)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        for server in self._servers:
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                head = await reader.readuntil(b"\r\n\r\n")
                status, body = await asyncio.to_thread(self._answer, head.decode("latin-1"))
                writer.write(_response(status, body))
                await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # whoever asked has gone, or never spoke HTTP; there is nobody to tell
        finally:
            writer.close()

    def _answer(self, head: str) -> tuple[int, str]:
        request, *lines = head.split("\r\n")
        method, _, rest = request.partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
        }
        if not _is_local(headers.get("host", "")):
            return 403, "This page answers to localhost only."
        if method != "GET":
            return 405, ""
        if path == "/":
            return 200, inbox_pages.inbox(self.inbox.newest())
        message = self.inbox.get(path.removeprefix("/messages/"))
        return (200, inbox_pages.message(message)) if message else (404, "No such message.")


def _is_local(host: str) -> bool:
    name = host.partition(":")[0].lower()
    return name in {"localhost", ADDRESS} or name.endswith(".localhost")


def _response(status: int, body: str) -> bytes:
    content = body.encode("utf-8", "replace")
    head = (
        f"HTTP/1.1 {status} {REASONS[status]}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(content)}\r\n"
        f"Content-Security-Policy: {inbox_pages.POLICY}\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Cache-Control: no-store\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + content


async def run(folder: Path, *, smtp_port: int, http_port: int) -> None:
    """Catch mail until cancelled."""
    async with MailCatcher(folder, smtp_port=smtp_port, http_port=http_port):
        await asyncio.Event().wait()
