"""Work for the numeric processes."""

from uuid import UUID

from infra.outbox.jobs import Job


class SearchMatches(Job, kind="matching.search", queue="match"):
    """Score everybody on the other side for one person. A worker that dies leaves it as it was, and another begins anew."""

    search_id: UUID
