"""
Handing a message to a mail server, and telling apart what it answers.

A mail that is refused will be refused again; a server that does not answer, or
does not know us, is tried again later. Between the two lies the line that breaks
after the mail was under way: it may have arrived.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponse,
    SMTPResponseException,
)

from infra.errors import HouseError, Unavailable

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOCAL = {"localhost", "127.0.0.1", "::1"}
# RFC 4954, section 6: the server wants another sign-in or encryption. That is ours to mend, not the mail's fault.
OURS_TO_MEND = {454, 530, 534, 535, 538}
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463


class MailRefused(HouseError):
    """The server will never take this mail; `status` and `enhanced` say why. Its words may hold the address."""

    code = "mail_refused"


class MailUnavailable(Unavailable):
    """Try again later. `may_have_arrived` is true where the line broke before the last answer."""

    code = "mail_unavailable"


class BadMailUrl(Exception):
    """The address of the mail server cannot be used."""


@dataclass(frozen=True, slots=True)
class Transport:
    """One SMTP server; a connection for each mail, so that nothing waits half open."""

    host: str
    port: int
    scheme: str = "smtp"
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    timeout_s: float = 20.0
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def from_url(cls, url: str, *, timeout_s: float = 20.0, tls: ssl.SSLContext | None = None) -> "Transport":
        """
        From smtp://, smtp+starttls:// or smtps://[user:password@]host[:port].

        Raises BadMailUrl for another scheme, and where the password would cross a network unencrypted.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise BadMailUrl("A mail server is given as smtp://, smtp+starttls:// or smtps:// and a host.")
        if parts.password and parts.scheme == "smtp" and parts.hostname not in LOCAL:
            raise BadMailUrl(
                "smtp:// would send the password in clear text; use smtp+starttls:// or smtps://."
            )
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            scheme=parts.scheme,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            timeout_s=timeout_s,
            tls=tls,
        )

    async def send(
        self,
        mail: EmailMessage,
        *,
        turn: asyncio.Lock | None = None,
        note: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """
        Send one mail to the one address that it carries.

        `note` is called once the server has taken the mail, to write that down. Whoever dies between the two sends
        the mail a second time; `turn` is held meanwhile, so that of many on their way only one is at that point.

        Raises:
            MailRefused: for good; do not try again.
            MailUnavailable: try again later, with the same mail.
        """
        client = self._client()
        client.turn = turn
        try:
            await client.connect()
        except (SMTPException, OSError, TimeoutError) as found:
            raise _unavailable(found, may_have_arrived=False) from found
        try:
            await _hand_over(client, mail)
            if note is not None:
                await note()
        finally:
            client.give_turn_back()
            await _leave(client)

    async def check(self) -> None:
        """Whether the server answers and knows us; raises MailUnavailable."""
        client = self._client()
        try:
            await client.connect()
        except (SMTPException, OSError, TimeoutError) as found:
            raise _unavailable(found, may_have_arrived=False) from found
        finally:
            await _leave(client)

    def _client(self) -> "_Client":
        return _Client(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.scheme == "smtps",
            start_tls=self.scheme == "smtp+starttls",
            tls_context=self.tls,
            timeout=self.timeout_s,
        )


class _Client(SMTP):
    """Waits for its turn when all is said but the mail itself: until then nothing has left the house."""

    turn: asyncio.Lock | None = None
    has_turn = False

    async def data(self, message: str | bytes, /, **how: Any) -> SMTPResponse:
        if self.turn is not None and not self.has_turn:
            await self.turn.acquire()
            self.has_turn = True
        return await super().data(message, **how)

    def give_turn_back(self) -> None:
        if self.turn is not None and self.has_turn:
            self.has_turn = False
            self.turn.release()


async def _hand_over(client: SMTP, mail: EmailMessage) -> None:
    try:
        await client.send_message(mail)
    except SMTPRecipientsRefused as found:
        raise _judged(found.recipients[0]) from found
    except SMTPResponseException as found:
        raise _judged(found) from found
    except (SMTPException, OSError, TimeoutError) as found:
        raise _unavailable(found, may_have_arrived=True) from found


async def _leave(client: SMTP) -> None:
    """Say goodbye where anybody listens. The mail's fate is already known, so a failure here changes nothing."""
    try:
        if client.is_connected:
            await client.quit()
    except (SMTPException, OSError, TimeoutError):
        client.close()


def _judged(found: SMTPResponseException) -> HouseError:
    """5xx refuses for good, 4xx for now (RFC 5321, section 4.2.1)."""
    if 500 <= found.code < 600 and found.code not in OURS_TO_MEND:
        return MailRefused(status=found.code, enhanced=_enhanced(found.message), reason=type(found).__name__)
    return _unavailable(found, may_have_arrived=False)


def _unavailable(found: BaseException, *, may_have_arrived: bool) -> MailUnavailable:
    answered = isinstance(found, SMTPResponseException)
    return MailUnavailable(
        status=found.code if isinstance(found, SMTPResponseException) else None,
        enhanced=_enhanced(found.message) if isinstance(found, SMTPResponseException) else None,
        reason=type(found).__name__,
        may_have_arrived=may_have_arrived and not answered and not isinstance(found, SMTPConnectError),
    )


def _enhanced(words: str) -> str | None:
    found = ENHANCED.search(words)
    return found[1] if found else None
