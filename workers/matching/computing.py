"""One run from cards to outcome: pure computation, in a thread of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from matcher import Cancelled, LockedRefused
from matcher.scan.tiling import Crew
from tenants.pools.queries import Card
from tenants.proposals.models import WishKind
from tenants.proposals.runs.criteria import Snapshot, plain, quota_field
from tenants.proposals.runs.inputs import Pairs
from tenants.proposals.runs.outcomes import Outcome
from workers.matching import keeping, solving
from workers.matching.encoding import encode
from workers.matching.solving import Asked
from workers.matching.weighing import tables

Tell = Callable[[str, int], None]
SOLVED = 85  # per cent at which the matcher is done and the independent check begins
CHECKED = 95


class NotProved(Exception):
    """The independent check found a fault in the result; nothing of it may be used."""

    def __init__(self, violations: Sequence[str]) -> None:
        super().__init__("; ".join(violations[:3]))
        self.violations = violations


class LockImpossible(Exception):
    """A pair that a coordinator keeps together breaks a limit of this run."""

    def __init__(self, mentee_id: UUID, mentor_id: UUID, limit: str) -> None:
        super().__init__(limit)
        self.facts = {"mentee_id": str(mentee_id), "mentor_id": str(mentor_id), "limit": limit}


@dataclass(frozen=True, slots=True)
class Order:
    """All that a run reads, as it stood in one transaction."""

    run_id: UUID
    snapshot: Snapshot
    cards: Sequence[Card]
    never: Pairs
    wishes: dict[WishKind, Pairs]


def compute(
    order: Order, seal_key: bytes, tell: Tell, cancelled: Callable[[], bool], crew: Crew | None = None
) -> Outcome:
    """
    Match, check independently, describe. A `crew` makes it faster and changes nothing else.

    Raises:
        LimitReached, Cancelled: as the matcher says.
        LockImpossible: a kept pair cannot stand.
        NotProved: the check does not confirm the result.
    """

    def step(phase: str, percent: int) -> None:
        if cancelled():
            raise Cancelled
        tell(phase, percent)

    chosen = order.snapshot.criteria
    encoded = encode(order.cards, order.never, order.snapshot.meets_on, grouped_by=quota_field(chosen))
    asked = Asked(
        order.snapshot,
        encoded,
        tables(order.snapshot, len(encoded.sectors)),
        encoded.rows(order.wishes[WishKind.LOCK]),
        encoded.rows(order.wishes[WishKind.FORBID]),
    )
    strategy = solving.of(order.snapshot)
    try:
        matching = strategy.find(
            asked, lambda phase, percent: tell(phase, percent * SOLVED // 100), cancelled, crew
        )
    except LockedRefused as error:
        raise LockImpossible(
            encoded.mentees[error.mentee].participation_id,
            encoded.mentors[error.mentor].participation_id,
            error.limit,
        ) from error
    step("checking", SOLVED)
    checked = strategy.check(
        asked, matching, lambda share: step("checking", SOLVED + int(share * (CHECKED - SOLVED)))
    )
    if not checked.ok:
        raise NotProved(checked.violations)
    step("saving", CHECKED)
    result = strategy.told(asked, matching, lambda _share: step("saving", CHECKED))
    inputs = keeping.pack(encoded, asked.criteria, matching)
    certificate: dict[str, Any] = {
        "ok": checked.ok,
        "total": checked.total,
        "bound": matching.bound,
        "recounted_bound": checked.bound,
        "pairs_checked": checked.pairs_checked,
        "digest": matching.digest,
        "version": matching.version,
        "aim": chosen.aim,
    }
    certificate["seal"] = keeping.seal(
        seal_key,
        order.run_id,
        criteria=plain(order.snapshot),
        result=result,
        certificate=certificate,
        inputs=inputs,
    )
    return Outcome(
        matching.digest,
        matching.version,
        result,
        certificate,
        inputs,
        strategy.drafted(asked, matching),
        strategy.parties(asked, matching),
        strategy.left(asked, matching),
    )
