"""What becomes due while a proposal is open. Each re-reads the proposal and does nothing if it has moved on."""

from uuid import UUID

from infra.outbox.jobs import Job


class RemindOfProposal(Job, kind="proposal.remind"):
    """Ask those who have not answered yet once more."""

    proposal_id: UUID


class ExpireProposal(Job, kind="proposal.expire"):
    """Nobody, or only one, has answered in time: release both and tell the coordinator."""

    proposal_id: UUID


class AskAfterMeeting(Job, kind="proposal.ask_after_meeting"):
    """The first meeting should have been: ask each, in private, whether she goes on."""

    proposal_id: UUID


class LetGoOfLeaver(Job, kind="proposal.let_go_of_leaver"):
    """Somebody no longer takes part: close what is open with her, and put her pairs before a coordinator."""

    participation_id: UUID
