"""Whose key it is: an organisation's, one subject's within it, or that of one record about a subject."""

from dataclasses import dataclass
from uuid import UUID, uuid5

_TOMBSTONES = UUID("5f0f6d2e-5f3a-4d0c-9d0e-0c6a1c0b7a11")


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """
    The key of `record` lies under that of `subject`, and this under the tenant's.

    Without a record it is the subject's own key, without a subject that of the tenant itself.
    """

    tenant: UUID
    subject: UUID | None = None
    record: UUID | None = None

    def __post_init__(self) -> None:
        if self.record is not None and self.subject is None:
            raise ValueError("A record has a subject.")

    @property
    def above(self) -> "KeyOwner | None":
        if self.record is not None:
            return KeyOwner(self.tenant, self.subject)
        return KeyOwner(self.tenant) if self.subject is not None else None

    def context(self) -> dict[str, str]:
        """What its wrapped key is bound to. An outside keeper of keys may write it to its own log, so it holds ids alone."""
        named = {"tenant": self.tenant, "subject": self.subject, "record": self.record}
        return {name: str(value) for name, value in named.items() if value is not None}

    def tombstone_id(self) -> UUID:
        """The same in every database and at every try, so that a tombstone is written once."""
        return uuid5(_TOMBSTONES, "|".join(f"{name}={value}" for name, value in self.context().items()))
