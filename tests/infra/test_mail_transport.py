import asyncio
import datetime
import ipaddress
import ssl
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.mail import (
    BadMailUrl,
    Letter,
    MailRefused,
    MailUnavailable,
    Message,
    Paragraph,
    Transport,
    build,
    write,
)

SENDER = "Mentorweave <no-reply@example.org>"
MESSAGE = Message(key="k", to="njeri@example.org", subject="Hello", text="Dear Njeri,", language="en")


class Handler:
    """Keeps what arrives; addresses choose other answers."""

    def __init__(self) -> None:
        self.envelopes = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        answers = {"gone": "550 5.1.1 no such user <gone@example.org>", "full": "452 4.2.2 mailbox full"}
        if answer := answers.get(address.partition("@")[0]):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].partition("@")[0]
        if local == "broken":
            server.transport.abort()
            return "250 never heard"
        if local == "slow":
            await asyncio.sleep(3)
        answers = {"spam": "554 5.7.1 refused", "busy": "451 4.3.0 try later"}
        if answer := answers.get(local):
            return answer
        self.envelopes.append(envelope)
        return "250 taken"


@pytest.fixture
async def serve():
    servers, protocols = [], []

    async def start(handler=None, *, tls=None, implicit=False, **options):
        def make():
            protocols.append(
                Server(handler, hostname="localhost", tls_context=None if implicit else tls, **options)
            )
            return protocols[-1]

        loop = asyncio.get_running_loop()
        server = await loop.create_server(make, "127.0.0.1", 0, ssl=tls if implicit else None)
        servers.append(server)
        return server.sockets[0].getsockname()[1]

    yield start
    for protocol in protocols:
        if protocol.transport:
            protocol.transport.close()
    await asyncio.sleep(0.01)
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
def certificate(tmp_path):
    """A server's and a client's TLS context for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())


async def test_a_letter_in_arabic_arrives_whole(serve) -> None:
    handler = Handler()
    port = await serve(handler)
    letter = Letter(
        language="ar",
        masthead="معهد",
        heading="لقاء أول",
        blocks=[Paragraph("عزيزتي،")],
        reason="لأنكِ مشاركة.",
    )
    message = write(letter, key="k", to="njeri@example.org", subject="لقاء أول", to_name="نجيري")
    await Transport.from_url(f"smtp://127.0.0.1:{port}").send(build(message, sender=SENDER))
    (envelope,) = handler.envelopes
    mail = message_from_bytes(envelope.content, policy=default)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@example.org", ["njeri@example.org"])
    assert mail["Subject"] == "لقاء أول"
    assert mail["To"].addresses[0].display_name == "نجيري"
    assert mail["Content-Language"] == "ar"
    assert "عزيزتي،" in mail.get_body(("plain",)).get_content()
    assert '<html lang="ar" dir="rtl"' in mail.get_body(("html",)).get_content()
    assert len(envelope.content) < 30_000


@pytest.mark.parametrize(("to", "status", "enhanced"), [("gone", 550, "5.1.1"), ("spam", 554, "5.7.1")])
async def test_5xx_is_for_good(serve, to: str, status: int, enhanced: str) -> None:
    port = await serve(Handler())
    with pytest.raises(MailRefused) as found:
        await Transport.from_url(f"smtp://127.0.0.1:{port}").send(
            build(replace(MESSAGE, to=f"{to}@example.org"), sender=SENDER)
        )
    assert (found.value.facts["status"], found.value.facts["enhanced"]) == (status, enhanced)
    assert "gone@" not in str(found.value)


@pytest.mark.parametrize(("to", "status"), [("full", 452), ("busy", 451)])
async def test_4xx_is_for_now(serve, to: str, status: int) -> None:
    port = await serve(Handler())
    with pytest.raises(MailUnavailable) as found:
        await Transport.from_url(f"smtp://127.0.0.1:{port}").send(
            build(replace(MESSAGE, to=f"{to}@example.org"), sender=SENDER)
        )
    assert found.value.facts["status"] == status
    assert found.value.facts["may_have_arrived"] is False


@pytest.mark.parametrize(("to", "timeout"), [("broken", 5.0), ("slow", 0.3)])
async def test_a_line_that_breaks_leaves_it_open(serve, to: str, timeout: float) -> None:
    port = await serve(Handler())
    with pytest.raises(MailUnavailable) as found:
        await Transport.from_url(f"smtp://127.0.0.1:{port}", timeout_s=timeout).send(
            build(replace(MESSAGE, to=f"{to}@example.org"), sender=SENDER)
        )
    assert found.value.facts["may_have_arrived"] is True


async def test_a_server_that_is_away_got_nothing(unused_port: int) -> None:
    transport = Transport.from_url(f"smtp://127.0.0.1:{unused_port}", timeout_s=2)
    with pytest.raises(MailUnavailable) as found:
        await transport.send(build(MESSAGE, sender=SENDER))
    assert found.value.facts["may_have_arrived"] is False
    with pytest.raises(MailUnavailable):
        await transport.check()


@pytest.fixture
async def unused_port() -> int:
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


@pytest.mark.parametrize(("scheme", "implicit"), [("smtps", True), ("smtp+starttls", False)])
async def test_encrypted_lines_check_the_certificate(serve, certificate, scheme: str, implicit: bool) -> None:
    theirs, ours = certificate
    handler = Handler()
    port = await serve(handler, tls=theirs, implicit=implicit)
    await Transport.from_url(f"{scheme}://127.0.0.1:{port}", tls=ours).send(build(MESSAGE, sender=SENDER))
    assert len(handler.envelopes) == 1
    with pytest.raises(MailUnavailable):
        await Transport.from_url(f"{scheme}://127.0.0.1:{port}").send(build(MESSAGE, sender=SENDER))


async def test_starttls_is_never_given_up(serve) -> None:
    port = await serve(Handler())
    with pytest.raises(MailUnavailable):
        await Transport.from_url(f"smtp+starttls://127.0.0.1:{port}").send(build(MESSAGE, sender=SENDER))


async def test_a_wrong_password_is_ours_to_mend(serve, certificate) -> None:
    def judge(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"p@ss", handled=False)

    theirs, ours = certificate
    handler = Handler()
    port = await serve(handler, tls=theirs, authenticator=judge, auth_required=True)
    mail = build(MESSAGE, sender=SENDER)
    with pytest.raises(MailUnavailable) as found:
        await Transport.from_url(f"smtp+starttls://user:wrong@127.0.0.1:{port}", tls=ours).send(mail)
    assert found.value.facts["status"] == 535
    with pytest.raises(MailUnavailable) as found:
        await Transport.from_url(f"smtp+starttls://127.0.0.1:{port}", tls=ours).send(mail)
    assert found.value.facts["status"] == 530
    right = Transport.from_url(f"smtp+starttls://user:p%40ss@127.0.0.1:{port}", tls=ours)
    await right.check()
    await right.send(mail)
    assert len(handler.envelopes) == 1


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "mail", "smtp://user:secret@mail.example.org"])
def test_addresses_that_cannot_be_used_are_refused_without_the_password(url: str) -> None:
    with pytest.raises(BadMailUrl) as found:
        Transport.from_url(url)
    assert "secret" not in str(found.value)


def test_repr_hides_the_password() -> None:
    assert "secret" not in repr(Transport.from_url("smtps://user:secret@mail.example.org"))
