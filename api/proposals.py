"""Proposals: one's own, with a private answer, and those of a coordinator's cases."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.proposals import actions, answering, listing, queries, reaching
from tenants.proposals.listing import Listed
from tenants.proposals.models import AskedFor, ProposalState
from tenants.proposals.queries import Seen
from tenants.relationships import actions as relationships


class Pairing(Struct):
    """Who is proposed to whom. Points are what the run gave, of the most it could give."""

    id: UUID
    run_id: UUID | None
    cycle_id: UUID
    state: ProposalState
    points: int
    most: int
    sent_at: datetime | None
    answer_by: datetime | None
    meet_by: date | None
    first_meeting_on: date | None
    closed_at: datetime | None
    created_at: datetime
    mentor_id: UUID
    mentor_person_id: UUID
    mentor_name: str
    mentee_id: UUID
    mentee_person_id: UUID
    mentee_name: str

    @classmethod
    def of(cls, row: Listed) -> "Pairing":
        return cls(
            row.id, row.run_id, row.cycle_id, ProposalState(row.state), row.score, row.most, row.sent_at,
            row.answer_by, row.meet_by, row.first_meeting_on, row.closed_at, row.created_at, row.mentor_id,
            row.mentor_person_id, row.mentor_name, row.mentee_id, row.mentee_person_id, row.mentee_name,
        )  # fmt: skip


class PrivateAnswer(Struct):
    """What one of the two answered. The reason is null for those of other offices."""

    participation_id: UUID
    asked_for: AskedFor
    is_yes: bool
    reason: str | None
    answered_at: datetime


class PairingWithAnswers(Struct):
    proposal: Pairing
    answers: list[PrivateAnswer]


class OtherSide(Struct):
    """
    Whom one is to meet. Telephone, e-mail, mobile number and address are null until they are released.

    The last two are null too where the programme does not ask for them, or she left them out.
    """

    role: str
    full_name: str
    email: str | None
    phone: str | None
    mobile: str | None
    address: str | None
    time_zone: str


class OwnProposal(Struct):
    """A proposal as one of the two sees it: her own answers, never the other's."""

    id: UUID
    state: ProposalState
    answer_by: datetime | None
    date_by: date | None
    meet_by: date | None
    first_meeting_on: date | None
    my_answers: dict[str, bool]
    other: OtherSide

    @classmethod
    def of(cls, seen: Seen, given: Mapping[str, str]) -> "OwnProposal":
        one, other = seen.proposal, seen.other
        return cls(
            one.id, ProposalState(one.state), one.answer_by, one.date_by, one.meet_by, one.first_meeting_on, seen.my_answers,
            OtherSide(
                other.role, other.full_name, other.email, other.phone, given.get("mobile"), given.get("address"),
                other.time_zone,
            ),
        )  # fmt: skip


class NewAnswer(Struct, forbid_unknown_fields=True):
    asked_for: AskedFor
    is_yes: bool
    reason: str | None = None


class NotedAnswer(Struct, forbid_unknown_fields=True):
    """What one of the two has told her coordinator."""

    participation_id: UUID
    asked_for: AskedFor
    is_yes: bool
    reason: str | None = None


class FirstMeeting(Struct, forbid_unknown_fields=True):
    on: date


@get("/proposals", summary="Proposals of your cases, the newest first")
async def proposals(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    in_state: Annotated[
        ProposalState | None, QueryParameter(name="state", description="Only those in this state.")
    ] = None,
    cycle_id: Annotated[UUID | None, QueryParameter(description="Only those of this cycle.")] = None,
    run_id: Annotated[UUID | None, QueryParameter(description="Only those of this matching run.")] = None,
) -> list[Pairing]:
    rows = await listing.listed(
        door.session,
        door.actor,
        states=(in_state,) if in_state else (),
        cycle_id=cycle_id,
        run_id=run_id,
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    return [Pairing.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@get("/proposals/{proposal_id:uuid}", summary="One proposal of your cases, with both private answers")
async def proposal(door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID]) -> PairingWithAnswers:
    return await _with_answers(door, proposal_id)


@post(
    "/proposals/{proposal_id:uuid}/withdraw",
    summary="Take an open proposal back, and tell both",
    status_code=200,
)
async def withdraw(door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID]) -> PairingWithAnswers:
    await actions.withdraw_proposal(door.session, door.actor, proposal_id)
    await door.session.flush()
    return await _with_answers(door, proposal_id)


@post(
    "/proposals/{proposal_id:uuid}/answers",
    summary="Note what one of the two has told you, who has not answered herself",
    status_code=200,
)
async def note_answer(
    door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID], data: JSONBody[NotedAnswer]
) -> PairingWithAnswers:
    await relationships.note_answer(
        door.session,
        door.actor,
        proposal_id,
        data.participation_id,
        data.asked_for,
        is_yes=data.is_yes,
        reason=data.reason,
    )
    await door.session.flush()
    return await _with_answers(door, proposal_id)


async def _own(door: ApiDoor, proposal_id: UUID) -> OwnProposal:
    seen = await queries.see(door.session, door.actor, proposal_id)
    return OwnProposal.of(seen, await reaching.released(door.session, seen))


@get("/me/proposals", summary="Your own proposals, the newest first")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnProposal]:
    rows = await queries.own(door.session, door.actor)
    return [await _own(door, row.Proposal.id) for row in rows]


@get("/me/proposals/{proposal_id:uuid}", summary="One of your own proposals")
async def own_one(door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID]) -> OwnProposal:
    return await _own(door, proposal_id)


@post("/me/proposals/{proposal_id:uuid}/answers", summary="Answer in private", status_code=200)
async def answer(
    door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID], data: JSONBody[NewAnswer]
) -> OwnProposal:
    await relationships.answer(
        door.session, door.actor, proposal_id, data.asked_for, is_yes=data.is_yes, reason=data.reason
    )
    await door.session.flush()
    return await _own(door, proposal_id)


@post(
    "/proposals/{proposal_id:uuid}/first-meeting",
    summary="Note the day of the first meeting, as one of the two or as their coordinator",
    status_code=204,
)
async def first_meeting(
    door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID], data: JSONBody[FirstMeeting]
) -> None:
    await answering.note_first_meeting(door.session, door.actor, proposal_id, on=data.on)


async def _with_answers(door: ApiDoor, proposal_id: UUID) -> PairingWithAnswers:
    row = await listing.shown(door.session, door.actor, proposal_id)
    said = await listing.answers(door.session, door.actor, proposal_id)
    return PairingWithAnswers(
        Pairing.of(row),
        [
            PrivateAnswer(
                one.participation_id, AskedFor(one.asked_for), one.is_yes, one.reason, one.answered_at
            )
            for one in said
        ],
    )


ROUTES = [proposals, proposal, withdraw, note_answer, own, own_one, answer, first_meeting]
