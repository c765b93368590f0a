"""
Under which account the embedded servers run, and where that account may read and write.

PostgreSQL refuses to run as root, so root hands its servers to `nobody`. That
account may not enter a checkout in a private home, which is why binaries and
data then move to a folder of ours in /var/tmp: it outlives a reboot, as /tmp
need not.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

# A socket's path must fit sockaddr_un.sun_path with its closing zero: 108 bytes on Linux, 104 on macOS.
LONGEST_SOCKET = 103


class Identity(NamedTuple):
    uid: int
    gid: int
    is_dropped: bool

    def popen(self) -> dict[str, object]:
        """What `subprocess` needs to start a child under this account."""
        if not self.is_dropped:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


class Untrusted(Exception):
    """A folder that we would share with the servers belongs to somebody else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} belongs to another account. Remove it, or start as the account that made it."
        )


def identity() -> Identity:
    """Our own account, or `nobody` for root."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), is_dropped=False)
    entry = pwd.getpwnam("nobody")
    return Identity(entry.pw_uid, entry.pw_gid, is_dropped=True)


def may_enter(path: Path) -> bool:
    """Whether the servers' account may enter `path`, or where it would be made, its nearest folder."""
    who = identity()
    while not path.exists():
        path = path.parent
    if not who.is_dropped:
        return os.access(path, os.X_OK)
    test = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
    return subprocess.run(test, cwd="/", check=False, **who.popen()).returncode == 0  # type: ignore[call-overload,no-any-return]  # noqa: S603 - a fixed command; Popen's keywords come as a mapping


def shelter() -> Path:
    """Our own folder outside the checkout, which others may enter but not write."""
    return _claim(Path("/var/tmp") / f"mentorweave-{os.geteuid()}", os.geteuid(), 0o755)  # noqa: S108 - claimed by owner and mode


def place(folder: Path) -> Path:
    """`folder` itself, or its stand-in in the shelter where the servers may not enter it."""
    folder = folder.absolute()
    if may_enter(folder):
        return folder
    return shelter() / f"{folder.name}-{_mark(folder)}"


def own(folder: Path) -> Path:
    """Make `folder` the private one of the servers' account."""
    who = identity()
    folder.mkdir(parents=True, exist_ok=True)
    if who.is_dropped:
        os.chown(folder, who.uid, who.gid)
    folder.chmod(0o700)
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for servers that are wanted for a while only, such as those of the tests."""
    folder = Path(tempfile.mkdtemp(prefix="mentorweave-", dir="/tmp"))  # short enough for sockets
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def socket_folder(wanted: Path, longest_name: str) -> Path:
    """`wanted`, or a short one under /tmp where its path would not fit a socket's or cannot be entered."""
    wanted = wanted.absolute()
    if len(os.fsencode(wanted / longest_name)) <= LONGEST_SOCKET and may_enter(wanted):
        return own(wanted)
    who = identity()
    short = Path("/tmp") / f"mentorweave-{who.uid}-{_mark(wanted)}"  # noqa: S108 - claimed by owner and mode
    return _claim(short, who.uid, 0o700)


def copied(source: Path, *, sibling: Path | None = None, mark: str) -> Path:
    """
    A copy of the tree `source` that the servers' account may read, made once for each `mark`.

    `sibling` is laid beside it, since wheels look for their own libraries there.
    """
    home = shelter() / mark
    target = home / source.name
    if not target.exists():
        draft = home.with_name(f"{home.name}.{os.getpid()}")
        draft.mkdir()
        shutil.copytree(source, draft / source.name, symlinks=True)
        if sibling is not None and sibling.exists():
            shutil.copytree(sibling, draft / sibling.name, symlinks=True)
        _open_to_all(draft)
        try:
            draft.rename(home)
        except OSError:
            # Another start was first; its copy is as good as ours.
            shutil.rmtree(draft)
            if not target.exists():
                raise
    return target


def write(path: Path, text: str) -> None:
    """A file that only the servers' account (and root) may read."""
    who = identity()
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_text(text)
    if who.is_dropped:
        os.chown(draft, who.uid, who.gid)
    draft.replace(path)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _claim(folder: Path, uid: int, mode: int) -> Path:
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
            raise Untrusted(folder) from None
    if os.geteuid() == 0:
        os.chown(folder, uid, -1)
    folder.chmod(mode)
    return folder


def _open_to_all(tree: Path) -> None:
    """Let every account read and run what its owner may, whatever mask the tree was installed under."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))


def _mark(path: Path) -> str:
    return sha256(os.fsencode(path)).hexdigest()[:12]
