import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from infra.embedded import inbox_pages
from infra.embedded.inbox import Inbox
from infra.embedded.mailcatcher import MailCatcher
from infra.embedded.server import free_port

HOSTILE = '<p onclick=x>Hello</p><script>steal()</script>"></iframe><script>more()</script>'


@pytest.fixture
async def catcher(tmp_path: Path) -> AsyncIterator[MailCatcher]:
    async with MailCatcher(tmp_path, smtp_port=free_port(), http_port=free_port()) as catcher:
        yield catcher


def letter(subject: str, text: str = "Hello", html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "house@example.org"
    message["To"] = "Amina <amina@example.org>"
    message["Subject"] = subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


async def send(catcher: MailCatcher, *messages: EmailMessage) -> None:
    def deliver() -> None:
        with smtplib.SMTP("127.0.0.1", catcher.smtp_port) as client:
            for message in messages:
                client.send_message(message)

    await asyncio.to_thread(deliver)


async def get(catcher: MailCatcher, path: str, host: str = "localhost") -> tuple[int, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", catcher.http_port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(" ", 2)[1]), answer


async def test_inbox_lists_the_newest_first(catcher: MailCatcher) -> None:
    await send(catcher, letter("First"), letter("الثانية"))

    _, page = await get(catcher, "/")

    assert 0 < page.index("الثانية") < page.index("First")
    assert "amina@example.org" in page


async def test_message_shows_its_text_with_links(catcher: MailCatcher) -> None:
    await send(catcher, letter("Sign in", "Open http://unhq.localhost:8000/in/a?b=1&c=2. <b>Thanks</b>"))
    (caught,) = catcher.inbox.newest()

    status, page = await get(catcher, f"/messages/{caught.id}")

    assert status == 200
    assert '<a href="http://unhq.localhost:8000/in/a?b=1&amp;c=2" rel="noreferrer">' in page
    assert "&lt;b&gt;Thanks&lt;/b&gt;" in page


async def test_html_part_is_shut_in_a_frame(catcher: MailCatcher) -> None:
    await send(catcher, letter("Hostile", html=HOSTILE))
    (caught,) = catcher.inbox.newest()

    _, page = await get(catcher, f"/messages/{caught.id}")

    assert f"Content-Security-Policy: {inbox_pages.POLICY}\r\n" in page
    assert "<script" not in page
    assert page.count("</iframe>") == 1
    assert "allow-scripts" not in page and "allow-same-origin" not in page


async def test_page_answers_to_local_names_only(catcher: MailCatcher) -> None:
    statuses = [
        (await get(catcher, "/", host))[0] for host in ("mail.localhost:8025", "127.0.0.1", "evil.example")
    ]

    assert statuses == [200, 200, 403]


@pytest.mark.parametrize(
    "path", ["/messages/none", "/messages/../secrets", "/messages/..%2fsecrets", "/secrets"]
)
async def test_unknown_message_is_not_found(catcher: MailCatcher, path: str) -> None:
    (catcher.inbox.folder.parent / "secrets.eml").write_text("secret")

    status, page = await get(catcher, path)

    assert (status, "secret\n" in page) == (404, False)


async def test_caught_mail_outlives_the_catcher(catcher: MailCatcher) -> None:
    await send(catcher, letter("Kept"))

    assert [one.subject for one in Inbox(catcher.inbox.folder).newest()] == ["Kept"]


async def test_visitor_who_hangs_up_does_no_harm(catcher: MailCatcher) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", catcher.http_port)
    writer.write(b"GET / HT")
    writer.close()
    await writer.wait_closed()

    assert (await get(catcher, "/"))[0] == 200
