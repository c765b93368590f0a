"""
Checkpoints: what the chain's last link was at some moment, signed, to be kept where the database's keepers cannot reach.

The text has four lines: where it comes from (`mentorweave/` and the organisation), the number of links, the last
hash in base64, and the moment.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from infra.crypto.errors import NoteRefused
from infra.crypto.notes import Verifier

ORIGIN = "mentorweave/"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    organisation_id: UUID
    seq: int
    hash: bytes
    at: datetime

    def text(self) -> str:
        return "\n".join(
            (
                f"{ORIGIN}{self.organisation_id}",
                str(self.seq),
                base64.b64encode(self.hash).decode(),
                self.at.isoformat(timespec="seconds"),
                "",
            )
        )


def opened(note: str, verifier: Verifier) -> Checkpoint:
    """
    The checkpoint that a note holds.

    Raises:
        NoteRefused: our key did not sign it as it stands, or it is another kind of note.
    """
    lines = verifier.open(note).splitlines()
    try:
        origin, seq, encoded, at = lines
        if not origin.startswith(ORIGIN):
            raise NoteRefused(what="origin")
        return Checkpoint(
            organisation_id=UUID(origin.removeprefix(ORIGIN)),
            seq=int(seq),
            hash=base64.b64decode(encoded, validate=True),
            at=datetime.fromisoformat(at),
        )
    except ValueError:
        raise NoteRefused(what="form") from None
