"""
The folder of one installation on this machine: its data, logs, ports and passwords.

It is `.mentorweave` in the checkout, or MENTORWEAVE_HOME. Passwords are made at
the first start and readable by its owner alone.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
from pathlib import Path
from typing import IO

from infra.embedded import account
from infra.embedded.server import free_port

WEB_PORT = 8000
INBOX_PORT = 8025
SECRETS = ("migrator", "app", "resolver", "relay", "queue", "keys", "keymaker")


class AlreadyRunning(Exception):
    """Another supervisor works on the same folder."""


def default_folder() -> Path:
    if named := os.environ.get("MENTORWEAVE_HOME"):
        return Path(named).absolute()
    checkout = Path(__file__).resolve().parents[2]
    # Installed as a package, the parent of our code is no place for data.
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / ".mentorweave"


class Home:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # root's servers run as `nobody`, who must pass through
        # Statements and addresses stand in the logs.
        (folder / "logs").mkdir(mode=0o700, exist_ok=True)
        self._lock: IO[str] | None = None

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        return self.folder / "valkey"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def accounts(self) -> Path:
        return self.folder / "accounts"

    @property
    def keyring(self) -> Path:
        return self.folder / "keyring.json"

    @property
    def seeded(self) -> Path:
        """There once the sample organisations are complete, so that a warm start need not look."""
        return self.folder / "seeded"

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def lock(self) -> None:
        """Claim the folder until this process ends, however it ends."""
        lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            told = lock.read().strip()
            lock.close()
            raise AlreadyRunning(told) from None
        lock.truncate(0)
        self._lock = lock

    def tell(self, address: str) -> None:
        """What a second start will be told about us."""
        if self._lock:
            self._lock.truncate(0)
            self._lock.write(address)
            self._lock.flush()

    def unlock(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def erase(self) -> None:
        """Forget all data, so that the next step starts over; the logs stay."""
        for kept in (self.postgres, self.valkey):
            shutil.rmtree(account.place(kept), ignore_errors=True)
        for folder in (self.mail, self.accounts):
            shutil.rmtree(folder, ignore_errors=True)
        for file in ("keyring.json", "secrets.json", "seeded"):
            (self.folder / file).unlink(missing_ok=True)

    def secrets(self) -> dict[str, str]:
        kept = self._read("secrets.json")
        for name in SECRETS:
            kept.setdefault(name, secrets.token_urlsafe(24))
        self._write("secrets.json", kept)
        return kept

    def ports(self, *, web: int = WEB_PORT) -> dict[str, int]:
        """
        The ports to listen on: the same as last time where they are free.

        The web's is always tried from its usual number upwards, since people know it by heart.
        """
        kept = {name: int(port) for name, port in self._read("ports.json").items()}
        chosen = {"web": _next_free(web)}
        for name, wanted in (("inbox", INBOX_PORT), ("smtp", 0), ("postgres", 0), ("valkey", 0)):
            port = kept.get(name, wanted)
            if port in chosen.values() or not _is_free(port):
                port = 0
            chosen[name] = port or _any_free(chosen)
        self._write("ports.json", {name: str(port) for name, port in chosen.items()})
        return chosen

    def _read(self, name: str) -> dict[str, str]:
        path = self.folder / name
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _write(self, name: str, content: dict[str, str]) -> None:
        path = self.folder / name
        draft = path.with_name(f"{name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(0o600)
        draft.write_text(json.dumps(content, indent=2))
        draft.replace(path)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do, so that a port whose last connection just closed counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _next_free(port: int) -> int:
    return next(one for one in range(port, port + 1000) if _is_free(one))


def _any_free(taken: dict[str, int]) -> int:
    return next(port for port in iter(free_port, None) if port not in taken.values())
