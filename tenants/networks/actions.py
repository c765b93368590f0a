"""Making sub-networks, and coming in and out of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.db import bulk
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.networks import queries, rules
from tenants.networks.events import Event
from tenants.networks.models import SubNetwork, SubNetworkMember
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration import queries as registration
from tenants.registration.models import Status


async def make(
    session: AsyncSession,
    actor: Actor,
    *,
    name: Mapping[str, str],
    words: Mapping[str, str],
    programme_id: UUID | None = None,
    lead_id: UUID | None = None,
    once: UUID | None = None,
) -> SubNetwork:
    """
    Begin a sub-network, of one programme or of all. The form `once` makes one, however often it comes. Who works for some
    offices and names nobody cares for it herself: nobody else could change it there.

    Raises:
        NotFound: no such programme. Invalid: no name, too long, or nobody who works with people here. TooManyNetworks
    """
    actor.require(Permission.NETWORKS_KEEP)
    if once is not None:
        await session.execute(select(bulk.alone(once)))
        before: SubNetwork | None = await session.scalar(select(SubNetwork).where(SubNetwork.id == once))
        if before is not None:
            return before
    if programme_id is not None:
        await programmes.access_programme(session, actor, programme_id)
    if lead_id is None and actor.offices:
        lead_id = actor.person_id
    number = await session.scalar(select(func.count()).select_from(SubNetwork))
    if (number or 0) >= rules.MOST:
        raise rules.TooManyNetworks(maximum=rules.MOST)
    made = SubNetwork(
        organisation_id=actor.organisation_id, id=once or ids.new(), programme_id=programme_id, version=1,
        **await _written(session, actor, name, words, lead_id),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    audit.record(session, actor, Event.MADE, kind="network", id=made.id)
    return made


async def change(
    session: AsyncSession,
    actor: Actor,
    network_id: UUID,
    *,
    name: Mapping[str, str],
    words: Mapping[str, str],
    lead_id: UUID | None,
    is_open: bool,
    seen: int,
) -> SubNetwork:
    """
    Call it something else, put somebody else in charge, close it or open it again. `seen` is the version that was changed.

    Raises:
        NotFound. Invalid: as for `make`. NetworkChanged: somebody was quicker. ForWholeOrganisation: she works for some
        offices, and somebody else cares for it.
    """
    found = await queries.access(session, actor, network_id, lock=True)
    actor.require_keeper(found.lead_id)
    if found.version != seen:
        raise rules.NetworkChanged(version=found.version)
    for field, value in (await _written(session, actor, name, words, lead_id)).items():
        setattr(found, field, value)
    found.is_open = is_open
    found.version += 1
    audit.record(session, actor, Event.CHANGED, kind="network", id=found.id, is_open=is_open)
    return found


async def add(session: AsyncSession, actor: Actor, network_id: UUID, participation_id: UUID) -> SubNetwork:
    """
    Take somebody in, who is there at once; again, she is there already.

    Raises:
        NotFound: no such sub-network, or nobody within the actor's offices. NetworkClosed.
        Invalid: she takes part in no programme that it is for.
    """
    network = await queries.access(session, actor, network_id, lock=True)
    actor.require(Permission.PEOPLE_READ)
    hers = await registration.access_participation(session, actor, participation_id)
    if hers.status == Status.LEFT or network.programme_id not in (None, hers.programme_id):
        raise Invalid(Problem("participation_id", "not_in_programme"))
    await _enter(session, actor, network, hers.id)
    return network


async def remove(session: AsyncSession, actor: Actor, network_id: UUID, participation_id: UUID) -> SubNetwork:
    """
    Take somebody out.

    Raises:
        NotFound: no such sub-network, or nobody within the actor's offices.
    """
    network = await queries.access(session, actor, network_id)
    actor.require(Permission.PEOPLE_READ)
    hers = await registration.access_participation(session, actor, participation_id)
    await _go(session, actor, network, [hers.id])
    return network


async def join(session: AsyncSession, actor: Actor, network_id: UUID) -> SubNetwork:
    """
    Come in oneself, while it is open to one's programme; again, one is there already.

    Raises:
        NotFound: it is for none of her programmes. NetworkClosed
    """
    network = await _see(session, actor, network_id, lock=True)
    mine = await queries.own_parts(session, actor)
    part = next(part for part, programme in mine if network.programme_id in (None, programme))
    is_in = select(SubNetworkMember.id).where(
        SubNetworkMember.network_id == network.id,
        SubNetworkMember.participation_id.in_([one for one, _programme in mine]),
    )
    if (await session.execute(is_in)).first() is None:
        await _enter(session, actor, network, part)
    return network


async def leave(session: AsyncSession, actor: Actor, network_id: UUID) -> None:
    """
    Go out of it again, open or closed; nothing of it is left.

    Raises:
        NotFound: it is for none of her programmes.
    """
    network = await _see(session, actor, network_id)
    await _go(session, actor, network, [part for part, _programme in await queries.own_parts(session, actor)])


async def _written(
    session: AsyncSession,
    actor: Actor,
    name: Mapping[str, str],
    words: Mapping[str, str],
    lead_id: UUID | None,
) -> dict[str, object]:
    languages = (await organisations.own(session)).languages
    told = rules.texts("name", name, languages, rules.MAX_NAME)
    rules.must_have_name(told, languages)
    if lead_id is not None and lead_id not in {one for one, _name in await queries.leads(session, actor)}:
        raise Invalid(Problem("lead_id", "not_a_choice"))
    more = rules.texts("words", words, languages, rules.MAX_WORDS)
    return {"name": told, "words": more, "lead_id": lead_id}


async def _see(session: AsyncSession, actor: Actor, network_id: UUID, *, lock: bool = False) -> SubNetwork:
    actor.require(Permission.OWN_CASE)
    network = await queries.one(session, network_id, lock=lock)
    mine = {programme for _part, programme in await queries.own_parts(session, actor)}
    if not mine or (network.programme_id is not None and network.programme_id not in mine):
        raise NotFound(kind="network", id=str(network_id))
    return network


async def _enter(session: AsyncSession, actor: Actor, network: SubNetwork, participation_id: UUID) -> None:
    if not network.is_open:
        raise rules.NetworkClosed
    table = bulk.table(SubNetworkMember)
    made = await session.execute(
        insert(table)
        .values(
            organisation_id=actor.organisation_id, id=ids.new(), network_id=network.id,
            participation_id=participation_id,
        )
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )  # fmt: skip
    if made.first() is not None:
        audit.record(
            session, actor, Event.JOINED, kind="network", id=network.id, participation=str(participation_id)
        )


async def _go(
    session: AsyncSession, actor: Actor, network: SubNetwork, participation_ids: Sequence[UUID]
) -> None:
    gone = await session.execute(
        delete(SubNetworkMember)
        .where(
            SubNetworkMember.network_id == network.id,
            SubNetworkMember.participation_id.in_(participation_ids),
        )
        .returning(SubNetworkMember.participation_id)
    )
    for (participation_id,) in gone.all():
        audit.record(
            session, actor, Event.LEFT, kind="network", id=network.id, participation=str(participation_id)
        )
