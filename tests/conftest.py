"""
Real servers for every test: one PostgreSQL and one Valkey for the whole run.

Isolation between tests is the product's own: each makes an organisation of its
own, and row security keeps it from all others.
"""

import gc
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import create_engine

from infra import garbage
from infra.crypto.context import ContextSigner
from infra.crypto.keyring import create_keyring, open_keyring
from infra.db import context, migrate, roles
from infra.db.session import Database
from infra.embedded import account
from infra.embedded.postgres import Postgres
from infra.embedded.valkey import Valkey
from infra.ground import Ground
from infra.http.asgi import ASGIApp
from infra.keys import logins
from infra.keys import schema as key_database
from infra.settings import (
    DatabaseSettings,
    KeySettings,
    MailSettings,
    QueueSettings,
    Settings,
    SignInSettings,
    WebSettings,
)
from tests import name_server
from tests.browsing import Browser
from tests.name_server import NameServer

if TYPE_CHECKING:
    from tenants.programmes.actions import Launched
    from tests.making import Made
    from tests.pairing import Stage

pytest_plugins = [
    "tests.chromium",
    "tests.certified",
    "tests.left_out",
    "tests.listening",
    "tests.serving",
    "tests.sharing",
    "tests.worlds",
]

PASSWORDS = {role: secrets.token_hex(8) for role in (*roles.LOGINS, *logins.LOGINS)}
DATABASE = "mentorweave"


# The database judges by its own clock until when a transaction may act. A test that travels in time travels without it, and
# what it does on a day that is over by then would not be let in.
def _real_time() -> float:
    hatch = time_machine.escape_hatch
    return hatch.time.time() if hatch.is_travelling() else time.time()


context.time = SimpleNamespace(time=_real_time)  # type: ignore[attr-defined]


def pytest_collection_finish() -> None:
    """What is loaded by now stays till the end: to look through it over and over took a tenth of the run."""
    garbage.spare_what_is_loaded()
    gc.set_threshold(5_000, 20, 10)


@dataclass(frozen=True)
class Servers:
    postgres: Postgres
    folder: Path
    keyring: Path
    signer: ContextSigner

    def url(self, role: str, database: str = DATABASE) -> str:
        return self.postgres.url(role, PASSWORDS[role], database)

    def settings(self, database: str = DATABASE) -> DatabaseSettings:
        return DatabaseSettings(
            app_url=self.url(roles.APP, database),
            resolver_url=self.url(roles.RESOLVER, database),
            relay_url=self.url(roles.RELAY, database),
            migrator_url=self.url(roles.MIGRATOR, database),
            refuse_old_server=False,
        )

    @property
    def key_settings(self) -> KeySettings:
        return KeySettings(self.keyring, self.url(logins.KEYS, logins.DATABASE))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with account.scratch() as made:
        yield made


@pytest.fixture(scope="session")
def servers(folder: Path) -> Iterator[Servers]:
    """PostgreSQL with roles, database and tables, as `mentorweave migrate` makes them."""
    keyring = folder / "keyring.json"
    create_keyring(keyring)
    signer = open_keyring(keyring).context_signer()
    with Postgres(folder / "postgres", durable=False) as postgres:
        superuser = create_engine(postgres.admin_url())
        migrate.install(superuser, DATABASE, PASSWORDS)
        key_database.install(superuser, PASSWORDS)
        superuser.dispose()
        servers = Servers(postgres, folder, keyring, signer)
        migrate.upgrade(servers.url(roles.MIGRATOR), signer)
        key_database.upgrade(servers.url(logins.KEYMAKER, logins.DATABASE))
        yield servers


@pytest.fixture(scope="session")
def database(ground: Ground) -> Database:
    return ground.database


@dataclass
class Inbox:
    """What the mail server of the tests has taken, newest last."""

    mails: list[EmailMessage] = field(default_factory=list)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in mail["To"]]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture(scope="session")
def valkey(folder: Path) -> Iterator[Valkey]:
    with Valkey(folder / "valkey") as server:
        yield server


@pytest.fixture(scope="session")
def mail_server() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, port
    controller.stop()


@pytest.fixture
def inbox(mail_server: tuple[Inbox, int]) -> Inbox:
    """The test's letters; empty at its start."""
    mail_server[0].mails.clear()
    return mail_server[0]


@pytest.fixture(scope="session")
def names() -> Iterator[NameServer]:
    """The name server that the ground asks."""
    with name_server.running() as server:
        yield server


@pytest.fixture(scope="session")
async def ground(
    servers: Servers, valkey: Valkey, mail_server: tuple[Inbox, int], folder: Path, names: NameServer
) -> AsyncIterator[Ground]:
    """The ground of a process, on the servers of the tests."""
    made = Ground.open(
        Settings(
            database=servers.settings(),
            queue=QueueSettings(valkey.url()),
            mail=MailSettings(f"smtp://127.0.0.1:{mail_server[1]}", "Mentorweave <no-reply@example.org>"),
            keys=servers.key_settings,
            web=WebSettings(scheme="http", port=None, is_secure=False),
            sign_in=SignInSettings(private_providers=True, name_servers=(names.address,)),
        )
    )
    yield made
    await made.close()


@pytest.fixture(scope="session")
def app(ground: Ground) -> ASGIApp:
    from mentorweave.asgi import make

    return make(ground)


@pytest.fixture
async def browse(app: ASGIApp) -> AsyncIterator[Callable[[str], Browser]]:
    """`browse(host)` opens a browser without a screen at an organisation; see tests/browsing.py."""
    async with AsyncExitStack() as stack:
        yield lambda host: Browser(app, host, stack)


@pytest.fixture
async def made(database: Database) -> "Made":
    """An organisation of the test's own."""
    from tests import making

    return await making.organisation(database)


@pytest.fixture
async def launched(database: Database, made: "Made") -> "Launched":
    """Its programme, which takes registrations today."""
    from tests import making

    return await making.programme(database, made)


@pytest.fixture
async def stage(database: Database, ground: Ground) -> "Stage":
    """An organisation in which people become pairs; see tests/pairing.py."""
    from tests import pairing

    return await pairing.stage(database, ground)
