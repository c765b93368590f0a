"""
The chain of audit events: what a link says, and how its faults are found.

`hash = SHA-256(hash of the link before | digest of the event)`, beginning from 32 zero bytes. The digest
covers every column of the event, each framed by its length; the details by a salted digest of their
own, so that they can be forgotten without breaking the chain. The database computes the same when an event
is written (migration of the audit chain); this is the second, independent reading of it.

A chain alone does not show that its end was cut off, or that it was written anew from some place on: a signed
checkpoint kept elsewhere does. Form after C2SP tlog-checkpoint, with a chain's last hash for the root.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

VERSION = "mentorweave/audit/v1"
START = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it stands in the database; `details` is their JSON as the database prints it."""

    id: UUID
    created_at: datetime
    event: str
    actor_kind: str
    person_id: UUID | None
    token_id: UUID | None
    object_kind: str
    object_id: UUID | None
    details: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands in the database, with its event, or None where that is gone."""

    seq: int
    details_digest: bytes
    hash: bytes
    event: Event | None


class FaultKind(StrEnum):
    MISSING = "missing"  # links are gone: the number jumps
    EVENT_GONE = "event_gone"  # the link stands, its event does not
    DETAILS_CHANGED = "details_changed"
    CHANGED = "changed"  # the event or its link is not what was linked
    UNLINKED = "unlinked"  # an event that no link names
    CUT = "cut"  # the chain ends before a checkpoint
    REWRITTEN = "rewritten"  # the chain has another hash where a checkpoint was taken
    NOTE_REFUSED = "note_refused"  # a checkpoint that our key did not sign


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    seq: int | None = None
    event_id: UUID | None = None


def framed(value: object | None) -> bytes:
    """The value's text in UTF-8 after its length in bytes (4, big-endian); None has a length of its own."""
    if value is None:
        return b"\xff\xff\xff\xff"
    encoded = str(value).encode()
    return struct.pack(">I", len(encoded)) + encoded


def details_digest(event: Event) -> bytes:
    return sha256(event.salt + event.details.encode()).digest()


def digest(organisation_id: UUID, seq: int, event: Event, of_details: bytes) -> bytes:
    """What the link of `event` at place `seq` vouches for."""
    microseconds = (event.created_at - _EPOCH) // timedelta(microseconds=1)
    columns = (
        VERSION,
        organisation_id,
        seq,
        event.id,
        microseconds,
        event.event,
        event.actor_kind,
        event.person_id,
        event.token_id,
        event.object_kind,
        event.object_id,
        of_details.hex(),
    )
    return sha256(b"".join(map(framed, columns))).digest()


class Walk:
    """Goes along one organisation's chain, link by link in order, and says what is wrong with each."""

    def __init__(self, organisation_id: UUID, checkpoints: Mapping[int, bytes] | None = None) -> None:
        """`checkpoints` are the hashes that the chain had at some of its places, from signed notes."""
        self._organisation_id = organisation_id
        self._checkpoints = dict(checkpoints or {})
        self.seq = 0
        self.hash = START
        # After a changed link the next one was made either on what it says now or on what it said then.
        self._before: tuple[bytes, ...] = (START,)

    def along(self, links: Iterable[Link]) -> Iterator[Fault]:
        """The faults of the next links, in ascending order of their numbers."""
        for link in links:
            if link.seq != self.seq + 1:
                yield Fault(FaultKind.MISSING, self.seq + 1)
                self._before = ()
            yield from self._judged(link)
            if self._checkpoints.pop(link.seq, link.hash) != link.hash:
                yield Fault(FaultKind.REWRITTEN, link.seq, link.event.id if link.event else None)
            self.seq, self.hash = link.seq, link.hash

    def end(self) -> Iterator[Fault]:
        """What only the end shows: places that were there once."""
        if any(seq > self.seq for seq in self._checkpoints):
            yield Fault(FaultKind.CUT, self.seq + 1)

    def _judged(self, link: Link) -> Iterator[Fault]:
        if link.event is None:
            yield Fault(FaultKind.EVENT_GONE, link.seq)
            self._before = (link.hash,)
            return
        if details_digest(link.event) != link.details_digest:
            yield Fault(FaultKind.DETAILS_CHANGED, link.seq, link.event.id)
            self._before = (link.hash,)
            return
        made = digest(self._organisation_id, link.seq, link.event, link.details_digest)
        expected = tuple(sha256(before + made).digest() for before in self._before)
        if expected and link.hash not in expected:
            yield Fault(FaultKind.CHANGED, link.seq, link.event.id)
            self._before = (link.hash, *expected)
            return
        self._before = (link.hash,)
