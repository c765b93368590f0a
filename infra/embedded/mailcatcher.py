"""
A mail server that delivers nothing: it keeps each message and shows them on a page.

The inbox holds links that sign people in, so both doors open on 127.0.0.1 only,
and the page answers only to the machine's own names. Beside the inbox live the
sample accounts, where a folder for them is named.
"""

import asyncio
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from infra.embedded import accounts, inbox_pages
from infra.embedded.inbox import Inbox
from infra.embedded.speaking import ADDRESS, REQUEST_LIMIT, Answer, Request, is_local, speak


class _Keeper:
    """What aiosmtpd calls when a message is complete; it answers the sender only once the file is there."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.to_thread(self.inbox.keep, envelope.content, list(envelope.rcpt_tos))
        return "250 Kept"


class MailCatcher:
    """The two doors: SMTP in, HTTP out. Use as an async context manager."""

    def __init__(
        self, folder: Path, *, smtp_port: int, http_port: int, accounts_in: Path | None = None
    ) -> None:
        self.inbox = Inbox(folder)
        self.accounts = (
            accounts.Accounts(accounts_in, f"http://{ADDRESS}:{http_port}{accounts.PATH}")
            if accounts_in
            else None
        )
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
        await speak(reader, writer, self._answer, inbox_pages.POLICY)

    def _answer(self, request: Request) -> Answer:
        if not is_local(request.headers.get("host", "")):
            return Answer(403, "This page answers to localhost only.")
        if self.accounts and request.path.startswith(f"{accounts.PATH}/"):
            return self.accounts.answer(request)
        if request.method != "GET":
            return Answer(405)
        if request.path == "/":
            return Answer(200, inbox_pages.inbox(self.inbox.newest()))
        message = self.inbox.get(request.path.removeprefix("/messages/"))
        return Answer(200, inbox_pages.message(message)) if message else Answer(404, "No such message.")


async def run(folder: Path, *, smtp_port: int, http_port: int, accounts_in: Path | None = None) -> None:
    """Catch mail until cancelled."""
    async with MailCatcher(folder, smtp_port=smtp_port, http_port=http_port, accounts_in=accounts_in):
        await asyncio.Event().wait()
