"""
The keyring file: the keys that an installation stands on.

    {"format": 1, "current": id, "master_keys": [{"id", "version", "made", "key"}],
     "context_key": ..., "derivation_key": ...}

Keys are 32 random bytes in base64. The file belongs to the user who runs the
process, and nobody else may read it; otherwise it is refused, since a key that
others have seen protects nothing. Old master keys stay, to open what they wrapped.
"""

import base64
import json
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from infra import clock, ids
from infra.crypto.context import ContextSigner
from infra.crypto.envelope import KEY, DataKey
from infra.crypto.errors import KeyringRefused
from infra.crypto.hierarchy import KeySet
from infra.crypto.links import LinkSigner
from infra.crypto.notes import NoteSigner

FORMAT = 1
LARGEST = 1_000_000  # bytes; a keyring has a few keys, so whatever is larger is another file


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one file, which its repr hides."""

    master_keys: tuple[DataKey, ...]
    current: UUID
    context_key: bytes = field(repr=False)
    derivation_key: bytes = field(repr=False)
    path: Path = field(compare=False)

    def provider(self) -> KeySet:
        """
        Wraps and unwraps under the master keys, also those that the file has got since.

        Raises:
            KeyringRefused: of an unwrap that needed the file again, and could not read it.
        """
        keys = {key.id: key for key in self.master_keys}
        return KeySet(keys, self.current, again=lambda: open_keyring(self.path).provider())

    def context_signer(self) -> ContextSigner:
        return ContextSigner(self.context_key)

    def link_signer(self) -> LinkSigner:
        return LinkSigner(self.derived("links"))

    def note_signer(self) -> NoteSigner:
        """Signs what outsiders check with our public key: the checkpoints of audit chains."""
        return NoteSigner("mentorweave", self.derived("notes"))

    def derived(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, the same at every start; for what needs no rotation of its own."""
        return HKDFExpand(SHA512(), KEY, b"mentorweave/derived/v1/" + purpose.encode()).derive(
            self.derivation_key
        )


def create_keyring(path: Path) -> None:
    """
    Write a new keyring, with mode 0600, whole or not at all.

    Raises KeyringRefused if something is there already: a lost key cannot be made again.
    """
    key = _new_master(1)
    made = {
        "format": FORMAT,
        "current": key["id"],
        "master_keys": [key],
        "context_key": _encoded(secrets.token_bytes(KEY)),
        "derivation_key": _encoded(secrets.token_bytes(KEY)),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _written_aside(path, made)
    try:
        # Unlike a rename, a link never replaces what is there.
        os.link(aside, path)
    except FileExistsError as found:
        raise KeyringRefused(
            f"{path} exists. A keyring is never overwritten; choose another path."
        ) from found
    finally:
        aside.unlink()
    _sync_folder(path.parent)


create = create_keyring  # reads better behind the module's name: keyring.create


def open_keyring(path: Path) -> Keyring:
    """
    Raises KeyringRefused for a file that is missing, not ours, open to others, or not a keyring.
    """
    return _keyring(_read(path), path)


def add_master_key(path: Path) -> UUID:
    """Make a new master key the current one and keep the others; processes wrap with it when they start again."""
    document = _read(path)
    newest = max(key.version for key in _keyring(document, path).master_keys)
    key = _new_master(newest + 1)
    document["master_keys"].append(key)
    document["current"] = key["id"]
    _written_aside(path, document).replace(path)
    _sync_folder(path.parent)
    return UUID(key["id"])


def _read(path: Path) -> dict[str, Any]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as found:
        raise KeyringRefused(f"The keyring {path} cannot be opened: {found.strerror}.") from found
    try:
        # Of the open file, not of the path: between two looks at a path it may change.
        _must_be_private(os.fstat(descriptor), path)
        text = os.read(descriptor, LARGEST)
    finally:
        os.close(descriptor)
    document = _parsed(text)
    if document is None:
        raise KeyringRefused(f"{path} is not a keyring: no JSON object of format {FORMAT}.")
    return document


def _must_be_private(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KeyringRefused(f"{path} is no regular file.")
    if found.st_uid != os.geteuid():
        raise KeyringRefused(
            f"{path} belongs to user {found.st_uid}, but this process runs as user {os.geteuid()}. "
            "Change its owner with chown."
        )
    mode = stat.S_IMODE(found.st_mode)
    if mode & ~0o600:
        raise KeyringRefused(
            f"{path} has mode {mode:04o}, so others may read or change it. Set it with chmod 600, and if they "
            "may have read it, make a new keyring."
        )


def _parsed(text: bytes) -> dict[str, Any] | None:
    """None for what is no keyring; json's own error would carry the whole text with it."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and document.get("format") == FORMAT else None


def _keyring(document: dict[str, Any], path: Path) -> Keyring:
    try:
        keyring = Keyring(
            master_keys=tuple(
                DataKey(UUID(key["id"]), int(key["version"]), _decoded(key["key"]))
                for key in document["master_keys"]
            ),
            current=UUID(document["current"]),
            context_key=_decoded(document["context_key"]),
            derivation_key=_decoded(document["derivation_key"]),
            path=path,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as found:
        wrong = type(found).__name__
    else:
        if keyring.current in {key.id for key in keyring.master_keys}:
            return keyring
        wrong = "its current key is missing"
    raise KeyringRefused(f"{path} is a damaged keyring ({wrong}). Put back the copy that you kept.")


def _new_master(version: int) -> dict[str, Any]:
    return {
        "id": str(ids.random()),
        "version": version,
        "made": clock.now().isoformat(timespec="seconds"),
        "key": _encoded(secrets.token_bytes(KEY)),
    }


def _written_aside(path: Path, document: dict[str, Any]) -> Path:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(document, file, indent=2)
        file.flush()
        os.fsync(descriptor)
    return aside


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decoded(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY:
        raise ValueError("length")
    return key
