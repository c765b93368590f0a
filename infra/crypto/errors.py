"""What can go wrong with sealed things. None of these ever holds a key or a plaintext."""

from infra.errors import Damaged, HouseError


class TamperedCiphertext(Damaged):
    """Bytes that this key did not seal for this place: changed, moved, cut, or made to open twice."""

    code = "tampered_ciphertext"


class UnknownKey(HouseError):
    """Sealed by a key that is not at hand, `key_id`: erased, or of another keyring."""

    code = "unknown_key"


class NoteRefused(HouseError):
    """A note that is not one, or that its signer did not sign; `what` says which part is wrong."""

    code = "note_refused"


class KeyringRefused(Exception):
    """The keyring file cannot be trusted or read; the process must not start. Says what was found and how to mend it."""
