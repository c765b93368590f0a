"""What can go wrong with keys; what can go wrong with what they sealed is in `infra.crypto.errors`."""

from infra import errors


class KeyDestroyed(errors.NotFound):
    """The key was destroyed on purpose: nothing opens what it sealed, and nothing new is sealed for its owner."""

    code = "key_destroyed"


class KeyServiceUnavailable(errors.Unavailable):
    """
    The key database or the keeper of the master key does not answer; nothing was opened and nothing sealed.

    `found` says which and why, in one word.
    """

    code = "key_service_unavailable"


class KeyMissing(KeyServiceUnavailable):
    """The key is not there and nobody destroyed it: the key database is not the one that belongs to this one."""

    code = "key_missing"


class ProviderUnknown(Exception):
    """KEY_PROVIDER_URL names no keeper of keys that we can speak to; the process must not start."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"KEY_PROVIDER_URL is {url}. It must be keyring:, aws-kms://region/key-id or vault://host/mount/key."
        )
