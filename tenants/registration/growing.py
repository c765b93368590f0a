"""A mentee becomes a mentor of the same cycle, with what is known of her."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations import queries as organisations
from tenants.registration import watching
from tenants.registration.events import Event
from tenants.registration.models import Channel, Origin, ParticipantRole, Participation, Status
from tenants.registration.rules import REAPPLYING

# What is hers whatever her role; topics, places and wishes are asked anew.
KEPT = (
    "programme_id", "cycle_id", "person_id", "office_id", "languages", "entity", "sector", "grade", "region",
    "experience_years", "mode", "supervisor_email", "excluded_emails",
)  # fmt: skip


async def become_mentor(session: AsyncSession, actor: Actor, mentee: Participation) -> Participation:
    """
    Her registration as a mentor: made once, and begun again where she had left it.

    Whoever calls holds `mentee` locked.
    """
    query = select(Participation).where(
        Participation.cycle_id == mentee.cycle_id,
        Participation.person_id == mentee.person_id,
        Participation.role == ParticipantRole.MENTOR,
    )
    found = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if found is not None and found.status not in REAPPLYING:
        return found
    was = None if found is None else found.status
    if found is None:
        found = Participation(
            organisation_id=mentee.organisation_id,
            role=ParticipantRole.MENTOR,
            origin=Origin.FORM,
            registered_on=clock.today((await organisations.own(session)).time_zone),
            **{name: getattr(mentee, name) for name in KEPT},
        )
        session.add(found)
    found.status, found.status_at, found.end_reason = Status.REGISTERED, clock.now(), None
    await session.flush()
    audit.record(
        session, actor, Event.REGISTRATION_CONFIRMED, kind="participation", id=found.id,
        person=str(found.person_id), role=found.role, origin=found.origin, channel=Channel.FORM, was=was,
    )  # fmt: skip
    await watching.changed(session, [found.id])
    return found
