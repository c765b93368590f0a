"""Periods of data rights, and what may be asked for when."""

import secrets
from datetime import timedelta
from uuid import UUID

from infra.errors import Forbidden, LimitReached, WrongState
from tenants.privacy.models import Erasure

COPY_KEPT = timedelta(days=7)
COPIES_A_DAY = 3  # of one person; each costs a worker some seconds
# As long as she may take her wish back. Long enough to come home from a journey, short beside the month that laws give.
WAITING = timedelta(days=7)
# The same for somebody who has not asked for it, and may read her letters seldom; she is reminded before the end.
IDLE_WAITING = timedelta(days=45)
IDLE_REMINDED = timedelta(days=10)
# How long the last letters may take. Then her address goes all the same.
LETTERS_WAIT = timedelta(hours=6)
LOOK_AGAIN = timedelta(seconds=30)
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another


class CopyExpired(WrongState):
    """It was made too long ago, or is not ready."""

    code = "privacy.copy_gone"


class CopiesEnough(LimitReached):
    """Facts: most."""

    code = "privacy.copies_enough"


class NoAddress(WrongState):
    """Nobody can be told, since no e-mail address is known."""

    code = "privacy.no_address"


class ErasureBegun(WrongState):
    """It has begun, or is done, or was taken back."""

    code = "privacy.erasure_begun"


class OwnWish(Forbidden):
    """The person asked for it herself, and somebody else would undo it."""

    code = "privacy.own_wish"


class RunsOrganisation(Forbidden):
    """She runs the organisation: only who hands out roles lets her go."""

    code = "privacy.runs_organisation"


def may_keep(erasure: Erasure, person_id: UUID | None) -> bool:
    """What somebody asked for herself is hers alone to take back: the office that holds the data undoes no right to it."""
    return person_id == erasure.person_id or erasure.asked_by != erasure.person_id


def number() -> str:
    """A random number by which somebody can ask for the proof: 12 signs, 60 bits."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"
