"""
`mentorweave demo`: every part in its order, on servers of its own.

The order in `parts` is the order of the start. Each `Step` is a program of our
own, so that the supervisor itself stays small and starts at once.
"""

import http.client
import os
import sys
from collections.abc import Callable

import click

from infra.db import roles
from infra.embedded.postgres import Postgres
from infra.embedded.valkey import Valkey
from infra.keys import logins
from mentorweave.demo.home import AlreadyRunning, Home, default_folder, listens
from mentorweave.supervisor import (
    MARK,
    Failed,
    Part,
    Program,
    Service,
    Step,
    Supervisor,
    Task,
    clear_leftovers,
    python,
)

START_PAGE = "/"
DATABASE = "mentorweave"
ADMIN_URL = "DATABASE_ADMIN_URL"  # the superuser's; only the step that lays down the roles is given it


class Demo:
    def __init__(self, home: Home, *, web_port: int) -> None:
        self.home = home
        self.ports = home.ports(web=web_port)
        self.secrets = home.secrets()
        self.postgres = Postgres(home.postgres, port=self.ports["postgres"], log=home.log("postgres"))
        self.valkey = Valkey(
            home.valkey, port=self.ports["valkey"], password=self.secrets["queue"], log=home.log("valkey")
        )

    @property
    def address(self) -> str:
        return f"http://localhost:{self.ports['web']}{START_PAGE}"

    @property
    def passwords(self) -> dict[str, str]:
        """By role of the database."""
        names = {
            "migrator": roles.MIGRATOR,
            "app": roles.APP,
            "resolver": roles.RESOLVER,
            "relay": roles.RELAY,
        }
        return {role: self.secrets[name] for name, role in names.items()}

    def environment(self) -> dict[str, str]:
        """What infra/settings.py reads, as a production server would be given it."""

        def url(role: str) -> str:
            return self.postgres.url(role, self.passwords[role], DATABASE)

        return {
            # glibc keeps a heap for each thread, and what was freed in it for a next time that may not come.
            "MALLOC_ARENA_MAX": "1",
            "MALLOC_TRIM_THRESHOLD_": "65536",
            **os.environ,
            MARK: str(self.home.folder),
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": url(roles.APP),
            "DATABASE_RESOLVER_URL": url(roles.RESOLVER),
            "DATABASE_RELAY_URL": url(roles.RELAY),
            "DATABASE_MIGRATOR_URL": url(roles.MIGRATOR),
            "DATABASE_REFUSE_OLD_SERVER": "no",
            "REDIS_URL": self.valkey.url(),
            "SMTP_URL": f"smtp://127.0.0.1:{self.ports['smtp']}",
            "KEYRING_FILE": str(self.home.keyring),
            "KEY_DATABASE_URL": self._key_url("keys", logins.KEYS),
            "KEY_DATABASE_MIGRATOR_URL": self._key_url("keymaker", logins.KEYMAKER),
            # Nobody seals anything for hours, and a connection at rest would weigh 3 MB.
            "KEY_DATABASE_POOL_SIZE": os.environ.get("KEY_DATABASE_POOL_SIZE", "0"),
            "PUBLIC_SCHEME": "http",
            "PUBLIC_PORT": str(self.ports["web"]),
            "COOKIES_SECURE": "no",
            # Each connection is a process of PostgreSQL.
            "DATABASE_POOL_SIZE": os.environ.get("DATABASE_POOL_SIZE", "2"),
            "MATCH_COMPILE_AT_BOOT": "no",  # no pool of the samples is large
            "SIGN_IN_PRIVATE_PROVIDERS": "yes",  # the sample accounts live on this machine
        }

    def _key_url(self, secret: str, role: str) -> str:
        return self.postgres.url(role, self.secrets[secret], logins.DATABASE)

    def parts(self) -> list[Part]:
        inbox = self.ports["inbox"]
        return [
            Service("postgres", self.postgres.spawn, self.postgres.log, self.postgres.is_ready,
                    self.postgres.stop_signal, is_ground=True),
            Service("valkey", self.valkey.spawn, self.valkey.log, self.valkey.is_ready,
                    self.valkey.stop_signal, is_ground=True),
            *([] if self.home.keyring.exists() else [self._step("keyring", "create", str(self.home.keyring))]),
            Step("database", self._database()),
            # Each loads for a second or two; what the address waits for goes first.
            self._service("serve", f"--port={self.ports['web']}", is_ready=self._answers),
            self._service("mailcatcher", f"--folder={self.home.mail}", f"--smtp-port={self.ports['smtp']}",
                          f"--http-port={inbox}", f"--accounts={self.home.accounts}",
                          is_ready=lambda: listens(inbox)),
            self._service("relay"),
            self._service("work"),
            self._service("match"),
            *([] if self.home.seeded.exists() else [self._step("seed")]),
            Task("address", self._tell),
            self._step("links", f"--accounts={self.home.accounts}", f"--issuer=http://127.0.0.1:{inbox}/accounts",
                       is_shown=True),
        ]  # fmt: skip

    def _database(self) -> Program:
        environment = self.environment() | {ADMIN_URL: self.postgres.admin_url()}
        return Program(
            [sys.executable, "-m", "mentorweave.demo.database"], environment, self.home.log("database")
        )

    def _program(self, *arguments: str) -> Program:
        return Program(python(*arguments), self.environment(), self.home.log(arguments[0]))

    def _step(self, *arguments: str, is_shown: bool = False) -> Step:
        return Step(arguments[0], self._program(*arguments), is_shown=is_shown)

    def _service(self, *arguments: str, is_ready: Callable[[], bool] | None = None) -> Service:
        program = self._program(*arguments)
        service = Service(arguments[0], program.spawn, program.log)
        if is_ready:
            service.is_ready = is_ready
        return service

    def _answers(self) -> bool:
        """Whether the server answers, and what it stands on does too."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["web"], timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _tell(self) -> None:
        self.home.seeded.touch()
        self.home.tell(self.address)
        click.echo(f"\nMentorweave is ready: {self.address}")
        click.echo(f"Every e-mail it sends lands in this inbox: http://localhost:{self.ports['inbox']}/")
        click.echo(f"Data and logs are in {self.home.folder}. Ctrl-C stops everything.\n")


def run(*, is_fresh: bool, web_port: int) -> None:
    """Run the demo until it is asked to stop."""
    home = Home(default_folder())
    try:
        home.lock()
    except AlreadyRunning as running:
        where = str(running) or "and is still starting"
        raise click.ClickException(
            f"The demo in {home.folder} is already running: {where}\n"
            "Stop it first with Ctrl-C in its terminal, or set MENTORWEAVE_HOME to a folder for a second one."
        ) from None
    clear_leftovers(home.folder)
    for server in (Postgres(home.postgres), Valkey(home.valkey)):
        server.clear_orphans()
    if is_fresh:
        home.erase()
    demo = Demo(home, web_port=web_port)
    if demo.ports["web"] != web_port:
        click.echo(f"Port {web_port} is taken by another program, so this demo uses {demo.ports['web']}.")
    try:
        Supervisor(demo.parts(), say=click.echo).run()
    except Failed as failure:
        raise click.ClickException(str(failure)) from None
