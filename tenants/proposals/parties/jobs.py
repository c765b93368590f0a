"""What becomes due while a party is open. Each re-reads it and does nothing if it has moved on."""

from uuid import UUID

from infra.outbox.jobs import Job


class RemindOfParty(Job, kind="party.remind"):
    """Ask those who have not answered yet once more."""

    party_id: UUID


class ExpireParty(Job, kind="party.expire"):
    """The time is over: it begins with those who said yes, or comes to nothing."""

    party_id: UUID


class WeighMove(Job, kind="party.weigh", queue="match"):
    """Say what it would mean to move somebody into another party of a run; the answer is shown, not kept."""

    run_id: UUID
    participation_id: UUID
    key: str
