"""The letters of a pair."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, moment_words
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.registration.models import Participation
from tenants.relationships.calendar import event
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState


async def _pair(
    session: AsyncSession, promised: Letter, *, state: RelationshipState = RelationshipState.RUNNING
) -> tuple[Relationship, str, str, str] | None:
    """The relationship, the reader's name and zone, and the other's name; None unless it is in `state`."""
    relationship = (
        await session.execute(
            select(Relationship).where(Relationship.id == UUID(promised.about["relationship_id"]))
        )
    ).scalar_one_or_none()
    if relationship is None or relationship.state != state:
        return None
    rows = await session.execute(
        select(Person.id, Person.full_name, Person.time_zone)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.id.in_((relationship.mentor_id, relationship.mentee_id)))
    )
    people = {row.id: row for row in rows}
    me = people.pop(promised.person_id)
    (other,) = people.values()
    return relationship, isolated(me.full_name), me.time_zone, isolated(other.full_name)


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
            _("You and %(name)s both said yes. From today your mentoring runs until %(day)s.", name=other, day=ends),
            _("At your next meeting, please write the agreement and the activity plan together, and send us a copy "
              "within three weeks."),
            _("Your coordinator stays by your side, and asks how it goes from time to time."),
        ],
        button=(_("Open your pair’s page"), desk.url(f"/me/pair/{relationship.id}")),
    )  # fmt: skip


@letter("relationship.ended", title=N_("Your mentoring has come to its end"))
async def ended(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """K43: the same words to both, whatever the reason: no more follow-ups, and the door stays open."""
    found = await _pair(session, promised, state=RelationshipState.ENDED)
    if found is None:
        return None
    relationship, me, _zone, other = found
    return Text(
        subject=_("Your mentoring with %(name)s", name=other),
        heading=_("Thank you for your time together"),
        paragraphs=[
            _("Dear %(name)s,", name=me),
            _("Your mentoring with %(name)s in our programme has come to its end.", name=other),
            _("We send no more follow-ups. The two of you may go on in private as you like, and you may always "
              "ask your coordinator for support."),
        ],
        button=(_("Look back at your meetings"), desk.url(f"/me/pair/{relationship.id}")),
    )  # fmt: skip


async def _meeting(session: AsyncSession, promised: Letter, *states: MeetingState) -> Meeting | None:
    found = (
        await session.execute(select(Meeting).where(Meeting.id == UUID(promised.about["meeting_id"])))
    ).scalar_one_or_none()
    return found if found and found.state in states else None


def _when(meeting: Meeting, zone: str) -> str:
    return moment_words(meeting.starts_at, zone, clock.today(zone))


async def _offers(session: AsyncSession, first: Meeting) -> list[Meeting]:
    """All times that were offered together with this one and still stand."""
    rows = await session.execute(
        select(Meeting)
        .where(
            Meeting.relationship_id == first.relationship_id,
            Meeting.proposed_by == first.proposed_by,
            Meeting.state == MeetingState.PROPOSED,
        )
        .order_by(Meeting.starts_at)
    )
    return list(rows.scalars())


@letter("meeting.proposed", title=N_("A time for a meeting"), may_drop=True)
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
            _("Please say which time suits you, or propose another one."),
        ],
        facts=[
            (_("Time %(number)s", number=number), _when(offer, zone))
            for number, offer in enumerate(await _offers(session, meeting), start=1)
        ],
        button=(_("Choose a time"), desk.url(f"/me/pair/{relationship.id}")),
    )


@letter("meeting.agreed", title=N_("A meeting is agreed"), may_drop=True)
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
        event=event(meeting, other=other, url=desk.url(f"/me/pair/{relationship.id}")),
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
            _("The meeting of %(time)s does not take place. Propose another time when it suits you.",
              time=_when(meeting, zone)),
        ],
        button=(_("Propose another time"), desk.url(f"/me/pair/{relationship.id}")),
        event=event(meeting, other=other),
    )  # fmt: skip
