"""What a search gives and when it is old: pure."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from infra.errors import Conflict, NotFound, WrongState
from tenants.pools.queries import Card
from tenants.proposals.search_models import MatchSearch

BEST = 20
KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=2)  # a search that still waits may then be asked for anew


class SearchNotReady(WrongState):
    """She cannot be matched now: `status` says where she stands."""

    code = "search_not_ready"


class SearchNotHere(WrongState):
    """Groups and circles are made by runs; somebody is moved into one of their drafts."""

    code = "search_not_here"


class SearchNotDone(WrongState):
    code = "search_not_done"


class SearchOld(Conflict):
    """What one of the two has said has changed since: the points are not theirs any more."""

    code = "search_old"


class SearchRefused(Conflict):
    """A constraint of this search forbids the pair; `limits` are its codes."""

    code = "search_refused"


def progress_key(organisation_id: UUID, search_id: UUID) -> str:
    """Where the worker says that it is done; see infra/progress.py."""
    return f"search:{organisation_id}:{search_id}"


def question(*parts: Any) -> str:
    """A digest of all that an answer depends on."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted", enc_hook=str)).hexdigest()


def card_digest(card: Card) -> str:
    """Changes whenever something changes that points or limits come from; places are counted under the locks."""
    return hashlib.sha256(msgspec.json.encode(card.fields, order="sorted")).hexdigest()[:32]


def told_of(search: MatchSearch, participation_id: UUID) -> Mapping[str, Any]:
    """
    Somebody whom a search tells of: one of the best, or whom it was asked about.

    Raises:
        NotFound: it does not tell of her.
    """
    wanted = str(participation_id)
    for row in (*search.result.get("best", ()), search.result.get("named")):
        if row and row["participation_id"] == wanted:
            found: Mapping[str, Any] = row
            return found
    raise NotFound(kind="participation", id=wanted)
