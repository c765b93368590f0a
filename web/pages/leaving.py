"""Leaving a programme by one's own wish: what would happen, one button, and the way back."""

from contextlib import suppress
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import WrongState
from infra.language import gettext as _
from tenants.proposals import queries as proposals
from tenants.proposals import rules
from tenants.registration import leaving, telling
from tenants.registration import queries as registrations
from tenants.registration.models import Participation, Status
from tenants.registration.rules import StatusNotReachable
from tenants.relationships import queries as relationships
from tenants.relationships import returning
from tenants.relationships.models import RelationshipState
from web import together
from web.door import Door, Page
from web.pages.programme import introduce
from web.refusals import said

PATH = "/me/leave/{participation_id:uuid}"


@get(PATH)
async def show(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    return await _page(door, await leaving.own(door.session, door.actor, participation_id))


@post(PATH)
async def leave(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    with suppress(StatusNotReachable):  # the second click of two: the page says that she has left
        await leaving.leave(door.session, door.actor, participation_id)
    return door.go(f"/me/leave/{participation_id}")


@post(PATH + "/return")
async def come_back(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    try:
        back = await returning.come_back(door.session, door.actor, participation_id)
    except StatusNotReachable:
        return door.go("/me")
    except WrongState as error:
        return door.go(f"/me/leave/{participation_id}", said=said(error))
    if back.status == Status.IN_RELATIONSHIP:
        return door.go("/me", said=_("Welcome back. Your mentoring goes on."))
    return door.go("/me", said=_("Welcome back. We read your answers again and write to you."))


async def _page(door: Door, one: Participation) -> Page:
    profile = await registrations.profile_of(door.session, one)
    await introduce(door, profile.programme)
    name = telling.shown_in(profile.programme, profile.programme.name)
    if one.status == Status.LEFT:
        may_return = await returning.may_return(door.session, one)
        paired = await _paired(door, one.id)
        return door.page(
            "me/left.html",
            one=one,
            programme=name,
            may_return=may_return,
            paired=[who for who, _is in paired],
        )
    return door.page(
        "me/leave.html",
        one=one,
        programme=name,
        proposed=await _proposed(door, one.id),
        paired=await _paired(door, one.id),
    )


async def _proposed(door: Door, participation_id: UUID) -> list[str]:
    """Names of those to whom she is proposed at this moment, as far as she has been told."""
    return [
        (await proposals.see(door.session, door.actor, row.Proposal.id)).other.full_name
        for row in await proposals.own(door.session, door.actor)
        if row.participation_id == participation_id and row.Proposal.state in rules.LIVE
    ]


async def _paired(door: Door, participation_id: UUID) -> list[tuple[str, bool]]:
    """Names of those with whom she is in a pair, or what she calls her group or circle; and whether it is a pair."""
    running = [
        row
        for row in await relationships.own(door.session, door.actor)
        if row.Relationship.state == RelationshipState.RUNNING
    ]
    return [
        (together.with_whom(row, door.actor.person_id), together.kind(row) == "pair")
        for row in running
        if together.mine(row, door.actor.person_id) == participation_id
    ]


ROUTES = [show, leave, come_back]
