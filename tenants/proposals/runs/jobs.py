"""Work for the numeric processes."""

from typing import Any
from uuid import UUID

from infra.outbox.jobs import Job


class RunMatching(Job, kind="matching.run", queue="match"):
    """Compute one run. A worker that dies leaves it as it was, and another begins anew."""

    run_id: UUID


class ExplainPair(Job, kind="matching.explain", queue="match"):
    """Say what a pair that a finished run did not choose would earn and cost; the answer is shown, not kept."""

    run_id: UUID
    mentee_id: UUID
    mentor_id: UUID
    key: str


class CountPairs(Job, kind="matching.count", queue="match"):
    """Count the pairs that stay possible under criteria that nobody has started yet; the answer is shown, not kept."""

    pool_id: UUID
    key: str
    snapshot: dict[str, Any]
