"""
Building a message that says the same however often it is built.

The Message-ID comes from the idempotency key: whoever receives a mail twice after
a crash can tell that it is one.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from infra import clock
from infra.errors import Invalid, LimitReached, Problem

LIMIT = 30_000  # bytes, attached files aside: what a slow line still takes, and far below where providers cut
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
# The beginning of an encoded word (RFC 2047). The email package decodes those of a value that it is given, line
# breaks too, and writes what comes out: a name could so add headers of its own.
ENCODED = "=?"
OWN = {
    "auto-submitted", "bcc", "cc", "content-language", "content-transfer-encoding", "content-type", "date", "from",
    "list-unsubscribe", "list-unsubscribe-post", "message-id", "mime-version", "reply-to", "sender", "subject", "to",
}  # fmt: skip


class MailInvalid(Invalid):
    """A field that cannot stand in a mail, such as a subject of two lines."""

    code = "mail_invalid"


class MailTooLarge(LimitReached):
    code = "mail_too_large"


@dataclass(frozen=True, slots=True)
class Attachment:
    """`media_type` is like application/pdf."""

    name: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Calendar:
    """An iCalendar object (RFC 5545) that mail programs show as an invitation; `method` as within it (RFC 5546)."""

    content: str = field(repr=False)
    method: str = "REQUEST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """
    One mail to one person.

    `key` is the idempotency key. `unsubscribe` is the one-click address (RFC 8058)
    and stays empty for mails that somebody needs. `html` is empty for text alone.
    """

    key: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    html: str = field(default="", repr=False)
    to_name: str = field(default="", repr=False)
    reply_to: str = field(default="", repr=False)
    unsubscribe: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    attachments: Sequence[Attachment] = ()
    calendar: Calendar | None = None
    more_calendars: Sequence[
        Calendar
    ] = ()  # each a file of its own: one object is about one event (RFC 5546)


class _Policy(EmailPolicy):
    """
    SMTP's, with the older writer for a subject of other letters: the newer one drops blanks where it folds encoded
    words.
    """

    def _fold(self, name: str, value: Any, refold_binary: bool = False) -> str:
        words = str(value)
        if name.lower() == "subject" and not words.isascii():
            return f"{name}: {Header(words, 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"
        return str(super()._fold(name, value, refold_binary=refold_binary))  # type: ignore[misc]  # not in the stubs


POLICY = _Policy(linesep=SMTP.linesep)


def build(message: Message, *, sender: str) -> EmailMessage:
    """
    The message as it goes over the line; `sender` is `Name <address>`.

    Raises:
        MailInvalid: a field holds a line break, is no address, or is not the caller's to set.
        MailTooLarge: words and layout together exceed the limit.
    """
    mail = EmailMessage(policy=POLICY)
    from_ = _address(sender, "sender")
    mail["Message-ID"] = message_id(message.key, from_.domain)
    mail["Date"] = format_datetime(clock.now())
    mail["From"] = from_
    mail["To"] = _address(message.to, "to", name=message.to_name)
    if message.reply_to:
        mail["Reply-To"] = _address(message.reply_to, "reply_to")
    mail["Subject"] = _words(message.subject, "subject")
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that no absence notice answers
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{_line(message.unsubscribe, 'unsubscribe')}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in message.headers.items():
        mail[_name(name)] = _words(value, name)
    _fill(mail, message)
    # Last, since filling takes every Content- header away from the top.
    mail["Content-Language"] = _line(message.language, "language")
    return mail


def message_id(key: str, domain: str) -> str:
    """The same for the same key, and silent about what the key says."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _fill(mail: EmailMessage, message: Message) -> None:
    if not message.text.strip():
        raise MailInvalid(Problem("text", "empty"))
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    if message.calendar:
        method = _line(message.calendar.method, "calendar")
        mail.add_alternative(message.calendar.content, subtype="calendar", params={"method": method})
    size = len(mail.as_bytes())
    if size > LIMIT:
        raise MailTooLarge(size=size, limit=LIMIT)
    for number, one in enumerate(message.more_calendars, start=2):
        method = _line(one.method, "calendar")
        mail.add_attachment(
            one.content, subtype="calendar", params={"method": method}, filename=f"calendar-{number}.ics"
        )
    for attachment in message.attachments:
        main, _, sub = attachment.media_type.partition("/")
        name = _words(attachment.name, "attachments")
        mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)


def _line(value: str, field_name: str) -> str:
    if BREAKS.search(value):
        raise MailInvalid(Problem(field_name, "line_break"))
    if ENCODED in value:
        raise MailInvalid(Problem(field_name, "encoded_word"))
    return value


def _words(value: str, field_name: str) -> str:
    """Words that people wrote: what looks like an encoded word in them is no more than it looks like."""
    return _line(value.replace(ENCODED, "= ?"), field_name)


def _name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,76}", name):
        raise MailInvalid(Problem("headers", "header_name"))
    if name.lower() in OWN:
        raise MailInvalid(Problem("headers", "header_taken", {"name": name}))
    return name


def _address(value: str, field_name: str, *, name: str = "") -> Address:
    """
    One address, which every server takes: a domain of another script in its ASCII form.

    Where the part before the @ is of another script (RFC 6531) it is refused; few servers deliver it.
    """
    try:
        (found,) = SMTP.header_factory("To", _line(value, field_name)).addresses
        return Address(
            display_name=_words(name, field_name) or found.display_name,
            addr_spec=f"{found.username}@{found.domain.encode('idna').decode()}",
        )
    except (MessageError, UnicodeError, ValueError, IndexError) as wrong:
        raise MailInvalid(Problem(field_name, "no_address")) from wrong
