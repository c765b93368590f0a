"""
Signed notes: a few lines of text under an Ed25519 signature that anyone with the public key can check.

The form is that of C2SP signed-note: the text, an empty line, then
`— name base64(first four bytes of SHA-256(name, LF, 0x01, public key), signature)`.
"""

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.crypto.errors import NoteRefused

_ED25519 = b"\x01"
_DASH = "\u2014"


@dataclass(frozen=True, slots=True)
class Verifier:
    """Opens notes of one signer. Its text form is `name+hash+key`, as C2SP writes verifier keys."""

    name: str
    public_key: bytes

    @property
    def key_hash(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        key = base64.b64encode(_ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_hash.hex()}+{key}"

    @classmethod
    def parse(cls, written: str) -> "Verifier":
        """
        Raises:
            NoteRefused: it is no key of this form, or its hash belongs to another.
        """
        try:
            name, key_hash, encoded = written.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise NoteRefused(what="key") from None
        verifier = cls(name, raw[1:])
        if raw[:1] != _ED25519 or len(raw) != 33 or verifier.key_hash.hex() != key_hash:
            raise NoteRefused(what="key")
        return verifier

    def open(self, note: str) -> str:
        """
        The text of a note, ending with a line feed.

        Raises:
            NoteRefused: it has no signature of this signer, or was changed since.
        """
        text, parted, signatures = note.rpartition("\n\n")
        text += "\n"
        if not parted:
            raise NoteRefused(what="form")
        for line in signatures.split("\n"):
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            if dash == _DASH and name == self.name and self._signed(encoded, text):
                return text
        raise NoteRefused(what="signature")

    def _signed(self, encoded: str, text: str) -> bool:
        try:
            raw = base64.b64decode(encoded, validate=True)
            # One signature has one spelling: base64 leaves bits over that nobody would look at.
            if raw[:4] != self.key_hash or base64.b64encode(raw).decode() != encoded:
                return False
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(raw[4:], text.encode())
        except (ValueError, InvalidSignature):
            return False
        return True


@dataclass(frozen=True, slots=True)
class NoteSigner:
    name: str
    seed: bytes = field(repr=False)

    def verifier(self) -> Verifier:
        return Verifier(self.name, self._private().public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note of `text`, which ends with a line feed and holds no empty line at its end."""
        if not text.endswith("\n") or text.endswith("\n\n"):
            raise ValueError("The text of a note ends with one line feed.")
        raw = self.verifier().key_hash + self._private().sign(text.encode())
        return f"{text}\n{_DASH} {self.name} {base64.b64encode(raw).decode()}\n"

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)
