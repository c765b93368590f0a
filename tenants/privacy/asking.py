"""Asking for a deletion, and taking the wish back."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import NotFound
from infra.outbox import enqueue, withdraw
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.people import actions as people_actions
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.privacy import queries, rules
from tenants.privacy.events import Event
from tenants.privacy.jobs import ErasePerson
from tenants.privacy.models import Erasure, ErasureState

ASKED_LETTER = "privacy.erasure_asked"
SOON_LETTER = "privacy.erasure_soon"
KEPT_LETTER = "privacy.erasure_cancelled"
IDLE_TASK = "privacy.idle"


async def ask(session: AsyncSession, actor: Actor, person_id: UUID) -> Erasure:
    """
    Ask for the deletion of somebody's data: one's own, or as who works with her. Nothing if it has been asked for.

    It is done after `rules.WAITING`, unless somebody takes it back. A person at a page proves anew who she is;
    a program cannot, and has the same days in which people can stop it.

    Raises:
        NotFound: nobody whom this actor may know of.
        StepUpNeeded: she proved too long ago who she is.
        RunsOrganisation: somebody who runs the organisation, and the actor does not hand out roles.
        LastOwner: nobody would own the organisation any more.
    """
    person = await _person(session, actor, person_id)
    if actor.kind != "token":
        actor.require_fresh(clock.now())
    await _must_be_free_to_go(session, actor, person)
    if standing := await queries.open_erasure(session, person_id):
        if person_id == actor.person_id and standing.asked_by != person_id:
            standing.asked_by = person_id  # now it is her own wish, which nobody else takes back
            audit.record(
                session, actor, Event.ERASURE_ASKED, kind="person", id=person_id, number=standing.number
            )
        return standing
    erasure = await _begin(session, actor, person)
    await enqueue(session, ErasePerson(erasure_id=erasure.id), key=job_key(erasure), due_at=erasure.due_at)
    await notifications.write(
        session, actor, ASKED_LETTER, key=f"{ASKED_LETTER}:{erasure.id}", person_id=person_id, erasure_id=erasure.id
    )  # fmt: skip
    audit.record(session, actor, Event.ERASURE_ASKED, kind="person", id=person_id, number=erasure.number)
    return erasure


async def keep(session: AsyncSession, actor: Actor, erasure_id: UUID) -> Erasure:
    """
    Take the wish back: everything stays as it is.

    Raises:
        NotFound: nobody whom this actor may know of.
        OwnWish: it is somebody's own wish, and not the actor's.
        ErasureBegun: too late.
    """
    erasure = await queries.access_erasure(session, actor, erasure_id, lock=True)
    if not rules.may_keep(erasure, actor.person_id):
        raise rules.OwnWish
    if erasure.state == ErasureState.CANCELLED:
        return erasure
    if erasure.state != ErasureState.ASKED:
        raise rules.ErasureBegun
    erasure.state = ErasureState.CANCELLED
    erasure.cancelled_at = clock.now()
    await withdraw(session, key=job_key(erasure))
    await notifications.withdraw_letters(
        session, keys=[f"{ASKED_LETTER}:{erasure.id}", f"{SOON_LETTER}:{erasure.id}"]
    )
    await notifications.settle(session, actor, key=f"{IDLE_TASK}:{erasure.id}")
    await notifications.write(
        session, actor, KEPT_LETTER, key=f"{KEPT_LETTER}:{erasure.id}", person_id=erasure.person_id,
        erasure_id=erasure.id,
    )  # fmt: skip
    audit.record(
        session, actor, Event.ERASURE_CANCELLED, kind="person", id=erasure.person_id, number=erasure.number
    )
    return erasure


def job_key(erasure: Erasure) -> str:
    return f"{ErasePerson.KIND}:{erasure.id}"


async def _person(session: AsyncSession, actor: Actor, person_id: UUID) -> Person:
    if person_id == actor.person_id:
        actor.require(Permission.OWN_CASE)
        actor.require_herself()
    elif not actor.may(Permission.PERSON_ERASE):
        raise NotFound(kind="person", id=str(person_id))
    found = await people.access_person(session, actor, person_id, lock=True)
    if found.erased_at is not None:
        raise NotFound(kind="person", id=str(person_id))
    return found


async def _must_be_free_to_go(session: AsyncSession, actor: Actor, person: Person) -> None:
    held = {role for role, _office in await people.grants(session, person.id)}
    runs_it = bool(held - {Role.PARTICIPANT})
    if runs_it and person.id != actor.person_id and not actor.may(Permission.ROLES_GRANT):
        raise rules.RunsOrganisation
    if Role.OWNER in held:
        await people_actions.one_after_another(session)
        await people_actions.must_leave_an_owner(session, person.id)


async def _begin(session: AsyncSession, actor: Actor, person: Person) -> Erasure:
    made = Erasure(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        person_id=person.id,
        asked_by=actor.require_person(),
        number=rules.number(),
        due_at=clock.now() + rules.WAITING,
    )
    session.add(made)
    await session.flush()
    return made
