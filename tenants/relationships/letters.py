"""The letters of a pair."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, time_zoned
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.registration.models import Participation
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState


async def _pair(session: AsyncSession, promised: Letter) -> tuple[Relationship, str, str, str] | None:
    """The relationship, the reader's name and zone, and the other's name."""
    relationship = (
        await session.execute(
            select(Relationship).where(Relationship.id == UUID(promised.about["relationship_id"]))
        )
    ).scalar_one_or_none()
    if relationship is None or relationship.state != RelationshipState.RUNNING:
        return None
    rows = await session.execute(
        select(Person.id, Person.full_name, Person.time_zone)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.id.in_((relationship.mentor_id, relationship.mentee_id)))
    )
    people = {row.id: row for row in rows}
    me = people.pop(promised.person_id)
    (other,) = people.values()
    return relationship, me.full_name, me.time_zone, other.full_name


@letter("relationship.confirmed", title=N_("You are a pair"))
async def confirmed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """K37: who helps, and what to fill in together."""
    found = await _pair(session, promised)
    if found is None:
        return None
    relationship, me, _zone, other = found
    ends = day_words(relationship.ends_on, clock.today(desk.time_zone))
    return Text(
        subject=_("You and %(name)s are a pair", name=other),
        heading=_("You both want to go on: welcome as a pair"),
        paragraphs=[
            _("Dear %(name)s,", name=me),
            _("you and %(name)s both said yes. From today your mentoring runs until %(day)s.", name=other, day=ends),
            _("At your next meeting, please write the agreement and the activity plan together, and send us a copy "
              "within three weeks."),
            _("Your coordinator stays by your side, and asks how it goes from time to time."),
        ],
        button=(_("Open your pair’s page"), desk.url(f"/me/pair/{relationship.id}")),
    )  # fmt: skip


async def _meeting(session: AsyncSession, promised: Letter, *states: MeetingState) -> Meeting | None:
    found = (
        await session.execute(select(Meeting).where(Meeting.id == UUID(promised.about["meeting_id"])))
    ).scalar_one_or_none()
    return found if found and found.state in states else None


def _when(meeting: Meeting, zone: str) -> str:
    day = day_words(clock.local(meeting.starts_at, zone).date(), clock.today(zone))
    return f"{day}, {time_zoned(meeting.starts_at, zone)}"


@letter("meeting.proposed", title=N_("A time for a meeting"))
async def proposed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    pair = await _pair(session, promised)
    meeting = await _meeting(session, promised, MeetingState.PROPOSED)
    if pair is None or meeting is None:
        return None
    relationship, me, zone, other = pair
    return Text(
        subject=_("%(name)s proposes a meeting", name=other),
        heading=_("%(name)s proposes a meeting", name=other),
        paragraphs=[
            _("Dear %(name)s,", name=me),
            _("please say which time suits you, or propose another one."),
        ],
        facts=[(_("First time offered"), _when(meeting, zone))],
        button=(_("Choose a time"), desk.url(f"/me/pair/{relationship.id}")),
    )


@letter("meeting.agreed", title=N_("A meeting is agreed"))
async def agreed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    pair = await _pair(session, promised)
    meeting = await _meeting(session, promised, MeetingState.AGREED)
    if pair is None or meeting is None:
        return None
    relationship, me, zone, other = pair
    place = [(_("Place"), meeting.place)] if meeting.place else []
    return Text(
        subject=_("Your meeting with %(name)s", name=other),
        heading=_("You will meet %(name)s", name=other),
        paragraphs=[_("Dear %(name)s,", name=me), _("%(name)s agreed to your time.", name=other)],
        facts=[(_("When"), _when(meeting, zone)), *place],
        button=(_("Open your pair’s page"), desk.url(f"/me/pair/{relationship.id}")),
    )


@letter("meeting.cancelled", title=N_("A meeting is cancelled"))
async def cancelled(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    pair = await _pair(session, promised)
    meeting = await _meeting(session, promised, MeetingState.CANCELLED)
    if pair is None or meeting is None:
        return None
    relationship, me, zone, other = pair
    return Text(
        subject=_("Your meeting with %(name)s is cancelled", name=other),
        heading=_("%(name)s had to cancel your meeting", name=other),
        paragraphs=[
            _("Dear %(name)s,", name=me),
            _("the meeting of %(time)s does not take place. Propose another time when it suits you.",
              time=_when(meeting, zone)),
        ],
        button=(_("Propose another time"), desk.url(f"/me/pair/{relationship.id}")),
    )  # fmt: skip
