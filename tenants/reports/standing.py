"""What runs in a programme by the terms that it has, and keeps them when they change: told before somebody changes them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Cycle
from tenants.programmes.structures import facts
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party, PartyState
from tenants.proposals.rules import LIVE
from tenants.registration.models import Participation, Registration, Status
from tenants.registration.rules import TAKING_PART
from tenants.relationships.models import Relationship, RelationshipState


@dataclass(frozen=True, slots=True)
class Standing:
    """
    `waiting` are proposals, groups and circles that are being asked; `running` pairs, groups and circles.

    `unconfirmed` have sent the form, `to_talk` have not been talked with, `learning` take part as those who learn.
    """

    waiting: int
    running: int
    unconfirmed: int
    to_talk: int
    learning: int


async def of_programme(session: AsyncSession, actor: Actor, programme_id: UUID) -> Standing:
    """
    Of the whole programme, whatever the reader's offices: only numbers, for whoever may change its terms.

    Raises:
        NotFound: no programme that the actor reaches.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await programmes.access_programme(session, actor, programme_id)
    its_cycles = select(Cycle.id).where(Cycle.programme_id == programme.id)
    of_it = Participation.programme_id == programme.id
    counted = (
        select(func.count()).where(Proposal.cycle_id.in_(its_cycles), Proposal.state.in_(LIVE)),
        select(func.count()).where(Party.cycle_id.in_(its_cycles), Party.state == PartyState.OPEN),
        select(func.count()).where(
            Relationship.programme_id == programme.id, Relationship.state == RelationshipState.RUNNING
        ),
        select(func.count()).where(
            Registration.programme_id == programme.id,
            Registration.sent_at.is_not(None),
            Registration.confirmed_at.is_(None),
            Registration.expires_at > clock.now(),
        ),
        select(func.count()).where(
            of_it,
            Participation.status.in_((Status.REGISTERED, Status.AWAITING_INTERVIEW)),
            Participation.interviewed_on.is_(None),
        ),
        select(func.count()).where(
            of_it,
            Participation.role.in_(facts(programme.structure).learning),
            Participation.status.in_(TAKING_PART),
        ),
    )
    row = (await session.execute(select(*(one.scalar_subquery() for one in counted)))).one()
    proposed, asked, running, unconfirmed, to_talk, learning = row
    return Standing(proposed + asked, running, unconfirmed, to_talk, learning)
